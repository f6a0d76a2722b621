package io.halite.appliance.scenario;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that do one thing again and again until they are stopped, and count how it ends. Each takes a breath between,
 * so that they leave processor time to what they watch.
 */
public final class Callers implements AutoCloseable {
    private static final long BREATH_NANOS = Duration.ofMillis(3).toNanos();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentMap<String, Integer> outcomes = new ConcurrentSkipListMap<>();
    private volatile boolean over;

    private Callers() {}

    /** Starts so many, each of which does this and says how it ended. */
    public static Callers start(int count, Supplier<String> call) {
        Callers callers = new Callers();
        for (int i = 0; i < count; i++) {
            callers.threads.execute(() -> {
                while (!callers.over) {
                    callers.outcomes.merge(call.get(), 1, Integer::sum);
                    LockSupport.parkNanos(BREATH_NANOS);
                }
            });
        }
        return callers;
    }

    /** Ends after what is under way; how often each outcome was seen. */
    public Map<String, Integer> stop() throws InterruptedException {
        over = true;
        threads.shutdown();
        if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new AssertionError("a caller waits for two minutes; so far: " + outcomes);
        }
        return new TreeMap<>(outcomes);
    }

    @Override
    public void close() {
        over = true;
        threads.close();
    }
}
