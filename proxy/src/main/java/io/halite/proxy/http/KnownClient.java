package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.table.BalancerRules;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/** What is known of the client of a connection, found out when the first request asks. Confined to one loop. */
final class KnownClient {
    private final Connection wire;
    private final boolean secure;
    private byte @Nullable [] forwardedLines;
    private byte @Nullable [] identityLine;
    /** Whether the peer is a trusted proxy, by the rules it was asked of last. */
    private boolean trusted;
    private @Nullable BalancerRules trustedBy;

    KnownClient(Connection wire, boolean secure) {
        this.wire = wire;
        this.secure = secure;
    }

    /** The header lines that tell a target of this client, the same for all its requests. */
    byte[] forwardedLines() {
        byte[] lines = forwardedLines;
        if (lines == null) {
            lines = Forwarding.lines(wire.peerAddress(), secure);
            forwardedLines = lines;
        }
        return lines;
    }

    /** The header line that tells a target whose certificate the client has; empty when it showed none. */
    byte[] identityLine() {
        byte[] line = identityLine;
        if (line == null) {
            line = ClientIdentity.line(wire.tls());
            identityLine = line;
        }
        return line;
    }

    /** Whether what the peer says of its client is believed. */
    boolean isTrustedProxy(ListenerTable table) {
        if (trustedBy != table.rules()) {
            trustedBy = table.rules();
            trusted = trustedBy.trustedProxies().contains(wire.peerAddress());
        }
        return trusted;
    }
}
