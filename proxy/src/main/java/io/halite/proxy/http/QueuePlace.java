package io.halite.proxy.http;

import io.halite.config.Upstream.TargetLimits;
import io.halite.proxy.upstream.WaitingRequests;

/**
 * A request's place among those that wait because every target of the pool is at its limit. Confined to the thread of its
 * loop.
 */
final class QueuePlace {
    private final HttpLoop http;
    private final Exchange exchange;
    private final Attempt attempt;
    private final WaitingRequests.Waiter waiter = this::resume;
    private boolean taken;
    private long until;

    QueuePlace(HttpLoop http, Exchange exchange, Attempt attempt) {
        this.http = http;
        this.exchange = exchange;
        this.attempt = attempt;
    }

    boolean isTaken() {
        return taken;
    }

    /** Waits, unless as many wait already as may. */
    void take() {
        TargetLimits limits = attempt.choice().rules().upstream().limits();
        until = http.loop().now() + limits.queueTimeout().toNanos();
        taken = attempt.choice().queue().enter(waiter, limits.queue());
        if (taken) {
            exchange.client().wire().deadlineIn(limits.queueTimeout().toNanos());
        } else {
            exchange.failed(Reason.QUEUE_FULL);
        }
    }

    /** There may be room: whether there was, or it does not matter any more. */
    private boolean resume() {
        int present = attempt.life();
        taken = false;
        exchange.client().wire().clearDeadline();
        attempt.choice().refresh();
        if (attempt.tryHeld() || attempt.life() != present) {
            return true;
        }
        taken = true;
        exchange.client().wire().deadlineIn(until - http.loop().now());
        return false;
    }

    void leave() {
        if (taken) {
            taken = false;
            attempt.choice().queue().leave(waiter);
        }
    }

    /** No target had room in time. */
    void expired() {
        leave();
        exchange.failed(Reason.QUEUE_TIMEOUT);
    }
}
