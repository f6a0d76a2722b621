package io.halite.config.document;

import io.halite.config.Ejection;
import io.halite.config.Retries;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import java.time.Duration;
import java.util.List;

/** What a pool does when a target fails: retries and ejection. Stateless. */
final class ResilienceShape {
    private static final int MAX_CONSECUTIVE = 1_000;
    private static final Type<Duration> PAUSE = Scalars.duration(Duration.ZERO, Duration.ofMinutes(1));
    private static final Type<Duration> EJECTION_TIME = Scalars.duration(Duration.ofSeconds(1), Duration.ofHours(1));

    private static final Key<Retries, Integer> ATTEMPTS = Key.of("attempts", Retries::attempts,
            Scalars.integer(0, Retries.MAX_ATTEMPTS), Retries.DEFAULT.attempts(),
            "tries after the first, each at another target and only where that is safe");
    private static final Key<Retries, Integer> BUDGET = Key.of("budget", Retries::budget, Scalars.percent(0, 100),
            Retries.DEFAULT.budget(), "share of the requests in flight that may be retries at one time");

    private static final Key<Retries, List<Integer>> STATUSES = Key.of("statuses", Retries::statuses,
            Composites.oneOrMore(Scalars.integer(400, 599)), List.<Integer>of(),
            "after which a request that is safe to repeat is tried again; by default only failed connections");
    private static final Key<Retries, Duration> BACKOFF = Key.of("backoff", Retries::backoff, PAUSE,
            Retries.DEFAULT_BACKOFF, "before the first retry, doubled for each more, with full jitter");
    private static final Key<Retries, Duration> MAX_BACKOFF = Key.of("maxBackoff", Retries::maxBackoff, PAUSE,
            Retries.DEFAULT_MAX_BACKOFF, "the longest pause");
    private static final Key<Retries, Duration> PER_TRY = Key.optional("perTry",
            Retries::perTry, LoadBalancerShape.TIMEOUT,
            "for the head of the response of one try; by default the load balancer's responseHeader");
    static final Shape<Retries> RETRIES = Shape.of(fields -> new Retries(fields.get(ATTEMPTS),
            fields.get(BUDGET), fields.get(STATUSES), fields.get(BACKOFF), fields.get(MAX_BACKOFF), fields.find(PER_TRY)),
            ATTEMPTS, BUDGET, STATUSES, BACKOFF, MAX_BACKOFF, PER_TRY);

    private static final Key<Ejection, Integer> CONSECUTIVE = Key.of("consecutive", Ejection::consecutive,
            Scalars.integer(1, MAX_CONSECUTIVE), Ejection.DEFAULT.consecutive(), "failures in a row that eject a target");
    private static final Key<Ejection, Duration> BASE = Key.of("base", Ejection::base,
            EJECTION_TIME, Ejection.DEFAULT.base(),
            "time of the first ejection; multiplied by the number of ejections");
    private static final Key<Ejection, Integer> MAX_PERCENT = Key.of("maxPercent", Ejection::maxPercent,
            Scalars.percent(0, 100), Ejection.DEFAULT.maxPercent(),
            "share of a pool that may be ejected at one time, though always one target");
    private static final Key<Ejection, Duration> MAX = Key.of("max", Ejection::max,
            EJECTION_TIME, Ejection.DEFAULT_MAX,
            "the longest ejection");
    static final Shape<Ejection> EJECTION = Shape.of(fields -> new Ejection(fields.get(CONSECUTIVE),
            fields.get(BASE), fields.get(MAX_PERCENT), fields.get(MAX)), CONSECUTIVE, BASE, MAX_PERCENT, MAX);

    private ResilienceShape() {}
}
