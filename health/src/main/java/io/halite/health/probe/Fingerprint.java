package io.halite.health.probe;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Agent;
import io.halite.config.HealthCheck.Dns;
import io.halite.config.HealthCheck.Grpc;
import io.halite.config.HealthCheck.Http;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.None;
import io.halite.config.HealthCheck.Tcp;
import io.halite.config.HealthCheck.Tls;
import io.halite.config.HealthCheck.Udp;
import io.halite.config.HostPort;
import io.halite.health.probe.kind.Manner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The first eight bytes of SHA-256 over what makes a probe what it is, field by field. Stateless. */
final class Fingerprint {
    private Fingerprint() {}

    static long of(HostPort address, HealthCheck check, Manner manner) {
        MessageDigest digest = sha256();
        text(digest, address.toString());
        number(digest, check.interval().toMillis());
        number(digest, check.timeout().toMillis());
        number(digest, check.rise());
        number(digest, check.fall());
        kind(digest, check.kind());
        manner(digest, manner);
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** Nothing for the plain one, which older versions know alone. */
    private static void manner(MessageDigest digest, Manner manner) {
        if (manner.proxyProtocol() != null) {
            text(digest, manner.proxyProtocol().key());
        }
        if (manner.http2()) {
            text(digest, "http2");
        }
        if (manner.tls()) {
            text(digest, "tls");
            text(digest, manner.serverName());
        }
    }

    private static void kind(MessageDigest digest, Kind kind) {
        switch (kind) {
            case None _ -> text(digest, "none");
            case Http http -> {
                text(digest, http.tls() ? "https" : "http");
                text(digest, http.path());
                text(digest, http.method());
                text(digest, http.host());
                number(digest, http.headers().size());
                http.headers().forEach((name, value) -> {
                    text(digest, name);
                    text(digest, value);
                });
                number(digest, http.expect().size());
                http.expect().forEach(range -> number(digest, range.from() * 1_000L + range.to()));
                text(digest, http.body());
            }
            case Tcp tcp -> {
                text(digest, "tcp");
                text(digest, tcp.send());
                text(digest, tcp.expect());
            }
            case Tls tls -> {
                text(digest, "tls");
                text(digest, tls.serverName());
            }
            case Grpc grpc -> {
                text(digest, "grpc");
                text(digest, grpc.service());
            }
            case Dns dns -> {
                text(digest, "dns");
                text(digest, dns.name());
                text(digest, dns.type());
            }
            case Udp udp -> {
                text(digest, "udp");
                text(digest, udp.send());
                text(digest, udp.expect());
            }
            case Agent agent -> {
                text(digest, "agent");
                number(digest, agent.port());
            }
        }
    }

    /** With its length in front, so that no two sequences of fields run together; absent is not empty. */
    private static void text(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            number(digest, -1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(digest, utf8.length);
        digest.update(utf8);
    }

    private static void number(MessageDigest digest, long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
