package io.halite.dns;

import java.util.List;

/**
 * What was counted since the process began, summed over all workers.
 *
 * @param queries answered ones, for {@code halite_dns_queries_total}
 * @param dropped messages without any response
 * @param truncated responses that a client must ask for again over TCP
 * @param slow queries left to the slow path
 * @param limited responses not sent, for their rate
 * @param slipped responses sent truncated, for their rate
 * @param genuine queries with a valid server cookie
 * @param batches calls that received something
 * @param datagrams received by them
 * @param frames those of them that were taken from frames
 * @param sendFailures responses that the kernel refused
 * @param failures queries that met a bug of ours and were not answered
 * @param streams TCP connections open now
 * @param server the responder itself
 */
public record DnsTraffic(
        List<QueryCount> queries, long dropped, long truncated, long slow, long limited, long slipped, long genuine,
        long batches, long datagrams, long frames, long sendFailures, long failures, int streams, Server server) {
    public DnsTraffic {
        queries = List.copyOf(queries);
    }

    /**
     * The responder as a whole.
     *
     * @param revision that is answered from
     * @param compileNanos how long the last table took
     * @param panics names for which health is ignored now, because too little is left
     * @param logged queries written to the log
     * @param unlogged queries taken for the log but not written, for their rate
     * @param kernelDrops datagrams that found the sockets' buffers full
     */
    public record Server(
            long revision, long compileNanos, List<String> panics, long logged, long unlogged, long kernelDrops) {
        public Server {
            panics = List.copyOf(panics);
        }
    }

    /**
     * Queries of one kind.
     *
     * @param zone without a final dot; empty for those outside all zones
     * @param type such as {@code AAAA}; rare ones count as {@code OTHER}
     * @param rcode in lower case
     */
    public record QueryCount(String zone, String type, String rcode, long count) {}

    /** All queries answered. */
    public long total() {
        return queries.stream().mapToLong(QueryCount::count).sum();
    }
}
