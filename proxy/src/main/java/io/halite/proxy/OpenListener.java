package io.halite.proxy;

import io.halite.config.Protocol;
import java.net.InetSocketAddress;

/**
 * A listener that is open on this node.
 *
 * @param label {@code lb/name}
 * @param address where it really listens: narrowed to the bind address, with the port that the system chose for 0
 */
public record OpenListener(String label, Protocol protocol, InetSocketAddress address) {}
