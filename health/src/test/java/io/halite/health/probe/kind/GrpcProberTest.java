package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Http2Frames.CONTINUATION;
import static io.halite.health.probe.kind.Http2Frames.DATA;
import static io.halite.health.probe.kind.Http2Frames.END_HEADERS;
import static io.halite.health.probe.kind.Http2Frames.END_STREAM;
import static io.halite.health.probe.kind.Http2Frames.HEADERS;
import static io.halite.health.probe.kind.Http2Frames.PING;
import static io.halite.health.probe.kind.Http2Frames.SETTINGS;
import static io.halite.health.probe.kind.Http2Frames.literal;
import static io.halite.health.probe.kind.Http2Frames.target;
import static io.halite.health.probe.kind.Probing.fails;
import static io.halite.health.probe.kind.Probing.passes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Grpc;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Passed;
import io.halite.health.testing.FakeTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against frames written by hand. */
class GrpcProberTest {
    private static final Grpc CHECK = new Grpc("shop.Cart");

    private static byte[] message(int status) {
        return new byte[] {0, 0, 0, 0, 2, 8, (byte) status};
    }

    private static byte[] answer(int status) {
        return new Http2Frames().frame(SETTINGS, 0, 0).frame(PING, 0, 0, new byte[8])
                .frame(HEADERS, END_HEADERS, 1, Http2Frames.OK_HEADERS).frame(DATA, 0, 1, message(status))
                .frame(HEADERS, END_HEADERS | END_STREAM, 1, literal("grpc-status", "0")).bytes();
    }

    private static byte[] trailersOnly(String grpcStatus) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(Http2Frames.OK_HEADERS);
        block.writeBytes(literal("grpc-status", grpcStatus));
        byte[] bytes = block.toByteArray();
        return new Http2Frames().frame(SETTINGS, 0, 0)
                .frame(HEADERS, END_STREAM, 1, Arrays.copyOf(bytes, 5))
                .frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(bytes, 5, bytes.length)).bytes();
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
            seen[0] = Http2Frames.request(connection).getLast();
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
        try (FakeTarget target = target(
                new Http2Frames().frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0x8D))) {
            assertEquals("answered HTTP 404", fails(Reason.RESPONSE_CODE_MISMATCH, CHECK, target.address()));
        }
        try (FakeTarget target = target(new Http2Frames().frame(Http2Frames.RST_STREAM, 0, 1, new byte[4]))) {
            fails(Reason.INVALID_RESPONSE, CHECK, target.address());
        }
    }

    @Test
    void inAPoolWithTlsTheCallGoesOverTlsByAgreement() throws IOException {
        Manner secured = new Manner(null, false, true, "cart.internal");
        byte[][] head = new byte[1][];
        FakeTarget.Script script = connection -> {
            head[0] = Http2Frames.request(connection).getFirst();
            connection.getOutputStream().write(answer(1));
            FakeTarget.silence(connection);
        };
        try (FakeTarget target = TlsProberTest.tls(TlsProberTest.serverWith(Duration.ofDays(90)), script, "h2")) {
            ProbeResult result = Probing.probe(CHECK, target.address(), secured);
            assertEquals("answered SERVING for shop.Cart", assertInstanceOf(Passed.class, result).evidence());
            String said = new String(head[0], StandardCharsets.ISO_8859_1);
            assertTrue(said.contains("https") && said.contains("cart.internal"), said);
            assertInstanceOf(ProbeResult.Failed.class, Probing.probe(CHECK, target.address()));
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
            Http2Frames.request(connection);
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
