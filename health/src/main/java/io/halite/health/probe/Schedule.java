package io.halite.health.probe;

import java.util.Collection;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The probes in the order of their next turns, on a grid: those due within a few milliseconds have their turn together,
 * which spares the engine a wake-up for each. Owned by the engine's thread.
 */
final class Schedule {
    private static final long GRID = 4_000_000;

    private final PriorityQueue<Turn> turns = new PriorityQueue<>();

    /** A turn; stale once its probe is due at another tick. */
    private record Turn(long at, Probe probe) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            return Long.signum(at - other.at);
        }
    }

    /** Gives a probe its only turn, at the next point of the grid. */
    void put(Probe probe, long tick) {
        long at = Math.ceilDiv(tick, GRID) * GRID;
        probe.dueAt = at;
        turns.add(new Turn(at, probe));
    }

    /** Keeps only these probes, each with the turn it has. */
    void rebuild(Collection<Probe> kept) {
        turns.clear();
        for (Probe probe : kept) {
            if (!probe.running) {
                turns.add(new Turn(probe.dueAt, probe));
            }
        }
    }

    /** Takes the first probe that is due; null when none is. */
    @Nullable Probe poll(long now) {
        for (Turn turn = turns.peek(); turn != null && turn.at - now <= 0; turn = turns.peek()) {
            turns.remove();
            if (turn.probe.dueAt == turn.at && !turn.probe.running) {
                return turn.probe;
            }
        }
        return null;
    }

    /** Nanoseconds until the next turn; {@code most} when there is none sooner. */
    long untilNext(long now, long most) {
        Turn first = turns.peek();
        return first == null ? most : Math.min(most, first.at - now);
    }
}
