package io.halite.health.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HostPort;
import io.halite.health.probe.kind.Attempt;
import io.halite.health.testing.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final ManualTicker ticker = new ManualTicker();
    private final Deadlines deadlines = new Deadlines(ticker.nanos());
    private final List<Attempt> overdue = new ArrayList<>();

    private Attempt attempt(long millis) {
        return new Attempt(
                new HostPort("127.0.0.1", 1), InetAddress.getLoopbackAddress(), Duration.ofMillis(millis), ticker);
    }

    private void advance(long millis) {
        ticker.advance(Duration.ofMillis(millis));
        deadlines.expire(ticker.nanos(), overdue::add);
    }

    @Test
    void eachIsOverdueOnceSoonAfterItsDeadlineHoweverFarAhead() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Attempt, Integer> seen = new HashMap<>();
        int watched = 2_000;
        for (int i = 0; i < watched; i++) {
            Attempt attempt = attempt(1 + random.nextInt(20_000));
            deadlines.watch(attempt);
            seen.put(attempt, 0);
            advance(random.nextInt(5));
        }
        for (int i = 0; i < 1_000; i++) {
            advance(25);
        }
        assertEquals(watched, overdue.size(), "seed " + seed);
        overdue.forEach(attempt -> seen.merge(attempt, 1, Integer::sum));
        assertTrue(seen.values().stream().allMatch(count -> count == 1), "seed " + seed);
    }

    @Test
    void noneIsOverdueEarlyAndAnEndedOneNever() {
        Attempt late = attempt(500);
        Attempt ended = attempt(100);
        deadlines.watch(late);
        deadlines.watch(ended);
        ended.finish();
        advance(499);
        assertEquals(List.of(), overdue);
        advance(20);
        assertEquals(List.of(late), overdue);
    }

    @Test
    void aMovedDeadlineIsKept() {
        Attempt attempt = attempt(100);
        deadlines.watch(attempt);
        advance(50);
        attempt.begin();
        advance(99);
        assertEquals(List.of(), overdue);
        advance(20);
        assertEquals(List.of(attempt), overdue);
    }

    @Test
    void aPauseLongerThanTheWheelLosesNone() {
        Attempt attempt = attempt(700);
        Attempt far = attempt(60_000);
        deadlines.watch(attempt);
        deadlines.watch(far);
        advance(30_000);
        assertEquals(List.of(attempt), overdue);
        advance(30_020);
        assertEquals(List.of(attempt, far), overdue);
    }
}
