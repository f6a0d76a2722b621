package io.halite.proxy.balance;

import io.halite.config.Algorithm.HashKey;

/**
 * {@code hash}: the target that a Maglev table over the key names, the same at every node. A target that may not be used
 * or has more than {@link #BOUND} times its share of the requests under way is passed over for that of another hash of
 * the key, so that the requests of a missing target spread over all others and nobody else's move. Without the key,
 * round robin.
 */
final class ConsistentHash implements Choice {
    /** How far above its share the load of a target may be. */
    static final double BOUND = 1.25;
    /** Up to here nobody is passed over: a client's few parallel requests should stay together on an idle pool. */
    static final int ALWAYS_ALLOWED = 4;
    private static final int HASHES = 32;
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final HashKeys keys;
    private final RoundRobin withoutKey;

    ConsistentHash(HashKey key, RoundRobin withoutKey) {
        keys = new HashKeys(key);
        this.withoutKey = withoutKey;
    }

    @Override
    public int choose(Pick pick) {
        MaglevTable table = pick.maglev();
        if (table == null || !keys.isPresent(pick.head())) {
            return withoutKey.choose(pick);
        }
        long hash = keys.hash(pick.head());
        double room = BOUND * (pick.pool().load().inFlight() + 1) / Math.max(1, pick.candidateWeights().total());
        for (int i = 0; i < HASHES; i++) {
            int at = table.position(hash);
            if (at != Pick.NONE && isOpen(pick, at, room)) {
                return at;
            }
            hash = HashKeys.mix(hash + STEP);
        }
        return withoutKey.choose(pick);
    }

    @Override
    public int lot(Pick pick, int bound) {
        return keys.isPresent(pick.head())
                ? (int) Long.remainderUnsigned(HashKeys.mix(~keys.hash(pick.head())), bound) : pick.random(bound);
    }

    private static boolean isOpen(Pick pick, int position, double room) {
        if (!pick.pool().eligibility().isCandidate(position) || !pick.isUsable(position)) {
            return false;
        }
        int inFlight = pick.inFlight(position);
        return inFlight < ALWAYS_ALLOWED || inFlight < Math.ceil(room * pick.pool().weight(position));
    }

    @Override
    public void adopt(PoolTable before, PoolTable after) {
        withoutKey.adopt(before, after);
    }
}
