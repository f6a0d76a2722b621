package io.halite.dns.transport;

import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SlowPath;
import java.net.InetAddress;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What a datagram server works with.
 *
 * @param bind an address or the wildcard
 * @param port 0 for any
 * @param paths makes the fast path of one of so many workers that share the queries, and what may be answered a second
 * @param serving what to answer from now
 */
public record WorkerSettings(
        InetAddress bind, int port, int workers, IntFunction<FastPath> paths, Supplier<Serving> serving,
        SlowPath slowPath) {
    /**
     * A core that a worker and the proxy both want is divided by the kernel 1 : 3; what the proxy does not want, the worker
     * gets whole. So a flood of queries takes little from the proxy, and a quarter of a core answers tens of thousands.
     */
    public static final int NICENESS = 5;
}
