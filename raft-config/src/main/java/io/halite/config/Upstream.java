package io.halite.config;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the targets of a pool are spoken to.
 *
 * @param tls null for plain text
 * @param proxyProtocol the PROXY header that each connection begins with; null for none
 */
public record Upstream(
        HttpVersion protocol, @Nullable TargetTls tls, @Nullable ProxyVersion proxyProtocol, KeepAlive keepAlive,
        TargetLimits limits) {
    public static final Upstream DEFAULT =
            new Upstream(HttpVersion.HTTP1, null, null, KeepAlive.DEFAULT, TargetLimits.DEFAULT);

    /** The version of HTTP that targets understand. */
    public enum HttpVersion {
        HTTP1, HTTP2;

        /** The spelling of the document. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The version of the PROXY protocol. */
    public enum ProxyVersion {
        V1, V2;

        /** The spelling of the document. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * TLS to targets.
     *
     * @param verify whether a target must prove that it is {@code serverName}
     * @param authority the name of a certificate whose chain must have signed the target's; null for those the system trusts
     * @param serverName the name asked for (SNI) and verified; null for the target's host
     * @param certificate the name of the certificate shown to targets; null for none
     */
    public record TargetTls(
            boolean verify, @Nullable String authority, @Nullable String serverName, @Nullable String certificate) {
        public static final TargetTls DEFAULT = new TargetTls(true, null, null, null);
    }

    /**
     * Connections kept open for the next request.
     *
     * @param idle how long; shorter than what targets keep, or they close first
     * @param connections the most per target on one node
     */
    public record KeepAlive(Duration idle, int connections) {
        public static final KeepAlive DEFAULT = new KeepAlive(Duration.ofSeconds(30), 256);
    }

    /**
     * What one node asks of one target at a time.
     *
     * @param connections open connections; {@link Limits#NO_LIMIT} for none
     * @param requests requests in flight
     * @param queue requests of the pool that wait when every target is at its limit; more are answered 503
     * @param queueTimeout how long they wait before they are answered 503
     */
    public record TargetLimits(int connections, int requests, int queue, Duration queueTimeout) {
        public static final TargetLimits DEFAULT =
                new TargetLimits(Limits.NO_LIMIT, 1_024, 1_024, Duration.ofSeconds(5));
    }
}
