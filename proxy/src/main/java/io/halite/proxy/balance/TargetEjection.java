package io.halite.proxy.balance;

import io.halite.config.Ejection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a target is ejected at this node for what its own traffic showed, after Envoy's outlier detection: a run of
 * failures over all loops ejects it for {@code base} × the number of its ejections, a cap at most; time without an
 * ejection takes that number down again. Time or a passing check ends an ejection.
 */
public final class TargetEjection {
    private final AtomicInteger run = new AtomicInteger();
    /** When the present or the last ejection ends; only meaningful when {@link #times} is positive. */
    private volatile long until;
    private volatile int times;
    private volatile boolean lifted = true;

    /** Whether it is ejected at this moment. */
    public boolean isEjected(long now) {
        return !lifted && until - now > 0;
    }

    /** How long the present ejection lasts; zero when there is none. */
    public Duration remaining(long now) {
        return isEjected(now) ? Duration.ofNanos(until - now) : Duration.ZERO;
    }

    /** A passing check ends an ejection: the target answers again. */
    public void lift() {
        run.set(0);
        lifted = true;
    }

    void succeeded() {
        // A read of a line that is shared as long as nobody fails; the write is rare.
        if (run.get() != 0) {
            run.set(0);
        }
    }

    /** Counts a failure; true when the run is long enough to eject. */
    boolean failed(int severity, Ejection rules) {
        return run.addAndGet(severity) >= rules.consecutive();
    }

    /** Ejects; called by one loop at a time. */
    void eject(Ejection rules, long now) {
        long base = rules.base().toNanos();
        long quiet = times == 0 ? 0 : Math.max(0, now - until);
        int counted = (int) Math.max(0, times - quiet / base) + 1;
        long longest = Math.max(base, rules.max().toNanos());
        until = now + Math.min(longest, base * Math.min(counted, longest / base + 1));
        times = counted;
        run.set(0);
        lifted = false;
    }
}
