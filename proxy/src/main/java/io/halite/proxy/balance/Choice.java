package io.halite.proxy.balance;

import io.halite.config.Algorithm;

/** An algorithm at work in one loop for one pool. */
sealed interface Choice permits
        RoundRobin, ConsistentHash, Choice.Drawn, Choice.FirstUsable, Choice.LeastRequest, Choice.LeastTime {

    /** The position of the chosen member, or {@link Pick#NONE} when no candidate is usable. */
    int choose(Pick pick);

    /** Carries what was learned over to the next table of the pool. */
    default void adopt(PoolTable before, PoolTable after) {}

    /** A number below the bound that decides between tiers: the same for what must meet the same target. */
    default int lot(Pick pick, int bound) {
        return pick.random(bound);
    }

    /** The algorithm at work in a tier of the pool. */
    static Choice of(Algorithm algorithm, PoolTable pool, int tier) {
        return switch (algorithm) {
            case Algorithm.RoundRobin roundRobin -> new RoundRobin(pool, tier);
            case Algorithm.LeastRequest leastRequest -> new LeastRequest();
            case Algorithm.LeastTime leastTime -> new LeastTime();
            case Algorithm.Random random -> new Drawn();
            case Algorithm.First first -> new FirstUsable();
            case Algorithm.Hash hash -> new ConsistentHash(hash.key(), new RoundRobin(pool, tier));
        };
    }

    /** {@code random}: drawn by weight. */
    final class Drawn implements Choice {
        @Override
        public int choose(Pick pick) {
            return pick.draw(Pick.NONE);
        }
    }

    /** {@code first}: the first in the order of the document. */
    final class FirstUsable implements Choice {
        @Override
        public int choose(Pick pick) {
            for (int at : pick.candidates()) {
                if (pick.isUsable(at)) {
                    return at;
                }
            }
            return Pick.NONE;
        }
    }

    /**
     * {@code leastRequest}: of two that are drawn by weight, the one with fewer requests per weight over all loops. A
     * tie goes to the first drawn, which keeps the shares of an idle pool at its weights.
     */
    final class LeastRequest implements Choice {
        @Override
        public int choose(Pick pick) {
            int one = pick.draw(Pick.NONE);
            int other = one == Pick.NONE ? Pick.NONE : pick.draw(one);
            if (other == Pick.NONE) {
                return one;
            }
            long load = (long) pick.inFlight(one) * pick.weight(other);
            return load <= (long) pick.inFlight(other) * pick.weight(one) ? one : other;
        }
    }

    /**
     * {@code leastTime}: of two that are drawn by weight, the one whose next request should be answered sooner: the
     * loop's average response time times the requests under way, per weight. A member that never answered is tried by
     * one request at a time.
     */
    final class LeastTime implements Choice {
        /** The response time to expect of a member that is still busy with its first request. */
        private static final double UNKNOWN = 1e12;

        @Override
        public int choose(Pick pick) {
            int one = pick.draw(Pick.NONE);
            int other = one == Pick.NONE ? Pick.NONE : pick.draw(one);
            return other == Pick.NONE || cost(pick, one) <= cost(pick, other) ? one : other;
        }

        private static double cost(Pick pick, int position) {
            int inFlight = pick.inFlight(position);
            double time = pick.pool().target(position).load().responseTime(pick.loop(), pick.now());
            double expected = time == 0 && inFlight > 0 ? UNKNOWN : time;
            return expected * (inFlight + 1) / pick.weight(position);
        }
    }
}
