package io.halite.proxy.balance;

import io.halite.config.Retries;

/** The targets that one request was tried at, which a retry must avoid. Reused from request to request. */
public final class TriedTargets {
    private final TargetEntry[] tried = new TargetEntry[Retries.MAX_ATTEMPTS + 1];
    private int count;

    /** Adds a target that failed. */
    public void add(TargetEntry target) {
        if (count < tried.length) {
            tried[count++] = target;
        }
    }

    /** Whether the target was tried. */
    public boolean contains(TargetEntry target) {
        for (int i = 0; i < count; i++) {
            if (tried[i] == target) {
                return true;
            }
        }
        return false;
    }

    public int count() {
        return count;
    }

    /** Forgets all. */
    public void clear() {
        count = 0;
    }
}
