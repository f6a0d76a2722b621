package io.halite.health.orchestrator;

import java.time.Duration;

/** The durations of orchestration, together because they depend on one another. */
final class Timing {
    /** How long a worker owns what it was assigned after sending a renewal that was granted. */
    static final Duration LEASE = Duration.ofSeconds(3);
    /** The leader counts from when the renewal arrived, and longer: two clocks may each run wrong by one percent. */
    static final Duration LEASE_AT_LEADER = Duration.ofNanos(LEASE.toNanos() * 1_025 / 1_000);
    /** Two renewals may be lost. */
    static final Duration RENEW = Duration.ofSeconds(1);
    /** A new leader waits so long for the members to say what they hold, unless all have. */
    static final Duration COLLECT = Duration.ofMillis(500);
    /** Without a grant for so long a node probes for itself. */
    static final Duration ALONE_AFTER = Duration.ofSeconds(10);
    /** The same for a node that has had no grant since it started: until then it knows nothing at all. */
    static final Duration ALONE_AFTER_START = Duration.ofSeconds(3);
    /**
     * Without word for so long that every probe has an owner, a node probes everything besides what it owns. Faults that
     * follow one another, such as new leaders that die in their first second, thereby cannot add up: nothing stays
     * unprobed longer than a lease, a lost assignment and this, eleven seconds.
     */
    static final Duration COVER_AFTER = Duration.ofSeconds(6);
    /** Changes that follow one another faster are sent together. */
    static final Duration CONFLATE = Duration.ofMillis(25);
    /** An assignment or a view that was not confirmed is sent again after this. */
    static final Duration RESEND = Duration.ofMillis(1_500);
    /** Repair of what no version number noticed. */
    static final Duration REFRESH = Duration.ofSeconds(10);
    /** Findings or entries in one message. */
    static final int CHUNK = 4_096;
    /** A slow node that got better is trusted again after this. */
    static final Duration PROBATION = Duration.ofSeconds(30);

    private Timing() {}
}
