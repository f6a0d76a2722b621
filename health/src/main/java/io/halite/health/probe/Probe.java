package io.halite.health.probe;

import io.halite.config.HealthCheck;
import io.halite.health.Health;
import io.halite.health.Reason;
import io.halite.health.TargetHealth;
import io.halite.health.probe.kind.Prober;
import io.halite.health.probe.kind.ProbeResult;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One check of one address at work: its verdicts so far and its next turn. Owned by the engine's thread. */
final class Probe {
    // immutable
    final ProbeKey key;
    final Prober prober;
    final String kind;
    final @Nullable InetAddress literal;
    private final Pace pace;
    private final RiseFall verdicts;

    // only the engine's thread
    private ProbeStatus status;
    private long changedAt;
    private boolean judged;
    private boolean suspected;
    /** The tick of its next turn; a queued turn for another tick is stale. */
    long dueAt;
    long startedAt;
    boolean running;

    Probe(ProbeKey key, ProbeStatus known, long now) {
        HealthCheck check = key.check();
        this.key = key;
        this.prober = Prober.of(check.kind(), key.address(), key.manner());
        this.kind = Prober.key(check.kind());
        this.literal = literal(key.address().host());
        this.pace = new Pace(check);
        this.verdicts = new RiseFall(check.rise(), check.fall());
        this.status = known;
        this.changedAt = now;
        verdicts.adopt(known.health());
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    ProbeStatus status() {
        return status;
    }

    /** Whether no probe of it ended yet on this node. */
    boolean isNew() {
        return !judged;
    }

    /** Somebody met a dead connection: probe back to back until that is settled. */
    void suspect() {
        suspected = true;
    }

    /** Takes in a result; true when readers should know. */
    boolean absorb(ProbeResult result, Duration took, long now, Instant wall) {
        ProbeStatus before = status;
        switch (result) {
            case ProbeResult.Passed passed -> pass(passed, took, now, wall);
            case ProbeResult.Failed failed -> fail(failed, took, now, wall);
            case ProbeResult.Voided voided -> {
                if (status.health() == Health.UNKNOWN) {
                    status = new ProbeStatus(Health.UNKNOWN, status.reason(), voided.evidence(), status.since(), took,
                            TargetHealth.FULL_WEIGHT);
                }
                return false;
            }
        }
        boolean first = !judged;
        judged = true;
        return first || !status.isLike(before);
    }

    private void pass(ProbeResult.Passed passed, Duration took, long now, Instant wall) {
        suspected = false;
        if (verdicts.pass(now)) {
            changedAt = now;
            status = new ProbeStatus(Health.HEALTHY, passed.warning(), passed.evidence(), wall, took,
                    passed.weightPercent());
        } else if (verdicts.health() == Health.HEALTHY) {
            boolean same = status.reason() == passed.warning() && status.weightPercent() == passed.weightPercent()
                    && status.evidence().equals(passed.evidence());
            status = same ? status : new ProbeStatus(Health.HEALTHY, passed.warning(), passed.evidence(),
                    status.since(), took, passed.weightPercent());
        } else if (verdicts.isFlapping(now)) {
            status = new ProbeStatus(Health.UNHEALTHY, Reason.FLAPPING,
                    "it passes again, but fell more than " + RiseFall.MAX_FALLS + " times in "
                            + RiseFall.FALLS_WITHIN.toMinutes() + " minutes and is held down until it is calm",
                    status.since(), took, status.weightPercent());
        }
    }

    private void fail(ProbeResult.Failed failed, Duration took, long now, Instant wall) {
        boolean fell = verdicts.fail(now);
        if (fell) {
            changedAt = now;
        }
        suspected = suspected && verdicts.health() != Health.UNHEALTHY;
        if (fell || verdicts.health() != Health.HEALTHY) {
            Reason reason = verdicts.health() == Health.UNHEALTHY ? failed.reason() : Reason.INITIAL;
            status = new ProbeStatus(verdicts.health(), reason, failed.evidence(), fell ? wall : status.since(), took,
                    TargetHealth.FULL_WEIGHT);
        }
    }

    /** Nanoseconds from one start to the next, before jitter. */
    long intervalNanos(long now) {
        if (suspected) {
            return 0;
        }
        if (verdicts.isChanging()) {
            return pace.changingNanos();
        }
        return verdicts.health() == Health.UNHEALTHY ? pace.downNanos(now - changedAt) : pace.steadyNanos();
    }

    /** Nanoseconds until another try after a result that says nothing. */
    long retryNanos() {
        return pace.changingNanos();
    }
}
