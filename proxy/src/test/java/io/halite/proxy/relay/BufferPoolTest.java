package io.halite.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final int MANY = 500;
    private static final long PERIOD = 5_000_000_000L;

    private final BufferPool pool = new BufferPool(0);

    private List<IoBuffer> take(int count) {
        List<IoBuffer> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(pool.take(Loop.OUTPUT));
        }
        return taken;
    }

    /** How many of as many buffers as before are the same ones. */
    private int known(List<IoBuffer> before) {
        Set<IoBuffer> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(before);
        List<IoBuffer> again = take(before.size());
        int same = (int) again.stream().filter(known::contains).count();
        again.forEach(pool::give);
        return same;
    }

    @Test
    void whatWasInUseAtOnceIsUsedAgain() {
        List<IoBuffer> first = take(MANY);
        assertEquals((long) MANY * Loop.OUTPUT, pool.taken());
        first.forEach(pool::give);
        assertEquals(0, pool.taken());
        assertEquals(MANY, known(first));
        // It is remembered for the period that begins as well.
        pool.tidy(PERIOD);
        assertEquals(MANY, known(first));
    }

    @Test
    void whatIsOfNoUseIsLetGo() {
        List<IoBuffer> first = take(MANY);
        first.forEach(pool::give);
        pool.tidy(PERIOD - 1);
        pool.tidy(PERIOD);
        pool.tidy(2 * PERIOD);
        int kept = known(first);
        assertTrue(kept > 0 && kept < 20, kept + " are kept");
    }

    @Test
    void whatIsStillInUseIsNotKeptTwice() {
        List<IoBuffer> first = take(MANY);
        pool.tidy(PERIOD);
        pool.tidy(2 * PERIOD);
        first.forEach(pool::give);
        assertEquals(MANY, known(first));
    }

    @Test
    void sizesGoInClasses() {
        assertEquals(2 * 1024, pool.take(1).size());
        assertEquals(8 * 1024, pool.take(2 * 1024 + 1).size());
        assertEquals(Loop.OUTPUT, pool.take(Loop.OUTPUT).size());
        assertThrows(IllegalArgumentException.class, () -> pool.take(Loop.OUTPUT + 1));
    }

    @Test
    void whereMuchWaitsLessIsReadAndThenNothingBegun() {
        BufferPool small = new BufferPool(0, 2L * Loop.OUTPUT);
        assertEquals(Loop.INPUT, small.piece());
        IoBuffer one = small.take(Loop.OUTPUT);
        assertEquals(Loop.INPUT, small.piece());
        IoBuffer two = small.take(Loop.OUTPUT);
        assertTrue(small.piece() < 8 * 1024);
        assertFalse(small.isExhausted());
        IoBuffer three = small.take(Loop.OUTPUT);
        small.take(Loop.OUTPUT);
        assertTrue(small.isExhausted());
        List.of(one, two, three).forEach(small::give);
        assertFalse(small.isExhausted());
        assertEquals(Loop.INPUT, small.piece());
    }

    @Test
    void whereFarTooMuchWaitsNobodyGetsMore() {
        BufferPool small = new BufferPool(0, Loop.OUTPUT);
        small.count(3 * Loop.OUTPUT - 1);
        IoBuffer last = small.take(1);
        assertThrows(OverloadException.class, () -> small.take(1));
        small.give(last);
        assertEquals(2 * 1024, small.take(1).size());
        small.uncount(2 * Loop.OUTPUT);
        assertFalse(small.isExhausted());
    }
}
