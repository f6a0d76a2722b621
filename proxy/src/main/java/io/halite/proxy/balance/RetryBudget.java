package io.halite.proxy.balance;

/**
 * Keeps retries from becoming a storm: at one time only a share of a pool's requests may be retries. One per pool and
 * loop, confined to the loop's thread.
 *
 * <p>A retry after a refused connection is free: the first target had no work of it, so the pool has no more than
 * without it. If it were not, a dead target would cost its clients errors whenever more than the share were sent to it
 * at one moment.
 */
public final class RetryBudget {
    /** Retries that are always allowed, so that a quiet pool can retry at all. */
    public static final int MINIMUM = 3;

    private int active;
    private int retrying;

    void started() {
        active++;
    }

    void finished() {
        active--;
    }

    /** Whether a retry after this needs nothing of the budget. */
    public static boolean isFree(Outcome outcome) {
        return outcome == Outcome.CONNECT_REFUSED;
    }

    /** Takes a retry from the budget; {@link #finishedRetry} gives it back once the retried request ends. */
    public boolean tryStart(int percent) {
        if (percent == 0 || retrying >= Math.max(MINIMUM, active * percent / 100)) {
            return false;
        }
        retrying++;
        return true;
    }

    /** A retried request ended. */
    public void finishedRetry() {
        retrying--;
    }
}
