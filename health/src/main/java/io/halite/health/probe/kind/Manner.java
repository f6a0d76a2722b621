package io.halite.health.probe.kind;

import io.halite.config.Upstream.ProxyVersion;
import org.jspecify.annotations.Nullable;

/**
 * How a pool speaks to its targets, as far as it matters to its checks: a target that understands nothing else must not be
 * called unhealthy for what the check spoke.
 *
 * @param proxyProtocol the PROXY header that connections begin with; null for none
 * @param http2 whether HTTP/2 is spoken, by agreement over TLS and without asking otherwise
 * @param tls whether a call of gRPC goes over TLS; other kinds of check say so themselves
 * @param serverName the name that such a call asks for; null for the target's host
 */
public record Manner(
        @Nullable ProxyVersion proxyProtocol, boolean http2, boolean tls, @Nullable String serverName) {
    /** Plain HTTP/1.1 without a header. */
    public static final Manner PLAIN = new Manner(null, false, false, null);

    /** Plain HTTP/1.1 behind this header. */
    public static Manner headed(@Nullable ProxyVersion proxyProtocol) {
        return proxyProtocol == null ? PLAIN : new Manner(proxyProtocol, false, false, null);
    }
}
