package io.halite.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long TICK = TimerWheel.TICK_NANOS;
    private static final long START = 12_345_678L;

    private final List<Item> fired = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(START);

    private static final class Item extends Timed {
        @Override
        protected void expired() {
            throw new IllegalStateException("the consumer fires");
        }
    }

    private void advance(long now) {
        wheel.advance(now, item -> fired.add((Item) item));
    }

    @Test
    void nothingFiresEarlyAndNothingFiresTwoTicksLate() {
        Item item = new Item();
        wheel.set(item, START + 5 * TICK);
        advance(START + 5 * TICK - 1);
        assertEquals(0, fired.size());
        advance(START + 7 * TICK);
        assertEquals(1, fired.size());
        advance(START + 100_000 * TICK);
        assertEquals(1, fired.size());
    }

    @Test
    void aDeadlineMovesBothWays() {
        Item item = new Item();
        wheel.set(item, START + 50 * TICK);
        wheel.set(item, START + 10 * TICK);
        advance(START + 12 * TICK);
        assertEquals(1, fired.size());
        wheel.set(item, START + 20 * TICK);
        wheel.set(item, START + 100_000 * TICK);
        advance(START + 99_999 * TICK);
        assertEquals(1, fired.size());
        advance(START + 100_002 * TICK);
        assertEquals(2, fired.size());
    }

    @Test
    void aClearedDeadlineDoesNotFireAndMayBeSetAgain() {
        Item item = new Item();
        wheel.set(item, START + 3 * TICK);
        wheel.clear(item);
        advance(START + 10 * TICK);
        assertEquals(0, fired.size());
        wheel.set(item, START + 12 * TICK);
        wheel.remove(item);
        advance(START + 20 * TICK);
        assertEquals(0, fired.size());
        wheel.set(item, START + 22 * TICK);
        advance(START + 24 * TICK);
        assertEquals(1, fired.size());
    }

    @Test
    void theNextSlotIsKnown() {
        assertEquals(Timed.NEVER, wheel.untilNext(START));
        Item item = new Item();
        wheel.set(item, START + 500 * TICK);
        long wait = wheel.untilNext(START);
        assertTrue(wait >= 500 * TICK && wait <= 502 * TICK, "waits " + wait / TICK);
        wheel.remove(item);
        assertEquals(Timed.NEVER, wheel.untilNext(START));
    }

    /** Against a map, over random operations. */
    @Test
    void agreesWithAMap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Item> items = new ArrayList<>();
        for (int count = 0; count < 200; count++) {
            items.add(new Item());
        }
        Map<Item, Long> expected = new HashMap<>();
        long now = START;
        for (int step = 0; step < 20_000; step++) {
            Item item = items.get(random.nextInt(items.size()));
            switch (random.nextInt(4)) {
                case 0 -> {
                    long deadline = now + (long) (random.nextDouble() * (random.nextBoolean() ? 20 : 5_000) * TICK);
                    wheel.set(item, deadline);
                    expected.put(item, deadline);
                }
                case 1 -> {
                    wheel.clear(item);
                    expected.remove(item);
                }
                case 2 -> {
                    wheel.remove(item);
                    expected.remove(item);
                }
                default -> {
                    now += (long) (random.nextDouble() * (random.nextInt(50) == 0 ? 3_000 : 3) * TICK);
                    fired.clear();
                    advance(now);
                    for (Item one : fired) {
                        Long deadline = expected.remove(one);
                        assertTrue(deadline != null && deadline <= now, "fired early, seed " + seed);
                    }
                    long late = now - 2 * TICK;
                    assertTrue(expected.values().stream().noneMatch(deadline -> deadline < late), "late, seed " + seed);
                }
            }
        }
    }
}
