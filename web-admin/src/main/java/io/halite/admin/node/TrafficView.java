package io.halite.admin.node;

import io.halite.config.TargetRef;
import java.util.List;
import java.util.function.Supplier;

/** The traffic of this node, counted since it started. */
@FunctionalInterface
public interface TrafficView extends Supplier<TrafficView.Totals> {
    /** No traffic. */
    TrafficView NONE = () -> new Totals(0, 0, 0, 0, 0, List.of());

    /**
     * Everything counted at one moment.
     *
     * @param errors answers with status 5xx and connections that failed
     * @param connections open now
     */
    record Totals(
            long requests, long errors, int connections, long bytesReceived, long bytesSent,
            List<TargetTotals> targets) {
        public Totals {
            targets = List.copyOf(targets);
        }
    }

    /** What went to one target. */
    record TargetTotals(TargetRef target, long requests, long errors, int inFlight) {}
}
