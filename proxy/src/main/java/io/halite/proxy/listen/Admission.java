package io.halite.proxy.listen;

import io.halite.config.Limits;
import io.halite.proxy.relay.Connection;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections of a listener's sockets, and where the config limits them those of each client, over all loops.
 * Clients of IPv6 have many addresses: one /64 counts as one. Safe for use by all loops; no loop waits.
 */
final class Admission {
    private static final int FOUR = 4;
    /** Above every IPv4 address, below every IPv6 prefix in use. */
    private static final long MARK_FOUR = 1L << 32;

    private final AtomicInteger all = new AtomicInteger();
    private final Map<Long, Integer> bySource = new ConcurrentHashMap<>();

    /** Takes the connection in, until it closes; else the reason why not, in the form of a metric's label. */
    Optional<String> admit(Connection connection, Limits limits) {
        if (all.incrementAndGet() > limits.connections()) {
            all.decrementAndGet();
            return Optional.of("CONNECTION_LIMIT");
        }
        if (limits.connectionsPerSource() == Limits.NO_LIMIT) {
            connection.whenClosed(all::decrementAndGet);
            return Optional.empty();
        }
        Long source = source(connection.peerAddress());
        if (bySource.merge(source, 1, Integer::sum) > limits.connectionsPerSource()) {
            left(source);
            return Optional.of("SOURCE_LIMIT");
        }
        connection.whenClosed(() -> left(source));
        return Optional.empty();
    }

    private void left(Long source) {
        all.decrementAndGet();
        bySource.computeIfPresent(source, (same, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    private static Long source(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length == FOUR ? MARK_FOUR | (bytes.getInt() & 0xffffffffL) : bytes.getLong();
    }
}
