package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void aSplitIsExactAndSmooth() {
        WeightedSplit split = new WeightedSplit(2);
        int[] counts = new int[2];
        for (int i = 1; i <= 1_000; i++) {
            split.offer(0, 90);
            split.offer(1, 10);
            counts[split.take()]++;
            assertEquals(i / 10.0, counts[1], 1.0);
        }
        assertEquals(100, counts[1]);
    }

    @Test
    void aPartOfWeightZeroGetsNothingAndNoPartIsNone() {
        WeightedSplit split = new WeightedSplit(2);
        for (int i = 0; i < 10; i++) {
            split.offer(0, 0);
            split.offer(1, 3);
            assertEquals(1, split.take());
        }
        split.offer(0, 0);
        split.offer(1, 0);
        assertEquals(-1, split.take());
    }

    @Test
    void retriesAreLimitedToAShareOfTheRequestsUnderWay() {
        TestPool pool = TestPool.of(1);
        Balancer balancer = pool.balancer(0);
        for (int i = 0; i < 100; i++) {
            balancer.started(pool.target("a"));
        }
        int allowed = 0;
        while (balancer.retries().tryStart(20)) {
            allowed++;
        }
        assertEquals(20, allowed);

        balancer.retries().finishedRetry();

        assertTrue(balancer.retries().tryStart(20));
        assertFalse(balancer.retries().tryStart(20));
    }

    @Test
    void aQuietPoolMayRetryAFewTimesAtOnce() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < RetryBudget.MINIMUM; i++) {
            assertTrue(budget.tryStart(20));
        }
        assertFalse(budget.tryStart(20));
        assertFalse(new RetryBudget().tryStart(0));
    }

    @Test
    void loadIsCountedByEachLoopAndSummedByReaders() throws InterruptedException {
        TargetLoad load = new TargetLoad(4);
        Thread[] loops = new Thread[4];
        for (int i = 0; i < loops.length; i++) {
            int loop = i;
            loops[i] = Thread.ofPlatform().start(() -> {
                for (int request = 0; request < 50_000; request++) {
                    load.started(loop);
                    if (request % 10 > 0) {
                        load.finished(loop, request % 10 == 1);
                    }
                }
            });
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertEquals(4 * 5_000, load.inFlight());
        assertEquals(5_000, load.inFlight(2));
        assertEquals(4 * 50_000, load.started());
        assertEquals(4 * 5_000, load.failed());
    }
}
