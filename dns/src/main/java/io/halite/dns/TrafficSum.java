package io.halite.dns;

import io.halite.dns.DnsTraffic.QueryCount;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.QueryCounters.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums the counters of all workers there ever were. */
final class TrafficSum {
    private final List<QueryCounters> counters;

    TrafficSum(List<QueryCounters> counters) {
        this.counters = List.copyOf(counters);
    }

    /** The sum, with the names of zones by their counter index. */
    DnsTraffic of(Map<String, Integer> zones, int streams, DnsTraffic.Server server) {
        List<QueryCount> queries = new ArrayList<>(count("", 0));
        new TreeMap<>(zones).forEach((zone, index) -> queries.addAll(count(zone, index)));
        return new DnsTraffic(queries, events(Event.DROPPED), events(Event.TRUNCATED), events(Event.SLOW),
                events(Event.RATE_LIMIT_DROPPED), events(Event.RATE_LIMIT_SLIPPED), events(Event.COOKIE_ACCEPTED),
                events(Event.BATCHES), events(Event.DATAGRAMS), events(Event.FRAMES),
                events(Event.SEND_FAILED), events(Event.FAILED), streams, server);
    }

    private List<QueryCount> count(String zone, int index) {
        List<QueryCount> counts = new ArrayList<>();
        for (int type = 0; type < QueryCounters.TYPES.size(); type++) {
            for (int rcode = 0; rcode < QueryCounters.RCODES.size(); rcode++) {
                long sum = 0;
                for (QueryCounters worker : counters) {
                    sum += worker.queries(index, type, rcode);
                }
                if (sum > 0) {
                    counts.add(new QueryCount(zone, QueryCounters.TYPES.get(type),
                            QueryCounters.RCODES.get(rcode).key(), sum));
                }
            }
        }
        return counts;
    }

    private long events(Event event) {
        return counters.stream().mapToLong(worker -> worker.events(event)).sum();
    }
}
