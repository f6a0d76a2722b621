package io.halite.health.orchestrator;

import io.halite.health.ProbeOutcome;
import io.halite.health.orchestrator.HealthMessage.Ask;
import io.halite.health.orchestrator.HealthMessage.Told;
import io.halite.health.probe.ProbeEngine;
import io.halite.health.probe.ProbeKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Probes that somebody asked for: run here, or by the node that owns the probe, whose way to the target is the one that
 * counts. Owned by the thread of {@link ClusterHealth}; the probes run on threads of their own.
 */
final class OnDemand {
    /** Questions whose answers got lost are forgotten when so many newer ones are open. */
    private static final int OPEN_AT_MOST = 1_000;
    /** Of other nodes, at once; more are not answered, and the asker probes itself. */
    private static final int ANSWERED_AT_ONCE = 64;

    private final ProbeEngine engine;
    private final Outbox out;
    private final Executor owner;
    private final Map<Long, CompletableFuture<ProbeOutcome>> open = new LinkedHashMap<>();
    private final Semaphore answering = new Semaphore(ANSWERED_AT_ONCE);
    private long questions;

    /**
     * Has asked nothing yet.
     *
     * @param owner runs things on the owning thread
     */
    OnDemand(ProbeEngine engine, Outbox out, Executor owner) {
        this.engine = engine;
        this.out = out;
        this.owner = owner;
    }

    /** Probes from this node. */
    void here(ProbeKey key, CompletableFuture<ProbeOutcome> outcome) {
        Thread.ofVirtual().name("probe-on-demand").start(() -> engine.probeNow(key).ifPresent(outcome::complete));
    }

    /** Has another node probe. */
    void there(String node, ProbeKey key, CompletableFuture<ProbeOutcome> outcome) {
        if (open.size() >= OPEN_AT_MOST) {
            open.remove(open.keySet().iterator().next());
        }
        questions++;
        open.put(questions, outcome);
        out.send(node, new Ask(questions, key.id()));
    }

    /** Another node asks. */
    void asked(String from, long question, ProbeKey key) {
        if (answering.tryAcquire()) {
            Thread.ofVirtual().name("probe-on-demand").start(() -> answer(from, question, key));
        }
    }

    private void answer(String to, long question, ProbeKey key) {
        try {
            engine.probeNow(key).ifPresent(
                    outcome -> owner.execute(() -> out.send(to, new Told(question, outcome))));
        } finally {
            answering.release();
        }
    }

    /** Another node answers. */
    void told(Told told) {
        CompletableFuture<ProbeOutcome> outcome = open.remove(told.question());
        if (outcome != null) {
            outcome.complete(told.outcome());
        }
    }
}
