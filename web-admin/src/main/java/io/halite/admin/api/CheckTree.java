package io.halite.admin.api;

import io.halite.config.HealthCheck;
import io.halite.config.Pool;
import io.halite.config.Upstream.HttpVersion;
import io.halite.config.shape.Units;
import io.halite.config.tree.Tree;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** By what the health of a pool's targets is found, every default filled in. Stateless. */
final class CheckTree {
    private CheckTree() {}

    static Tree of(@Nullable Pool pool) {
        HealthCheck check = pool == null ? HealthCheck.NONE : pool.check();
        boolean http2 = pool != null && pool.upstream().protocol() == HttpVersion.HTTP2;
        return Tree.mapping().put("kind", kind(check.kind())).put("probe", probe(check.kind(), http2))
                .put("interval", Units.text(check.interval())).put("timeout", Units.text(check.timeout()))
                .put("rise", check.rise()).put("fall", check.fall())
                .put("checkers", pool == null ? 0 : pool.checkers()).build();
    }

    private static String kind(HealthCheck.Kind kind) {
        return switch (kind) {
            case HealthCheck.None _ -> "none";
            case HealthCheck.Tcp _ -> "tcp";
            case HealthCheck.Udp _ -> "udp";
            case HealthCheck.Dns _ -> "dns";
            case HealthCheck.Agent _ -> "agent";
            case HealthCheck.Grpc _ -> "grpc";
            case HealthCheck.Http http -> http.tls() ? "https" : "http";
            case HealthCheck.Tls _ -> "tls";
        };
    }

    /** What one probe does and wants, in a few words. */
    private static String probe(HealthCheck.Kind kind, boolean http2) {
        return switch (kind) {
            case HealthCheck.None _ -> "";
            case HealthCheck.Tcp tcp -> "a connection" + expecting(tcp.expect());
            case HealthCheck.Udp udp -> "a datagram" + expecting(udp.expect());
            case HealthCheck.Dns dns -> dns.name() + " " + dns.type();
            case HealthCheck.Agent agent -> "port " + agent.port();
            case HealthCheck.Grpc grpc -> grpc.service() == null ? "the whole server" : grpc.service();
            case HealthCheck.Tls tls -> "a handshake" + (tls.serverName() == null ? "" : " for " + tls.serverName());
            case HealthCheck.Http http -> http.method() + " " + http.path() + (http2 ? " in HTTP/2" : "") + ", expecting "
                    + http.expect().stream().map(CheckTree::statuses).collect(Collectors.joining(", "))
                    + (http.body() == null ? "" : " and a body with \"" + http.body() + "\"");
        };
    }

    private static String expecting(@Nullable String text) {
        return text == null ? "" : ", expecting \"" + text + "\"";
    }

    private static String statuses(HealthCheck.StatusRange range) {
        return range.from() == range.to() ? Integer.toString(range.from()) : range.from() + "-" + range.to();
    }
}
