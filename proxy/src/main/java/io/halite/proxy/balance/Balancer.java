package io.halite.proxy.balance;

import io.halite.config.Ticker;
import io.halite.proxy.route.RequestHead;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses targets of one pool for one relay loop, by the pool's algorithm and the load that it hears of. Mutable, and
 * confined to the thread of its loop; nothing on the path of a request allocates.
 */
public final class Balancer {
    private final int loop;
    private final RetryBudget retries = new RetryBudget();
    private PoolTable pool;
    private long[] current;

    /**
     * A balancer that has seen no traffic.
     *
     * @param ticker may be the loop's cached time
     */
    @SuppressWarnings("unused")
    public Balancer(int loop, PoolTable pool, Ticker ticker, InstantSource clock) {
        this.loop = loop;
        this.pool = pool;
        current = new long[pool.members().size()];
    }

    /**
     * Chooses a target for a new request or a retry; null when the pool has none to offer. A pool table newer than any
     * seen before is adopted, with an older one the newest stands.
     *
     * @param head of a TCP relay only the client's address is set
     * @param tried targets to avoid
     */
    @SuppressWarnings("unused")
    public @Nullable TargetEntry pick(PoolTable latest, RequestHead head, TriedTargets tried) {
        if (latest.version() > pool.version()) {
            pool = latest;
            current = Arrays.copyOf(current, pool.members().size());
        }
        int best = -1;
        long total = 0;
        for (int at : pool.eligibility().candidates()) {
            PoolMember member = pool.members().get(at);
            if (!tried.contains(member.entry())) {
                current[at] += member.weight();
                total += member.weight();
                best = best < 0 || current[at] > current[best] ? at : best;
            }
        }
        if (best < 0) {
            return null;
        }
        current[best] -= total;
        return pool.members().get(best).entry();
    }

    /**
     * Writes the cookie line that keeps the client at the target the last pick chose, {@code Set-Cookie: …\r\n}, and
     * returns the position after it; returns {@code at} when the pool is not sticky or the client's cookie still holds.
     */
    @SuppressWarnings("unused")
    public int writeCookie(byte[] out, int at) {
        return at;
    }

    /** A request, or a connection of a relay, goes to the target. */
    public void started(TargetEntry target) {
        target.load().started(loop);
        pool.load().started(loop);
        retries.started();
    }

    /**
     * It ended; exactly once for each {@link #started}, a retry being a start of its own.
     *
     * @param nanos from the end of the request to the head of the response; negative when none came
     */
    @SuppressWarnings("unused")
    public void finished(TargetEntry target, Outcome outcome, long nanos) {
        boolean failed = outcome.severity() > 0;
        target.load().finished(loop, failed);
        pool.load().finished(loop, failed);
        retries.finished();
    }

    /** The budget of this loop's retries in this pool. */
    public RetryBudget retries() {
        return retries;
    }
}
