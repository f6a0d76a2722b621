package io.halite.proxy.relay;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells, with the stack, when a relay loop does not come back: it stalls every connection that it owns. */
public final class LoopWatchdog implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LoopWatchdog.class.getName());
    private static final int FRAMES = 12;

    private final List<Loop> loops;
    private final Duration patience;
    private final Runnable beside;
    private final boolean[] stuck;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Watches loops from now on; more than this for one turn is worth a warning.
     *
     * @param beside what else is looked after as often
     */
    public LoopWatchdog(List<Loop> loops, Duration patience, Runnable beside) {
        this.beside = beside;
        this.loops = List.copyOf(loops);
        this.patience = patience;
        stuck = new boolean[loops.size()];
        Thread.ofPlatform().name("relay-watchdog").daemon(true).start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(patience.toMillis() / 2, TimeUnit.MILLISECONDS)) {
                for (int at = 0; at < loops.size(); at++) {
                    look(at, loops.get(at));
                }
                beside.run();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One line when a loop stops coming back, one when it does again. */
    private void look(int at, Loop loop) {
        long busy = loop.busyFor();
        boolean late = busy > patience.toNanos();
        if (late && !stuck[at]) {
            StringBuilder stack = new StringBuilder();
            StackTraceElement[] frames = loop.thread().getStackTrace();
            for (int frame = 0; frame < Math.min(FRAMES, frames.length); frame++) {
                stack.append(" < ").append(frames[frame]);
            }
            LOGGER.log(Level.WARNING, "relay loop does not come back loop=" + loop.index() + " millis="
                    + TimeUnit.NANOSECONDS.toMillis(busy) + " at=" + stack);
        } else if (!late && stuck[at]) {
            LOGGER.log(Level.INFO, "relay loop came back loop=" + loop.index());
        }
        stuck[at] = late;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
