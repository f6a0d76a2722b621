package io.halite.appliance;

import io.halite.config.ClusterConfig;
import io.halite.config.Ticker;
import io.halite.config.Zone;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has the clients of a drained node leave. It is out of DNS answers at once, but serves whoever comes, as answers in caches
 * still name it: when those have run out, clients with open connections are asked to leave over as long again, and so are
 * those who came meanwhile, in turns. Then they come back to other nodes. Who is there still when the config's time for it
 * is over, as streams of bytes may be, which cannot be asked, is cut off; unless the node is ready again before.
 */
final class ClientDismissal implements AutoCloseable {
    /** Without a zone nobody is sent elsewhere by DNS; still not all come back in one moment. */
    static final Duration LEAST = Duration.ofSeconds(5);
    private static final System.Logger LOGGER = System.getLogger(ClientDismissal.class.getName());
    private static final long LOOK_MILLIS = 500;

    private final BooleanSupplier draining;
    private final Supplier<Duration> answersLast;
    private final Consumer<Duration> dismiss;
    private final Runnable recall;
    private final Ticker ticker;
    private final CountDownLatch closed = new CountDownLatch(1);

    // only the watching thread
    private boolean drained;
    private long due;

    /**
     * Watches nothing yet.
     *
     * @param draining whether people have this node drained
     * @param answersLast how long DNS answers stay in caches
     * @param dismiss asks clients to leave over a time
     * @param recall lets those stay who were asked and are there still
     */
    ClientDismissal(BooleanSupplier draining, Supplier<Duration> answersLast, Consumer<Duration> dismiss, Runnable recall,
            Ticker ticker) {
        this.draining = draining;
        this.answersLast = answersLast;
        this.dismiss = dismiss;
        this.recall = recall;
        this.ticker = ticker;
    }

    /** Watches until it is closed. */
    ClientDismissal watch() {
        Thread.ofVirtual().name("client-dismissal").start(() -> {
            try {
                while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    look(ticker.nanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /** Asks when it is time to. */
    void look(long now) {
        boolean drainedNow = draining.getAsBoolean();
        if (drainedNow && !drained) {
            due = now + answersLast.get().toNanos();
        }
        if (drained && !drainedNow) {
            recall.run();
        }
        drained = drainedNow;
        if (drained && now - due >= 0) {
            Duration spread = answersLast.get();
            due = now + 2 * spread.toNanos();
            LOGGER.log(System.Logger.Level.INFO, "drained node asks its clients to leave over=" + spread.toMillis() + "ms");
            dismiss.accept(spread);
        }
    }

    /** How long answers of the zones of a config stay in caches, at most. */
    static Duration answersLast(ClusterConfig config) {
        Duration longest = LEAST;
        for (Zone zone : config.zones().values()) {
            longest = longer(longest, zone.ttl());
            for (Zone.NameSettings name : zone.names().values()) {
                Duration own = name.ttl();
                longest = own == null ? longest : longer(longest, own);
            }
        }
        return longest;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
