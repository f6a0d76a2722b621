package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Probing.fails;
import static io.halite.health.probe.kind.Probing.passes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Grpc;
import io.halite.health.Reason;
import io.halite.health.testing.FakeTarget;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against frames written by hand, so that HPACK's every form and a hostile peer can be played. */
class GrpcProberTest {
    private static final Grpc CHECK = new Grpc("shop.Cart");
    /** Indexed field 8: {@code :status 200}. */
    private static final byte[] OK_HEADERS = {(byte) 0x88};
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        out.writeBytes(payload);
    }

    private static byte[] literal(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] message(int status) {
        return new byte[] {0, 0, 0, 0, 2, 8, (byte) status};
    }

    private static byte[] answer(int status) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(out, SETTINGS, 0, 0, new byte[0]);
        frame(out, PING, 0, 0, new byte[8]);
        frame(out, HEADERS, END_HEADERS, 1, OK_HEADERS);
        frame(out, DATA, 0, 1, message(status));
        frame(out, HEADERS, END_HEADERS | END_STREAM, 1, literal("grpc-status", "0"));
        return out.toByteArray();
    }

    private static byte[] trailersOnly(String grpcStatus) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(OK_HEADERS);
        block.writeBytes(literal("grpc-status", grpcStatus));
        byte[] bytes = block.toByteArray();
        frame(out, SETTINGS, 0, 0, new byte[0]);
        frame(out, HEADERS, END_STREAM, 1, Arrays.copyOf(bytes, 5));
        frame(out, CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(bytes, 5, bytes.length));
        return out.toByteArray();
    }

    private static FakeTarget target(byte[] answer) throws IOException {
        return new FakeTarget(connection -> {
            request(connection);
            connection.getOutputStream().write(answer);
            FakeTarget.silence(connection);
        });
    }

    /** Reads preface and the three frames; answers the payload of the DATA frame. */
    private static byte[] request(Socket connection) throws IOException {
        DataInputStream in = new DataInputStream(connection.getInputStream());
        byte[] preface = new byte[24];
        in.readFully(preface);
        assertTrue(new String(preface, StandardCharsets.US_ASCII).startsWith("PRI * HTTP/2.0\r\n"));
        byte[] payload = {};
        for (int type = -1; type != DATA;) {
            int first = in.readInt();
            type = first & 0xFF;
            in.readUnsignedByte();
            in.readInt();
            payload = new byte[first >>> 8];
            in.readFully(payload);
        }
        return payload;
    }

    @Test
    void aServingServicePasses() throws IOException {
        try (FakeTarget target = target(answer(1))) {
            assertEquals("answered SERVING for shop.Cart", passes(CHECK, target.address()).evidence());
            assertEquals("answered SERVING", passes(new Grpc(null), target.address()).evidence());
        }
    }

    @Test
    void theCallNamesTheService() throws IOException {
        byte[][] seen = new byte[1][];
        try (FakeTarget target = new FakeTarget(connection -> {
            seen[0] = request(connection);
            connection.getOutputStream().write(answer(1));
            FakeTarget.silence(connection);
        })) {
            passes(new Grpc("ab"), target.address());
            assertArrayEquals(new byte[] {0, 0, 0, 0, 4, 0x0A, 2, 'a', 'b'}, seen[0]);
        }
    }

    @Test
    void everyOtherAnswerFailsAndSaysWhy() throws IOException {
        try (FakeTarget target = target(answer(2))) {
            assertEquals("answered NOT_SERVING for shop.Cart", fails(Reason.NOT_SERVING, CHECK, target.address()));
        }
        try (FakeTarget target = target(trailersOnly("12"))) {
            assertEquals("answered gRPC status UNIMPLEMENTED for shop.Cart",
                    fails(Reason.RESPONSE_CODE_MISMATCH, CHECK, target.address()));
        }
        ByteArrayOutputStream notFound = new ByteArrayOutputStream();
        frame(notFound, HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {(byte) 0x8D});
        try (FakeTarget target = target(notFound.toByteArray())) {
            assertEquals("answered HTTP 404", fails(Reason.RESPONSE_CODE_MISMATCH, CHECK, target.address()));
        }
        ByteArrayOutputStream reset = new ByteArrayOutputStream();
        frame(reset, 3, 0, 1, new byte[4]);
        try (FakeTarget target = target(reset.toByteArray())) {
            fails(Reason.INVALID_RESPONSE, CHECK, target.address());
        }
    }

    @Test
    void aWebServerIsNotAGrpcServer() throws IOException {
        try (FakeTarget target = new FakeTarget(connection -> {
            FakeTarget.write(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.getInputStream().readNBytes(24);
        })) {
            fails(Reason.INVALID_RESPONSE, CHECK, target.address());
        }
    }

    @Test
    void noAnswerHoweverGarbledBreaksTheProber() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] answer = {answer(1)};
        try (FakeTarget target = new FakeTarget(connection -> {
            request(connection);
            connection.getOutputStream().write(answer[0]);
        })) {
            for (int round = 0; round < 300; round++) {
                byte[] garbled = answer(1);
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
                }
                answer[0] = garbled;
                ProbeResult result = Probing.probe(CHECK, target.address());
                assertTrue(!(result instanceof ProbeResult.Voided), "seed " + seed + ": " + result);
            }
        }
    }
}
