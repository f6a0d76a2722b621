package io.halite.health.probe.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Passed;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Runs one probe the way the engine does, with a watchdog. */
final class Probing {
    private static final Duration GENEROUS = Duration.ofSeconds(20);

    private Probing() {}

    static ProbeResult probe(HealthCheck.Kind kind, HostPort target) throws IOException {
        return probe(kind, target, GENEROUS);
    }

    static ProbeResult probe(HealthCheck.Kind kind, HostPort target, Duration timeout) throws IOException {
        Attempt attempt = new Attempt(target, InetAddress.ofLiteral(target.host()), timeout, Ticker.SYSTEM);
        Thread watchdog = Thread.ofVirtual().start(() -> {
            while (!attempt.isFinished() && attempt.remainingNanos() > 0) {
                LockSupport.parkNanos(Math.min(attempt.remainingNanos(), 10_000_000));
            }
            attempt.expire();
        });
        ProbeResult result = Prober.of(kind).verdict(attempt);
        LockSupport.unpark(watchdog);
        return result;
    }

    static Passed passes(HealthCheck.Kind kind, HostPort target) throws IOException {
        return assertInstanceOf(Passed.class, probe(kind, target));
    }

    /** Fails for this reason; answers the evidence. */
    static String fails(Reason reason, HealthCheck.Kind kind, HostPort target) throws IOException {
        return reason(reason, probe(kind, target));
    }

    /** Fails for this reason within a short time-out; answers the evidence. */
    static String failsSoon(Reason reason, HealthCheck.Kind kind, HostPort target) throws IOException {
        return reason(reason, probe(kind, target, Duration.ofMillis(300)));
    }

    private static String reason(Reason reason, ProbeResult result) {
        Failed failed = assertInstanceOf(Failed.class, result, result.toString());
        assertEquals(reason, failed.reason(), failed.evidence());
        return failed.evidence();
    }
}
