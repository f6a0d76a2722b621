package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1.Health/Check} over HTTP/2: in a pool with {@code tls} over TLS by agreement (ALPN), otherwise with
 * prior knowledge.
 */
final class GrpcProber implements Prober.Blocking {
    private static final String METHOD = "/grpc.health.v1.Health/Check";
    private static final int OK = 200;
    private static final int MAX_MESSAGE = 32 << 10;
    private static final String[] SERVING_STATUS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final String[] STATUS = {
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"};
    private static final int SERVING = 1;

    private final HealthCheck.Grpc check;
    private final Manner manner;
    private final Preamble preamble;
    private final byte[] opening;

    GrpcProber(HealthCheck.Grpc check, HostPort target, Manner manner) {
        this.check = check;
        this.manner = manner;
        this.preamble = Preamble.of(manner.proxyProtocol());
        String authority = manner.serverName() == null ? target.toString() : manner.serverName();
        this.opening = new Http2Request("POST", manner.tls() ? "https" : "http", authority, METHOD)
                .header("content-type", "application/grpc")
                .header("te", "trailers")
                .header("user-agent", HttpProber.AGENT)
                .bytes(request(check.service()));
    }

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.openHttp2(attempt, preamble, manner.tls(), manner.serverName());
        attempt.phase("sending the call");
        socket.getOutputStream().write(opening);
        attempt.phase("awaiting the answer");
        return TlsHandshake.withExpiry(verdict(new Http2Answer(socket)), socket);
    }

    private ProbeResult verdict(Http2Answer answer) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        answer.readHead();
        while (!answer.isEnded()) {
            answer.readFrame();
            message.write(answer.data());
            if (message.size() > MAX_MESSAGE) {
                throw new ProtocolException("the answer is too large");
            }
        }
        if (answer.status() != OK) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH, "answered HTTP " + answer.status());
        }
        if (answer.grpcStatus() != 0) {
            return new Failed(
                    Reason.RESPONSE_CODE_MISMATCH, "answered gRPC status " + name(answer.grpcStatus()) + about());
        }
        int status = servingStatus(message.toByteArray());
        String name = status >= 0 && status < SERVING_STATUS.length ? SERVING_STATUS[status] : "status " + status;
        return status == SERVING ? ProbeResult.passed("answered SERVING" + about())
                : new Failed(Reason.NOT_SERVING, "answered " + name + about());
    }

    private static String name(int grpcStatus) {
        return grpcStatus >= 0 && grpcStatus < STATUS.length ? STATUS[grpcStatus] : Integer.toString(grpcStatus);
    }

    private String about() {
        return check.service() == null ? "" : " for " + check.service();
    }

    /** The length-prefixed {@code HealthCheckRequest { string service = 1; }}. */
    private static byte[] request(@Nullable String service) {
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
            message.writeBytes(name);
        }
        ByteArrayOutputStream prefixed = new ByteArrayOutputStream();
        prefixed.write(0);
        Http2Request.number(prefixed, message.size(), 4);
        prefixed.writeBytes(message.toByteArray());
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
}
