package io.halite.health.probe;

import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.health.HealthView;
import io.halite.health.PassiveSignals;
import io.halite.health.ProbeCount;
import io.halite.health.ProbeOutcome;
import io.halite.health.Transition;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Health checking by one node alone: it probes every target of its config itself. Safe for use by many threads,
 * except that one thread at a time activates.
 */
public final class HealthChecker implements PassiveSignals, AutoCloseable {
    private final InstantSource wall;
    private final HealthBoard board;
    private final ProbeEngine engine;

    /**
     * Starts with nothing to probe.
     *
     * @param node the name of this node, shown as the prober
     */
    public HealthChecker(String node, Ticker ticker, InstantSource wall) {
        this.wall = wall;
        this.board = new HealthBoard(ticker, wall);
        this.engine = new ProbeEngine(node, ticker, wall, (key, status) -> board.update(key, status, node));
    }

    /** Probes the targets of this state from now on. Probes that stay as they are keep their history and turn. */
    public void activate(ConfigState state) {
        ProbePlan plan = ProbePlan.of(state);
        board.plan(plan);
        Map<ProbeKey, ProbeStatus> wanted = HashMap.newHashMap(plan.probes().size());
        for (ProbeKey key : plan.probes().keySet()) {
            ProbeStatus known = board.status(key);
            wanted.put(key, known == null ? ProbeStatus.initial(wall.instant()) : known);
        }
        engine.assign(wanted);
    }

    /** The health of every target of the active config. */
    public HealthView view() {
        return board.view();
    }

    /** The last changes of a target's health, oldest first, 100 at most; fewer are kept when very many targets flap. */
    public List<Transition> transitions(TargetRef target) {
        return board.transitions(target);
    }

    /** Probes a target now and waits; empty when there is no such target or its pool has no check. */
    public Optional<ProbeOutcome> checkNow(TargetRef target) {
        ProbePlan.Entry entry = board.plan().targets().get(target);
        return entry == null || entry.key() == null ? Optional.empty() : engine.probeNow(entry.key());
    }

    @Override
    public void suspect(TargetRef target) {
        ProbePlan.Entry entry = board.plan().targets().get(target);
        if (entry != null && entry.key() != null && entry.isProbed()) {
            engine.suspect(entry.key());
        }
    }

    /** Ended probes by kind and verdict since start. */
    public List<ProbeCount> counters() {
        return engine.counters();
    }

    @Override
    public void close() {
        engine.close();
        board.close();
    }
}
