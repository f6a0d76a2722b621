package io.halite.proxy.upstream;

import io.halite.config.Upstream.ProxyVersion;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.proxyprotocol.ProxyHeader;
import io.halite.proxy.relay.Connection;
import java.net.InetSocketAddress;

/** What a connection to a target begins with, as its pool says: nothing, or a PROXY header. */
public final class Preamble {
    private Preamble() {}

    /** The preamble of a connection that serves this client. */
    public static byte[] of(PoolTable pool, Connection client) {
        ProxyVersion version = pool.pool().upstream().proxyProtocol();
        if (version == null) {
            return ProxyHeader.NONE;
        }
        InetSocketAddress destination = client.destination();
        return destination == null ? ProxyHeader.ofOurOwn(version)
                : ProxyHeader.of(version, client.peerAddress(), client.peerPort(), destination);
    }
}
