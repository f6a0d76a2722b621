package io.halite.appliance;

import io.halite.admin.node.TrafficView;
import io.halite.config.TargetRef;
import io.halite.proxy.DataPlane;
import io.halite.proxy.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The traffic of this node in few figures, for the page. */
record LocalTraffic(DataPlane dataPlane) implements TrafficView {
    private static final int SERVER_ERROR = 500;

    @Override
    public Totals get() {
        Traffic traffic = dataPlane.traffic();
        Map<TargetRef, long[]> byTarget = new TreeMap<>();
        long requests = 0;
        long errors = 0;
        for (Traffic.Series one : traffic.series()) {
            long all = 0;
            long failed = 0;
            for (Map.Entry<Integer, Long> code : one.codes().entrySet()) {
                all += code.getValue();
                failed += code.getKey() >= SERVER_ERROR || code.getKey() == 0 ? code.getValue() : 0;
            }
            requests += all;
            errors += failed;
            if (!one.target().isEmpty()) {
                long[] sums = byTarget.computeIfAbsent(new TargetRef(one.pool(), one.target()), key -> new long[2]);
                sums[0] += all;
                sums[1] += failed;
            }
        }
        List<TargetTotals> targets = new ArrayList<>();
        byTarget.forEach((target, sums) ->
                targets.add(new TargetTotals(target, sums[0], sums[1], dataPlane.inFlight(target))));
        long open = traffic.listeners().stream().mapToLong(Traffic.ListenerTraffic::open).sum();
        long received = traffic.listeners().stream().mapToLong(Traffic.ListenerTraffic::bytesIn).sum();
        long sent = traffic.listeners().stream().mapToLong(Traffic.ListenerTraffic::bytesOut).sum();
        return new Totals(requests, errors, Math.toIntExact(open), received, sent, targets);
    }
}
