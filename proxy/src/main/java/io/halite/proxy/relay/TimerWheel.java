package io.halite.proxy.relay;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a loop in one ring of slots. Setting, moving and clearing take constant time; a deadline fires at
 * most two ticks late, never early. Confined to the thread of its loop.
 */
final class TimerWheel {
    static final long TICK_NANOS = 10_000_000;
    private static final int SLOTS = 2048;
    private static final int MASK = SLOTS - 1;

    private final Slot[] slots = new Slot[SLOTS];
    /** A bit per slot, set at least while something hangs in it. */
    private final long[] occupied = new long[SLOTS / Long.SIZE];
    private final long origin;
    /** All ticks before this one have been looked at. */
    private long tick;
    private int size;

    TimerWheel(long now) {
        origin = now;
        for (int at = 0; at < SLOTS; at++) {
            slots[at] = new Slot();
        }
    }

    /** Sets the deadline of an item, which may have one already. */
    void set(Timed item, long deadline) {
        item.deadline = deadline;
        long due = Math.max(tick, (deadline - origin) / TICK_NANOS + 1);
        if (item.next != null) {
            if (due >= item.slotTick) {
                return;
            }
            unlink(item);
        }
        link(item, due);
    }

    /** The item has no deadline any more; it leaves its slot when the wheel comes by. */
    void clear(Timed item) {
        item.deadline = Timed.NEVER;
    }

    /** Takes the item out at once. */
    void remove(Timed item) {
        item.deadline = Timed.NEVER;
        if (item.next != null) {
            unlink(item);
        }
    }

    /** Fires what is due; the consumer must not throw. */
    void advance(long now, Consumer<Timed> fire) {
        long last = (now - origin) / TICK_NANOS;
        // A loop that was stopped for long need not go round more than once.
        tick = Math.max(tick, last - SLOTS);
        while (tick <= last) {
            int at = (int) (tick & MASK);
            tick++;
            if ((occupied[at >> 6] & 1L << at) != 0) {
                occupied[at >> 6] &= ~(1L << at);
                turn(slots[at], now, fire);
            }
        }
    }

    /** Nanoseconds until the next slot that holds anything; {@link Timed#NEVER} when none does. */
    long untilNext(long now) {
        if (size == 0) {
            return Timed.NEVER;
        }
        int start = (int) (tick & MASK);
        for (int steps = 0; steps < SLOTS; ) {
            int at = start + steps & MASK;
            long word = occupied[at >> 6] >>> at;
            if (word != 0) {
                steps += Long.numberOfTrailingZeros(word);
                return steps < SLOTS ? Math.max(0, origin + (tick + steps) * TICK_NANOS - now) : SLOTS * TICK_NANOS;
            }
            steps += Long.SIZE - (at & Long.SIZE - 1);
        }
        return SLOTS * TICK_NANOS;
    }

    private void turn(Slot slot, long now, Consumer<Timed> fire) {
        if (slot.next == slot) {
            return;
        }
        // Items are moved to a list of their own first: an expiring item may set others into this very slot.
        Slot due = new Slot();
        due.next = slot.next;
        due.previous = slot.previous;
        nonNull(due.next).previous = due;
        nonNull(due.previous).next = due;
        slot.next = slot;
        slot.previous = slot;
        while (due.next != due) {
            Timed item = nonNull(due.next);
            unlink(item);
            if (item.deadline == Timed.NEVER) {
                continue;
            }
            if (item.deadline - now > 0) {
                link(item, Math.max(tick, (item.deadline - origin) / TICK_NANOS + 1));
            } else {
                item.deadline = Timed.NEVER;
                fire.accept(item);
            }
        }
    }

    private void link(Timed item, long due) {
        int at = (int) (due & MASK);
        Slot slot = slots[at];
        occupied[at >> 6] |= 1L << at;
        item.slotTick = due;
        item.previous = slot.previous;
        item.next = slot;
        nonNull(slot.previous).next = item;
        slot.previous = item;
        size++;
    }

    private void unlink(Timed item) {
        nonNull(item.next).previous = item.previous;
        nonNull(item.previous).next = item.next;
        item.next = null;
        item.previous = null;
        size--;
    }

    private static Timed nonNull(@Nullable Timed item) {
        if (item == null) {
            throw new IllegalStateException("a broken ring of timers");
        }
        return item;
    }

    /** The head of a ring. */
    private static final class Slot extends Timed {
        Slot() {
            next = this;
            previous = this;
        }

        @Override
        protected void expired() {
            throw new IllegalStateException("a slot has no deadline");
        }
    }
}
