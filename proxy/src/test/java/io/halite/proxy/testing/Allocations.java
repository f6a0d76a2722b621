package io.halite.proxy.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what a piece of code allocates on the calling thread once the compiler has warmed up. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 10;

    private Allocations() {}

    /** Asserts that the code allocates nothing per call; the best of several rounds counts, since the JVM has its own. */
    public static void assertNone(Runnable code) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS && best > 0; round++) {
            best = Math.min(best, bytesPerCall(code));
        }
        double bytes = best;
        assertTrue(bytes < 0.1, () -> bytes + " bytes per call");
    }

    private static double bytesPerCall(Runnable code) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            code.run();
        }
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}
