package io.halite.proxy.balance;

import io.halite.config.Ejection;
import io.halite.config.Ticker;
import io.halite.health.PassiveSignals;
import io.halite.proxy.route.RequestHead;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses targets of one pool for one relay loop, by the pool's algorithm and the load that it hears of. Mutable, and
 * confined to the thread of its loop; nothing on the path of a request allocates.
 *
 * <p>A pick looks at the client's cookie first, then lets the algorithm choose among the candidates of the newest table
 * that are neither tried nor ejected nor without an address. When ejections leave nobody, they are ignored.
 */
public final class Balancer {
    private static final System.Logger LOGGER = System.getLogger(Balancer.class.getName());
    private static final long HOUR_MILLIS = 3_600_000;

    private final int loop;
    private final Ticker ticker;
    private final InstantSource clock;
    private final PassiveSignals signals;
    private final Pick pick;
    private final StickySession session = new StickySession();
    private final RetryBudget retries = new RetryBudget();
    private PoolTable pool;
    /** One per tier. */
    private Choice[] choices;
    private boolean pickedAnew;

    /**
     * A balancer that has seen no traffic.
     *
     * @param ticker may be the loop's cached time
     * @param signals hears of every target that could not be connected to
     */
    public Balancer(int loop, PoolTable pool, Ticker ticker, InstantSource clock, PassiveSignals signals) {
        this(loop, pool, ticker, clock, signals, new SplittableRandom());
    }

    Balancer(int loop, PoolTable pool, Ticker ticker, InstantSource clock, PassiveSignals signals,
            SplittableRandom random) {
        this.loop = loop;
        this.pool = pool;
        this.ticker = ticker;
        this.clock = clock;
        this.signals = signals;
        pick = new Pick(loop, pool, random, ticker);
        choices = choices(pool);
    }

    /**
     * Chooses a target for a new request or a retry; null when the pool has none to offer. A pool table newer than any
     * seen before is adopted, with an older one the newest stands.
     *
     * @param head of a TCP relay only the client's address is set
     * @param tried targets to avoid
     */
    public @Nullable TargetEntry pick(PoolTable latest, RequestHead head, TriedTargets tried) {
        if (latest.version() > pool.version()) {
            adopt(latest);
        }
        pick.begin(pool, head, tried);
        pickedAnew = true;
        int chosen = pool.stickyCookies() == null ? Pick.NONE : sticky(pool.stickyCookies(), head);
        if (chosen == Pick.NONE) {
            chosen = choose();
        }
        if (chosen == Pick.NONE && !pick.sawFull()) {
            pick.forgiveEjections();
            chosen = choose();
        }
        return chosen == Pick.NONE ? null : pool.target(chosen);
    }

    /** From the tier whose lot it is; when that has nobody to offer, from the first that has. */
    private int choose() {
        if (choices.length == 1) {
            return choices[0].choose(pick);
        }
        int first = drawTier();
        pick.tier(first);
        int chosen = choices[first].choose(pick);
        for (int tier = 0; tier < choices.length && chosen == Pick.NONE; tier++) {
            if (tier != first) {
                pick.tier(tier);
                chosen = choices[tier].choose(pick);
            }
        }
        return chosen;
    }

    private int drawTier() {
        int share = pool.tier(0).share();
        if (share == 100) {
            return 0;
        }
        int lot = choices[0].lot(pick, 100);
        int tier = 0;
        while (lot >= share && tier + 1 < choices.length) {
            tier++;
            share += pool.tier(tier).share();
        }
        return tier;
    }

    private static Choice[] choices(PoolTable pool) {
        Choice[] choices = new Choice[pool.tiers()];
        for (int tier = 0; tier < choices.length; tier++) {
            choices[tier] = Choice.of(pool.pool().algorithm(), pool, tier);
        }
        return choices;
    }

    /** Whether the last pick found nobody for no other reason than their load: a target may have room soon. */
    public boolean isSaturated() {
        return pick.sawFull();
    }

    /** Whether there is a candidate besides this target that was not tried. */
    public boolean hasOther(TargetEntry present, TriedTargets tried) {
        long now = ticker.nanos();
        for (int at : pool.eligibility().candidates()) {
            TargetEntry other = pool.target(at);
            if (other != present && !tried.contains(other) && other.socketAddress() != null
                    && !other.ejection().isEjected(now)) {
                return true;
            }
        }
        return false;
    }

    private int sticky(StickyCookies cookies, RequestHead head) {
        cookies.read(head, clock.millis() / HOUR_MILLIS, session);
        int kept = session.position();
        if (kept == Pick.NONE || !pool.eligibility().keepsSessions(kept) || !pick.isUsable(kept)) {
            return Pick.NONE;
        }
        pickedAnew = session.isDue();
        return kept;
    }

    private void adopt(PoolTable latest) {
        if (latest.pool().algorithm().equals(pool.pool().algorithm()) && latest.tiers() == pool.tiers()) {
            for (Choice choice : choices) {
                choice.adopt(pool, latest);
            }
        } else {
            choices = choices(latest);
        }
        pool = latest;
    }

    /** Whether the client must be told of the last pick by a cookie: the pool is sticky and its cookie does not hold. */
    public boolean needsCookie() {
        return pickedAnew && pool.stickyCookies() != null;
    }

    /**
     * Writes the cookie line that keeps a client at the target, {@code Set-Cookie: …\r\n}, and returns the position
     * after it; returns {@code at} when there is none to write. It takes up to {@link #cookieRoom} bytes.
     *
     * @param secure whether the client came over TLS
     */
    public int writeCookie(TargetEntry target, boolean secure, byte[] out, int at) {
        StickyCookies cookies = pool.stickyCookies();
        for (int position = 0; cookies != null && position < pool.size(); position++) {
            if (pool.target(position) == target) {
                return cookies.write(position, clock.millis() / HOUR_MILLIS, secure, session, out, at);
            }
        }
        return at;
    }

    /** The most that {@link #writeCookie} writes; zero when the pool is not sticky. */
    public int cookieRoom() {
        return pool.stickyCookies() == null ? 0 : pool.stickyCookies().room();
    }

    /**
     * A request goes to the target, unless loops that chose it at the same moment brought it to its limit.
     *
     * @return whether it may; then as {@link #started}
     */
    public boolean tryStart(TargetEntry target) {
        started(target);
        int most = pool.pool().upstream().limits().requests();
        // Far from the limit, what other loops do at this moment does not matter.
        if (target.load().inFlight() + target.load().loops() - 1 <= most) {
            return true;
        }
        VarHandle.fullFence();
        if (target.load().inFlight() <= most) {
            return true;
        }
        target.load().finished(loop, false);
        pool.load().finished(loop, false);
        retries.finished();
        return false;
    }

    /** A request, or a connection of a relay, goes to the target. */
    public void started(TargetEntry target) {
        target.load().started(loop);
        pool.load().started(loop);
        retries.started();
    }

    /**
     * It ended; exactly once for each {@link #started}, a retry being a start of its own.
     *
     * @param nanos from the end of the request to the head of the response; negative when none came
     */
    public void finished(TargetEntry target, Outcome outcome, long nanos) {
        boolean failed = outcome.severity() > 0;
        target.load().finished(loop, failed);
        pool.load().finished(loop, failed);
        retries.finished();
        if (failed) {
            failed(target, outcome, nanos);
        } else if (outcome == Outcome.SUCCESS) {
            target.ejection().succeeded();
            if (nanos >= 0) {
                target.load().observe(loop, nanos, ticker.nanos());
            }
        }
    }

    private void failed(TargetEntry target, Outcome outcome, long nanos) {
        long now = ticker.nanos();
        // A quick error must not look like a quick answer.
        if (nanos > target.load().responseTime(loop, now)) {
            target.load().observe(loop, nanos, now);
        }
        if (outcome == Outcome.CONNECT_REFUSED || outcome == Outcome.CONNECT_FAILED) {
            signals.suspect(target.ref());
        }
        Ejection rules = pool.pool().ejection();
        if (target.ejection().failed(outcome.severity(), rules) && rules.maxPercent() > 0
                && !target.ejection().isEjected(now)) {
            eject(target, rules, now);
        }
    }

    /** Ejects unless too many are out already or nobody else would be left. */
    private void eject(TargetEntry target, Ejection rules, long now) {
        EjectionGate gate = pool.entry().ejections();
        if (!gate.tryEnter()) {
            return;
        }
        int ejected = 0;
        int left = 0;
        for (int position = 0; position < pool.size(); position++) {
            TargetEntry other = pool.target(position);
            boolean out = other.ejection().isEjected(now);
            ejected += out ? 1 : 0;
            left += !out && other != target && pool.eligibility().isCandidate(position) ? 1 : 0;
        }
        boolean allowed = left > 0 && (ejected == 0 || (ejected + 1) * 100 <= rules.maxPercent() * pool.size());
        if (allowed) {
            target.ejection().eject(rules, now);
            LOGGER.log(System.Logger.Level.INFO, "target ejected target=" + target.ref() + " failuresInARow="
                    + rules.consecutive() + " for=" + target.ejection().remaining(now).toSeconds() + "s");
        }
        gate.leave(allowed);
    }

    /** The budget of this loop's retries in this pool. */
    public RetryBudget retries() {
        return retries;
    }
}
