package io.halite.appliance;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.membership.NodeStatus.Sessions;
import io.halite.config.membership.NodeStatus.UnderWay;
import io.halite.config.store.ConfigState;
import io.halite.proxy.DataPlane;
import io.halite.proxy.table.ForwardingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node still has under way at targets that shall get nothing new. A target counts as idle only when nothing is
 * under way and its admin state has been at work for a moment: a request that read the table before the change may
 * be counted after it. Safe for use by many threads.
 */
final class DrainWatch {
    private static final long MOMENT = Duration.ofMillis(500).toNanos();
    /** More are only counted: a status is told every second. */
    private static final int NAMED = 1_000;

    private final DataPlane dataPlane;
    private final Ticker ticker;
    private final Map<TargetRef, Long> since = new ConcurrentHashMap<>();

    DrainWatch(DataPlane dataPlane, Ticker ticker) {
        this.dataPlane = dataPlane;
        this.ticker = ticker;
    }

    /** What is under way at the targets that this state, which is at work, has in drain or maintenance. */
    UnderWay underWay(ConfigState state) {
        since.keySet().retainAll(state.adminOverrides().keySet());
        if (state.adminOverrides().isEmpty()) {
            return UnderWay.NOTHING;
        }
        long now = ticker.nanos();
        Map<TargetRef, Integer> inFlight = inFlight(state);
        List<Sessions> busy = new ArrayList<>();
        int leftOut = 0;
        for (TargetRef target : state.adminOverrides().keySet()) {
            int count = inFlight.getOrDefault(target, 0);
            boolean atWork = now - since.computeIfAbsent(target, _ -> now) >= MOMENT;
            if (state.adminState(target) == AdminState.READY || (count == 0 && atWork)) {
                continue;
            }
            if (busy.size() < NAMED) {
                busy.add(new Sessions(target, count));
            } else {
                leftOut++;
            }
        }
        return new UnderWay(busy, leftOut);
    }

    private Map<TargetRef, Integer> inFlight(ConfigState state) {
        Set<String> pools = new HashSet<>();
        state.adminOverrides().keySet().forEach(target -> pools.add(target.pool()));
        ForwardingTable table = dataPlane.table();
        Map<TargetRef, Integer> counts = new HashMap<>();
        for (String name : pools) {
            var pool = table.pools().get(name);
            if (pool != null) {
                pool.members().forEach(member -> counts.put(member.entry().ref(), member.entry().load().inFlight()));
            }
        }
        return counts;
    }
}
