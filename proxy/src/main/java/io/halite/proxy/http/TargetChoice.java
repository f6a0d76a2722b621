package io.halite.proxy.http;

import io.halite.config.Pool;
import io.halite.config.Retries;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.RetryBudget;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TriedTargets;
import io.halite.proxy.route.CompiledAction.Forward;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.upstream.BackOff;
import io.halite.proxy.upstream.WaitingRequests;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request: which pool, which target, which ones failed before it, and the duty to tell the balancer how
 * it ended there. Reused from request to request; confined to the thread of its loop.
 */
final class TargetChoice {
    private final HttpLoop http;
    private final TriedTargets tried = new TriedTargets();
    private @Nullable PoolTable pool;
    private @Nullable Balancer balancer;
    private @Nullable TargetEntry target;
    /** The target was told of a request that it will be told the end of. */
    private boolean counted;
    /** The client is to be told of its target. */
    private boolean cookieDue;
    /** Targets have no room, but may have some soon. */
    private boolean saturated;
    private int retries;
    private boolean holdsBudget;

    TargetChoice(HttpLoop http) {
        this.http = http;
    }

    void clear() {
        if (holdsBudget && balancer != null) {
            balancer.retries().finishedRetry();
        }
        pool = null;
        balancer = null;
        target = null;
        counted = false;
        cookieDue = false;
        saturated = false;
        retries = 0;
        holdsBudget = false;
        tried.clear();
    }

    @Nullable PoolTable pool() {
        return pool;
    }

    @Nullable TargetEntry target() {
        return target;
    }

    /** Tries after the first. */
    int retries() {
        return retries;
    }

    /** The address of the target, for a request that names no host. */
    String address() {
        return target == null ? "" : target.address().toString();
    }

    /** The pool of the document. */
    Pool rules() {
        if (pool == null) {
            throw new IllegalStateException("an attempt without a pool");
        }
        return pool.pool();
    }

    /** Chooses one of the action's pools; false when none of them is in the table. */
    boolean begin(CompiledRoute route, Forward action, ForwardingTable table) {
        pool = http.upstreams.balancers().choosePool(route, action, table);
        if (pool == null) {
            return false;
        }
        balancer = http.upstreams.balancers().of(pool);
        return true;
    }

    /** Chooses a target that was not tried before; null when there is none. */
    @Nullable TargetEntry pick(RequestHead head) {
        if (pool == null || balancer == null) {
            throw new IllegalStateException("an attempt without a pool");
        }
        TargetEntry picked = balancer.pick(pool, head, tried);
        saturated = picked == null ? balancer.isSaturated() : !balancer.tryStart(picked);
        if (picked == null || saturated) {
            return null;
        }
        target = picked;
        cookieDue = balancer.needsCookie();
        counted = true;
        return picked;
    }

    /** The pool may have other targets by now. */
    @SuppressWarnings("ReferenceEquality")
    void refresh() {
        PoolTable latest = pool == null ? null : http.upstreams.table().pool(pool.id());
        if (latest != null && pool != null && latest.entry() == pool.entry()) {
            pool = latest;
        }
    }

    /** Whether the last pick found no target because all are at their limits. */
    boolean isSaturated() {
        return saturated;
    }

    /** The queue of the pool in this loop. */
    WaitingRequests queue() {
        if (pool == null) {
            throw new IllegalStateException("an attempt without a pool");
        }
        return http.upstreams.waiting(pool.entry());
    }

    /** Tells the balancer how the request ended at its target, once. */
    void settle(Outcome outcome, long nanos) {
        if (counted && balancer != null && target != null) {
            counted = false;
            balancer.finished(target, outcome, nanos);
            if (pool != null && pool.entry().waiting().getPlain() > 0) {
                pool.entry().wakeQueues();
            }
        }
    }

    /** Whether the pool has a target for this request besides the present one and those before. */
    boolean hasAnother() {
        return balancer != null && target != null && balancer.hasOther(target, tried);
    }

    /** The target is of no use for this request: whether another may be tried. */
    boolean mayTryAnother(Outcome outcome) {
        if (target != null) {
            tried.add(target);
        }
        Retries allowed = rules().retries();
        if (retries >= allowed.attempts()) {
            return false;
        }
        if (RetryBudget.isFree(outcome)) {
            return allowed.budget() > 0;
        }
        if (!holdsBudget && balancer != null) {
            holdsBudget = balancer.retries().tryStart(allowed.budget());
        }
        return holdsBudget;
    }

    /** Counts a retry; the nanoseconds to wait before it. */
    long startRetry() {
        return BackOff.nanos(rules().retries(), retries++, http.random);
    }

    /** The cookie line that keeps the client at its target, if one is due and fits; the position behind it. */
    int writeCookie(boolean secure, byte[] out, int at) {
        return cookieDue && balancer != null && target != null && balancer.cookieRoom() <= out.length - at
                ? balancer.writeCookie(target, secure, out, at) : at;
    }
}
