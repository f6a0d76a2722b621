package io.halite.health.probe;

import io.halite.health.probe.kind.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The attempts under way by when to look whether they are overdue: a wheel, because nearly all of them end long before
 * and then need no more than to be dropped. Owned by the engine's thread.
 */
final class Deadlines {
    private static final long GRAIN = 10_000_000;
    private static final int SLOTS = 512;

    private final List<ArrayList<Attempt>> slots = new ArrayList<>(SLOTS);
    private ArrayList<Attempt> spare = new ArrayList<>();
    /** Slots are swept up to this turn of the wheel. */
    private long swept;

    Deadlines(long now) {
        swept = Math.floorDiv(now, GRAIN);
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    /** Looks at the attempt when its deadline, as it is now, has come; earlier too when that is beyond the wheel's reach. */
    void watch(Attempt attempt) {
        long turn = Math.max(swept + 1, Math.floorDiv(attempt.deadline(), GRAIN) + 1);
        slots.get(slot(Math.min(turn, swept + SLOTS))).add(attempt);
    }

    /** Tells of each attempt that has not ended and whose deadline has come; it is no longer watched. */
    void expire(long now, Consumer<Attempt> overdue) {
        long current = Math.floorDiv(now, GRAIN);
        long turn = Math.max(swept + 1, current - SLOTS + 1);
        for (; turn <= current; turn++) {
            ArrayList<Attempt> looked = slots.set(slot(turn), spare);
            swept = turn;
            for (Attempt attempt : looked) {
                if (attempt.isFinished()) {
                    continue;
                }
                if (attempt.deadline() - now > 0) {
                    watch(attempt);
                } else {
                    overdue.accept(attempt);
                }
            }
            looked.clear();
            spare = looked;
        }
    }

    /** Tells of each attempt that has not ended. */
    void all(Consumer<Attempt> attempts) {
        slots.forEach(slot -> slot.stream().filter(attempt -> !attempt.isFinished()).forEach(attempts));
    }

    private static int slot(long turn) {
        return Math.floorMod(turn, SLOTS);
    }
}
