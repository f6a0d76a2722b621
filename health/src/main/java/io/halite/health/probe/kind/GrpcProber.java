package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1.Health/Check} over clear-text HTTP/2 with prior knowledge. One unary call on one connection
 * needs a preface and three frames out, so they are written here; HPACK on the way in is Helidon's.
 */
record GrpcProber(HealthCheck.Grpc check, Preamble preamble) implements Prober.Blocking {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String METHOD = "/grpc.health.v1.Health/Check";
    /** SETTINGS_ENABLE_PUSH = 0: nobody may push to a probe. */
    private static final byte[] SETTINGS = {0, 2, 0, 0, 0, 0};
    private static final String[] SERVING_STATUS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final int SERVING = 1;
    private static final int STREAM = 1;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.open(attempt, preamble);
        attempt.phase("sending the call");
        socket.getOutputStream().write(call(attempt.target().toString()));
        attempt.phase("awaiting the answer");
        GrpcAnswer answer = GrpcAnswer.read(socket);
        if (answer.httpStatus() != 200) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH, "answered HTTP " + answer.httpStatus());
        }
        if (answer.grpcStatus() != 0) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH,
                    "answered gRPC status " + GrpcAnswer.name(answer.grpcStatus()) + about());
        }
        int status = servingStatus(answer.message());
        String name = status >= 0 && status < SERVING_STATUS.length ? SERVING_STATUS[status] : "status " + status;
        return status == SERVING ? ProbeResult.passed("answered SERVING" + about())
                : new Failed(Reason.NOT_SERVING, "answered " + name + about());
    }

    private String about() {
        return check.service() == null ? "" : " for " + check.service();
    }

    private byte[] call(String authority) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(320);
        out.write(PREFACE);
        frame(out, GrpcAnswer.TYPE_SETTINGS, 0, 0, SETTINGS);
        ByteArrayOutputStream headers = new ByteArrayOutputStream(160);
        header(headers, ":method", "POST");
        header(headers, ":scheme", "http");
        header(headers, ":path", METHOD);
        header(headers, ":authority", authority);
        header(headers, "content-type", "application/grpc");
        header(headers, "te", "trailers");
        header(headers, "user-agent", "Halite-Health/1");
        frame(out, GrpcAnswer.TYPE_HEADERS, GrpcAnswer.END_HEADERS, STREAM, headers.toByteArray());
        frame(out, GrpcAnswer.TYPE_DATA, GrpcAnswer.END_STREAM, STREAM, request(check.service()));
        return out.toByteArray();
    }

    /** The length-prefixed {@code HealthCheckRequest { string service = 1; }}. */
    private static byte[] request(@Nullable String service) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (service != null && !service.isEmpty()) {
            byte[] name = service.getBytes(StandardCharsets.UTF_8);
            message.write(0x0A);
            int length = name.length;
            while (length > 0x7F) {
                message.write((length & 0x7F) | 0x80);
                length >>>= 7;
            }
            message.write(length);
            message.write(name);
        }
        ByteArrayOutputStream prefixed = new ByteArrayOutputStream();
        prefixed.write(0);
        number(prefixed, message.size(), 4);
        message.writeTo(prefixed);
        return prefixed.toByteArray();
    }

    /** The field {@code status = 1} of a {@code HealthCheckResponse}; 0 (unknown) when absent, −1 for no message. */
    private static int servingStatus(byte[] message) {
        if (message.length < 5) {
            return -1;
        }
        for (int i = 5; i + 1 < message.length; i++) {
            if (message[i] == 0x08) {
                return message[i + 1];
            }
        }
        return 0;
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        number(out, payload.length, 3);
        out.write(type);
        out.write(flags);
        number(out, stream, 4);
        out.write(payload);
    }

    /** A literal header field without indexing and without Huffman coding (RFC 7541 §6.2.2). */
    private static void header(ByteArrayOutputStream out, String name, String value) throws IOException {
        out.write(0);
        string(out, name);
        string(out, value);
    }

    private static void string(ByteArrayOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length;
        if (rest < 0x7F) {
            out.write(rest);
        } else {
            out.write(0x7F);
            rest -= 0x7F;
            while (rest > 0x7F) {
                out.write((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.write(bytes);
    }

    private static void number(ByteArrayOutputStream out, int value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }
}
