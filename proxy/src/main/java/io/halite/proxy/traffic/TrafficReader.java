package io.halite.proxy.traffic;

import io.halite.proxy.traffic.Traffic.ListenerTraffic;
import io.halite.proxy.traffic.Traffic.LogLines;
import io.halite.proxy.traffic.Traffic.LoopState;
import io.halite.proxy.traffic.Traffic.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums the counters of all loops. */
public final class TrafficReader {
    private TrafficReader() {}

    /** Everything counted so far. */
    public static Traffic sum(List<LoopTraffic> loops, List<LoopState> states, LogLines accessLog) {
        Map<SeriesLabels, Series> series = new HashMap<>();
        SortedMap<String, ListenerTraffic> listeners = new TreeMap<>();
        SortedMap<String, Long> refused = new TreeMap<>();
        for (LoopTraffic loop : loops) {
            loop.series().forEach(one -> series.merge(one.labels(), one.read(), TrafficReader::plus));
            loop.listeners().forEach((label, one) -> listeners.merge(label, one.read(), TrafficReader::plus));
            loop.refused().forEach((reason, count) -> refused.merge(reason, count[0], Long::sum));
        }
        return new Traffic(new ArrayList<>(series.values()), new ArrayList<>(listeners.values()), refused, states,
                accessLog);
    }

    private static Series plus(Series one, Series other) {
        SortedMap<Integer, Long> codes = new TreeMap<>(one.codes());
        other.codes().forEach((code, count) -> codes.merge(code, count, Long::sum));
        return new Series(one.listener(), one.route(), one.pool(), one.target(), codes,
                one.request().plus(other.request()), one.upstream().plus(other.upstream()),
                one.retries() + other.retries());
    }

    private static ListenerTraffic plus(ListenerTraffic one, ListenerTraffic other) {
        return new ListenerTraffic(one.listener(), one.open() + other.open(), one.accepted() + other.accepted(),
                one.bytesIn() + other.bytesIn(), one.bytesOut() + other.bytesOut(),
                one.handshakes() + other.handshakes(), one.handshakesFailed() + other.handshakesFailed());
    }
}
