package io.halite.config.peer;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a node's links behave.
 *
 * @param bind where it listens; port 0 lets the system choose
 * @param connectTimeout per address of a node
 * @param handshakeTimeout from accepting a connection to knowing who it is
 * @param idleTimeout a link that is silent for so long is dead; a third of it is the rhythm of pings
 * @param maxLinks incoming connections in all
 * @param maxHandshakes incoming connections of which it is not known yet whose they are
 */
public record PeerSettings(
        InetSocketAddress bind, Duration connectTimeout, Duration handshakeTimeout, Duration idleTimeout,
        int maxLinks, int maxHandshakes) {

    /** What a product runs with. */
    public static PeerSettings at(InetSocketAddress bind) {
        return new PeerSettings(bind, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30), 256, 32);
    }
}
