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
 * @param sendFailures responses that the kernel refused
 * @param streams TCP connections open now
 */
public record DnsTraffic(
        List<QueryCount> queries, long dropped, long truncated, long slow, long limited, long slipped, long genuine,
        long batches, long datagrams, long sendFailures, int streams) {
    public DnsTraffic {
        queries = List.copyOf(queries);
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
