package io.halite.appliance.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of the operating system or of a person at the terminal that the process end (SIGTERM, SIGINT). The process
 * then ends by itself with 0 after its orderly stop, where a JVM without a handler would end with 143, and its log
 * would be closed before the work is done. A second signal ends it at once.
 */
public final class StopSignal {
    private static final int IMPATIENT = 130;

    private final CountDownLatch received = new CountDownLatch(1);

    private StopSignal() {}

    /** Starts to listen for the signals. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        Signals.on(List.of("TERM", "INT"), stop::receive);
        return stop;
    }

    private void receive() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(IMPATIENT);
        }
        received.countDown();
    }

    /** Waits for the first signal, at most this long; whether it came. */
    public boolean await(Duration limit) throws InterruptedException {
        return received.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for the first signal. */
    public void await() throws InterruptedException {
        received.await();
    }
}
