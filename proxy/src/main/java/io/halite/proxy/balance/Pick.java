package io.halite.proxy.balance;

import io.halite.config.Limits;
import io.halite.config.Ticker;
import io.halite.config.Upstream.TargetLimits;
import io.halite.proxy.route.RequestHead;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One choice under way: what is chosen among and for whom. One object per balancer, filled anew for each pick, so that
 * picking allocates nothing.
 */
final class Pick {
    /** No member. */
    static final int NONE = -1;
    private static final int DRAWS = 8;

    private final int loop;
    private final RandomGenerator random;
    private final Ticker ticker;
    private PoolTable pool;
    private Tier tier;
    private @Nullable RequestHead head;
    private @Nullable TriedTargets tried;
    private long now;
    private boolean warming;
    private boolean ejectionsCount;
    private int mostRequests;
    private int mostConnections;
    private boolean sawFull;

    Pick(int loop, PoolTable pool, RandomGenerator random, Ticker ticker) {
        this.loop = loop;
        this.pool = pool;
        tier = pool.tier(0);
        this.random = random;
        this.ticker = ticker;
    }

    void begin(PoolTable table, RequestHead request, TriedTargets avoided) {
        pool = table;
        tier = table.tier(0);
        head = request;
        tried = avoided;
        now = ticker.nanos();
        warming = table.slowStart().isActive(now);
        ejectionsCount = true;
        TargetLimits limits = table.pool().upstream().limits();
        // A relay is one connection, and no request.
        mostRequests = request.methodEnd() > 0 ? limits.requests() : Limits.NO_LIMIT;
        mostConnections = limits.connections();
        sawFull = false;
    }

    /** Whether a member was passed over for nothing but its load. */
    boolean sawFull() {
        return sawFull;
    }

    /** From now on ejected members are as good as others: with all of them out, some answer beats none. */
    void forgiveEjections() {
        ejectionsCount = false;
    }

    int loop() {
        return loop;
    }

    PoolTable pool() {
        return pool;
    }

    RequestHead head() {
        if (head == null) {
            throw new IllegalStateException("no pick under way");
        }
        return head;
    }

    long now() {
        return now;
    }

    /** From now on the candidates are those of this tier. */
    void tier(int index) {
        tier = pool.tier(index);
    }

    int[] candidates() {
        return tier.candidates();
    }

    CandidateWeights candidateWeights() {
        return tier.weights();
    }

    /** Prepared when the algorithm is hash, else null. */
    @Nullable MaglevTable maglev() {
        return tier.maglev();
    }

    /** A number below the bound, at random. */
    int random(int bound) {
        return random.nextInt(bound);
    }

    /** Whether weights stand as they are written. */
    boolean isWarm() {
        return !warming;
    }

    /** Whether a candidate, or a member a cookie names, can take this request now. */
    boolean isUsable(int position) {
        TargetEntry target = pool.target(position);
        return target.socketAddress() != null
                && (tried == null || !tried.contains(target))
                && !(ejectionsCount && target.ejection().isEjected(now))
                && hasRoom(target);
    }

    private boolean hasRoom(TargetEntry target) {
        boolean room = target.load().inFlight() < mostRequests
                && (mostConnections == Limits.NO_LIMIT || target.sockets().hasRoom(loop, mostConnections));
        sawFull |= !room;
        return room;
    }

    /** The weight at this moment, in units of {@link SlowStart#SCALE}; positive for candidates. */
    int weight(int position) {
        int weight = pool.weight(position) * SlowStart.SCALE;
        return warming ? Math.max(1, (int) (weight * pool.slowStart().share(position, now))) : weight;
    }

    int inFlight(int position) {
        return pool.target(position).load().inFlight();
    }

    /**
     * A usable candidate other than {@code except}, drawn by weight; {@link #NONE} when there is none. Draws that hit
     * an unusable one are repeated, and a member that warms up is passed over in proportion; if that takes too long,
     * all are looked at.
     */
    int draw(int except) {
        if (candidates().length == 0) {
            return NONE;
        }
        for (int i = 0; i < DRAWS; i++) {
            int drawn = candidateWeights().draw(random);
            if (drawn != except && isUsable(drawn)
                    && (!warming || random.nextDouble() < pool.slowStart().share(drawn, now))) {
                return drawn;
            }
        }
        return drawFromAll(except);
    }

    private int drawFromAll(int except) {
        long total = 0;
        for (int at : candidates()) {
            total += at != except && isUsable(at) ? weight(at) : 0;
        }
        if (total == 0) {
            return NONE;
        }
        long drawn = random.nextLong(total);
        int last = NONE;
        for (int at : candidates()) {
            if (at != except && isUsable(at)) {
                last = at;
                drawn -= weight(at);
                if (drawn < 0) {
                    break;
                }
            }
        }
        return last;
    }
}
