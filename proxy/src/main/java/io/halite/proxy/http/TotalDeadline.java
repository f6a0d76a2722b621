package io.halite.proxy.http;

import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.Timed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that an exchange may take as a whole, beside the deadlines of its connections. Confined to one loop. */
final class TotalDeadline extends Timed {
    private final Loop loop;
    private final Runnable over;
    private boolean running;

    TotalDeadline(Loop loop, Runnable over) {
        this.loop = loop;
        this.over = over;
    }

    /** Begins, unless there is no limit; counted from the first byte of the request. */
    void begin(@Nullable Duration limit, long startedNanos) {
        if (limit != null) {
            running = true;
            loop.deadline(this, Math.max(0, limit.toNanos() - (loop.now() - startedNanos)));
        }
    }

    void end() {
        if (running) {
            running = false;
            loop.cancel(this);
        }
    }

    @Override
    protected void expired() {
        running = false;
        over.run();
    }
}
