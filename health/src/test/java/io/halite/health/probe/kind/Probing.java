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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs one probe the way the engine does, with a watchdog. */
final class Probing {
    private static final Duration GENEROUS = Duration.ofMinutes(2);

    private Probing() {}

    static ProbeResult probe(HealthCheck.Kind kind, HostPort target) throws IOException {
        return probe(kind, target, GENEROUS);
    }

    static ProbeResult probe(HealthCheck.Kind kind, HostPort target, Duration timeout) {
        return probe(kind, target, timeout, Manner.PLAIN);
    }

    /** Probes a target of a pool that speaks so. */
    static ProbeResult probe(HealthCheck.Kind kind, HostPort target, Manner manner) {
        return probe(kind, target, GENEROUS, manner);
    }

    private static ProbeResult probe(HealthCheck.Kind kind, HostPort target, Duration timeout, Manner manner) {
        Attempt attempt = new Attempt(target, InetAddress.ofLiteral(target.host()), timeout, Ticker.SYSTEM);
        return switch (Prober.of(kind, target, manner)) {
            case Prober.Plain plain -> hold(plain, attempt);
            case Prober.Blocking blocking -> block(blocking, attempt);
        };
    }

    private static ProbeResult hold(Prober.Plain prober, Attempt attempt) {
        try (DialogueLoop loop = new DialogueLoop()) {
            AtomicReference<@Nullable ProbeResult> result = new AtomicReference<>();
            loop.begin(prober, attempt, result::set);
            while (result.get() == null && attempt.remainingNanos() > 0) {
                loop.await(Math.clamp(attempt.remainingNanos() / 1_000_000, 1, 10));
            }
            attempt.expire();
            return Objects.requireNonNull(result.get());
        }
    }

    private static ProbeResult block(Prober.Blocking prober, Attempt attempt) {
        Thread watchdog = Thread.ofVirtual().start(() -> {
            while (!attempt.isFinished() && attempt.remainingNanos() > 0) {
                LockSupport.parkNanos(Math.min(attempt.remainingNanos(), 10_000_000));
            }
            attempt.expire();
        });
        ProbeResult result = prober.verdict(attempt);
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

    static String reason(Reason reason, ProbeResult result) {
        Failed failed = assertInstanceOf(Failed.class, result, result.toString());
        assertEquals(reason, failed.reason(), failed.evidence());
        return failed.evidence();
    }
}
