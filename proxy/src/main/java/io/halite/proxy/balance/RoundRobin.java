package io.halite.proxy.balance;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code roundRobin}: nginx's smooth weighted round robin. Every usable candidate gains its weight, the richest is
 * chosen and pays the sum of the weights: over any cycle each gets exactly its share, and a heavy one's turns are spread
 * as evenly as can be. Equal weights make that a plain rotation, which is done without looking at everybody. What each
 * member has gained is carried over when weights or members change, so that a change does not start the cycle anew. A
 * pool of more than {@link #LARGE} candidates is too long to look at for each request: it goes by deadlines.
 */
final class RoundRobin implements Choice {
    static final int LARGE = 64;

    /** By position; the sum stays what it was, usually zero. */
    private long[] gained;
    /** Index, among the candidates, of the next in a rotation. */
    private int next;
    /** Whether {@link #next}, rather than {@link #gained}, tells where the cycle stands. */
    private boolean rotating = true;
    /** In a large pool with unequal weights, since it is one; else null. */
    private @Nullable DeadlineQueue queue;

    private final int tier;

    RoundRobin(PoolTable pool, int tier) {
        this.tier = tier;
        gained = new long[pool.size()];
    }

    @Override
    public int choose(Pick pick) {
        if (pick.candidateWeights().areEqual() && pick.isWarm()) {
            if (!rotating) {
                startRotation(pick.candidates());
            }
            return rotate(pick);
        }
        if (pick.candidates().length > LARGE) {
            if (queue == null) {
                queue = DeadlineQueue.of(pick.pool(), tier);
            }
            return queue.next(pick);
        }
        if (rotating) {
            leaveRotation(pick);
        }
        return chooseRichest(pick);
    }

    private int rotate(Pick pick) {
        int[] candidates = pick.candidates();
        for (int i = 0; i < candidates.length; i++) {
            next = next >= candidates.length ? 0 : next;
            int at = candidates[next++];
            if (pick.isUsable(at)) {
                return at;
            }
        }
        return Pick.NONE;
    }

    private int chooseRichest(Pick pick) {
        int richest = Pick.NONE;
        long total = 0;
        for (int at : pick.candidates()) {
            if (pick.isUsable(at)) {
                int weight = pick.weight(at);
                gained[at] += weight;
                total += weight;
                richest = richest == Pick.NONE || gained[at] > gained[richest] ? at : richest;
            }
        }
        if (richest != Pick.NONE) {
            gained[richest] -= total;
        }
        return richest;
    }

    /** The richest is the next in the rotation. */
    private void startRotation(int[] candidates) {
        next = 0;
        for (int i = 1; i < candidates.length; i++) {
            next = gained[candidates[i]] > gained[candidates[next]] ? i : next;
        }
        rotating = true;
    }

    /** Those that had their turn in the rotation have paid for it. */
    private void leaveRotation(Pick pick) {
        int[] candidates = pick.candidates();
        for (int i = 0; i < candidates.length; i++) {
            int weight = pick.weight(candidates[i]);
            gained[candidates[i]] = (long) weight * (i < next ? next - candidates.length : next);
        }
        rotating = false;
    }

    @Override
    public void adopt(PoolTable before, PoolTable after) {
        Map<TargetEntry, Integer> old = new HashMap<>();
        for (int at = 0; at < before.size(); at++) {
            old.put(before.target(at), at);
        }
        queue = queue == null || after.tier(tier).candidates().length <= LARGE ? null
                : queue.after(before, after, tier, old);
        next = rotating ? nextAfter(before, after, old) : next;
        long totalBefore = Math.max(1, before.tier(tier).weights().total());
        long totalAfter = after.tier(tier).weights().total();
        long[] carried = new long[after.size()];
        for (int at = 0; at < carried.length; at++) {
            Integer was = old.get(after.target(at));
            // In proportion to the cycle: a debt from a time of great weights must not take ages to pay with small ones.
            carried[at] = was == null ? 0 : gained[was] * totalAfter / totalBefore;
        }
        gained = carried;
    }

    /** The first candidate that had not had its turn yet, in the order of the new table. */
    private int nextAfter(PoolTable before, PoolTable after, Map<TargetEntry, Integer> old) {
        int[] was = before.tier(tier).candidates();
        int[] is = after.tier(tier).candidates();
        if (next >= was.length) {
            return 0;
        }
        for (int i = 0; i < is.length; i++) {
            Integer position = old.get(after.target(is[i]));
            if (position != null && position >= was[next]) {
                return i;
            }
        }
        return is.length;
    }
}
