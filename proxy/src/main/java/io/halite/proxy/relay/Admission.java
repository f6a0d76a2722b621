package io.halite.proxy.relay;

import io.halite.config.Limits;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Counts the connections, or sessions, of a listener's sockets, and where the config limits them those of each client,
 * over all loops. Clients of IPv6 have many addresses: one /64 counts as one. Safe for use by all loops; no loop waits.
 */
public final class Admission {
    /** There is no room for anybody. */
    public static final Optional<String> FULL = Optional.of("CONNECTION_LIMIT");

    private static final int FOUR = 4;
    /** Above every IPv4 address, below every IPv6 prefix in use. */
    private static final long MARK_FOUR = 1L << 32;

    private final AtomicInteger all = new AtomicInteger();
    private final Map<Long, Integer> bySource = new ConcurrentHashMap<>();

    /** Takes the connection in, until it closes; else the reason why not, in the form of a metric's label. */
    public Optional<String> admit(Connection connection, Limits limits) {
        return admit(connection.peerAddress(), limits, connection::whenClosed);
    }

    /**
     * Takes a client in; else the reason why not.
     *
     * @param leaves gets what is to be run when it leaves
     */
    public Optional<String> admit(byte[] address, Limits limits, Consumer<Runnable> leaves) {
        if (all.incrementAndGet() > limits.connections()) {
            all.decrementAndGet();
            return FULL;
        }
        if (limits.connectionsPerSource() == Limits.NO_LIMIT) {
            leaves.accept(all::decrementAndGet);
            return Optional.empty();
        }
        Long source = source(address);
        if (bySource.merge(source, 1, Integer::sum) > limits.connectionsPerSource()) {
            left(source);
            return Optional.of("SOURCE_LIMIT");
        }
        leaves.accept(() -> left(source));
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
