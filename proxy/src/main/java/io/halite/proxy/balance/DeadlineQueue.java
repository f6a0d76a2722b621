package io.halite.proxy.balance;

import java.util.Arrays;
import java.util.Map;

/**
 * Weighted round robin in logarithmic time: each member has its turn at a deadline, which then moves on by one over its
 * weight; whoever's is the earliest is next. First deadlines lie within a member's first interval, so that heavy and
 * light ones are interleaved from the start. Over a cycle each gets exactly its weight.
 */
final class DeadlineQueue {
    private static final double GOLDEN = 0.618_033_988_749_894_9;

    /** A heap of positions by deadline. */
    private final int[] heap;
    private final double[] deadlines;

    private DeadlineQueue(int[] candidates, double[] deadlines) {
        heap = candidates.clone();
        this.deadlines = deadlines;
        for (int i = heap.length / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
    }

    /** A queue of these candidates that nobody has been chosen from. */
    static DeadlineQueue of(PoolTable pool, int tier) {
        double[] deadlines = new double[pool.size()];
        for (int at = 0; at < deadlines.length; at++) {
            deadlines[at] = firstPart(at) / Math.max(1, pool.weight(at));
        }
        return new DeadlineQueue(pool.tier(tier).candidates(), deadlines);
    }

    /**
     * A queue for the table that follows. Who was there waits for the same part of a turn as before; who missed turns
     * while it was no candidate has one at once, and only one.
     */
    DeadlineQueue after(PoolTable before, PoolTable after, int tier, Map<TargetEntry, Integer> old) {
        double now = heap.length == 0 ? 0 : deadlines[heap[0]];
        double[] next = new double[after.size()];
        for (int at = 0; at < next.length; at++) {
            Integer was = old.get(after.target(at));
            double part = was == null ? firstPart(at) : (deadlines[was] - now) * before.weight(was);
            next[at] = Math.clamp(part, 0, 1) / Math.max(1, after.weight(at));
        }
        return new DeadlineQueue(after.tier(tier).candidates(), next);
    }

    /** The part of its interval that a new member waits, spread over all members. */
    private static double firstPart(int position) {
        double spread = position * GOLDEN;
        return spread - Math.floor(spread);
    }

    /** The usable member whose turn it is; the turns of others on the way are lost to them. */
    int next(Pick pick) {
        for (int i = 0; i < heap.length; i++) {
            int at = heap[0];
            deadlines[at] += (double) SlowStart.SCALE / pick.weight(at);
            siftDown(0);
            if (pick.isUsable(at)) {
                return at;
            }
        }
        return anyUsable(pick);
    }

    /** With light and heavy members, one round of the heap does not visit all. */
    private int anyUsable(Pick pick) {
        return Arrays.stream(heap).filter(pick::isUsable).findFirst().orElse(Pick.NONE);
    }

    private void siftDown(int from) {
        int moved = heap[from];
        int hole = from;
        while (2 * hole + 1 < heap.length) {
            int child = 2 * hole + 1;
            if (child + 1 < heap.length && isEarlier(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isEarlier(heap[child], moved)) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = moved;
    }

    private boolean isEarlier(int one, int other) {
        return deadlines[one] < deadlines[other] || (deadlines[one] == deadlines[other] && one < other);
    }
}
