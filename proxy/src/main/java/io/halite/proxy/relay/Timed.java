package io.halite.proxy.relay;

import org.jspecify.annotations.Nullable;

/**
 * Something with one deadline, a link in a {@link TimerWheel}. Moving the deadline later costs a store; the wheel finds
 * out when it comes by. Confined to the thread of its loop.
 */
public abstract class Timed {
    static final long NEVER = Long.MAX_VALUE;

    /** In nanoseconds of the loop's ticker. */
    long deadline = NEVER;
    /** The tick of the slot it hangs in; meaningless while it hangs in none. */
    long slotTick;
    @Nullable Timed next;
    @Nullable Timed previous;

    /** The deadline passed; it has been cleared. */
    protected abstract void expired();
}
