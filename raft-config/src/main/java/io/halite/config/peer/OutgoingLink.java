package io.halite.config.peer;

import io.halite.config.Ticker;
import io.halite.config.peer.Reply.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This node's way to another, in one order: dials when there is something to say, keeps the connection, and dials
 * again after it broke. Whoever asks never waits: requests queue until the dial succeeds or fails. Safe for use by
 * many threads; replies come on link threads, which must not be held up.
 *
 * <p>A request that gets no answer in time, on a connection on which nothing has come in since it was sent, takes the
 * connection with it: a black hole would otherwise be noticed by TCP alone, after minutes.
 */
final class OutgoingLink {
    private static final int MAX_WAITING = 4096;
    private static final long FIRST_PAUSE = Duration.ofMillis(50).toNanos();
    private static final int RENEWAL_LOOKS = 60;
    private static final long RENEWAL_LOOK_MILLIS = 50;
    private static final long LAST_PAUSE = Duration.ofSeconds(1).toNanos();

    /** Makes a connection to the node, proved and greeted. */
    @FunctionalInterface
    interface Dialer {
        OutgoingConnection dial() throws IOException;
    }

    private final String name;
    private final Dialer dialer;
    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stateChanged = lock.newCondition();
    private final Map<Long, Pending> pending = new HashMap<>();
    private final Queue<Frame> waiting = new ArrayDeque<>();
    private @Nullable OutgoingConnection connection;
    private boolean running;
    private boolean closed;
    private long nextId = 1;
    private long pause;

    OutgoingLink(String name, Dialer dialer, Ticker ticker, ScheduledExecutorService timer) {
        this.name = name;
        this.dialer = dialer;
        this.ticker = ticker;
        this.timer = timer;
    }

    private record Pending(Consumer<Reply> callback, long since, ScheduledFuture<?> timeout) {
        void complete(Reply reply) {
            timeout.cancel(false);
            callback.accept(reply);
        }
    }

    void request(String topic, byte[] payload, Duration limit, Consumer<Reply> callback) {
        boolean refused;
        lock.lock();
        try {
            long id = nextId++;
            Frame frame = new Frame(Frame.Kind.REQUEST, id, topic, payload);
            refused = frame.size() > Frame.MAX_BYTES || !enqueue(frame);
            if (!refused) {
                pending.put(id, new Pending(callback, ticker.nanos(),
                        timer.schedule(() -> timeOut(id), limit.toMillis(), TimeUnit.MILLISECONDS)));
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            callback.accept(new Failure(Reply.Kind.NOT_SENT, "the link to " + name + " cannot take more"));
        }
    }

    void message(String topic, byte[] payload) {
        lock.lock();
        try {
            enqueue(new Frame(Frame.Kind.MESSAGE, 0, topic, payload));
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(Frame frame) {
        if (closed) {
            return false;
        }
        OutgoingConnection open = connection;
        if (open != null) {
            return open.send(frame);
        }
        if (waiting.size() >= MAX_WAITING) {
            return false;
        }
        waiting.add(frame);
        if (!running) {
            running = true;
            Thread.ofVirtual().name("peer-to-" + name).start(this::run);
        }
        return true;
    }

    private void timeOut(long id) {
        Pending expired;
        lock.lock();
        try {
            expired = pending.remove(id);
            waiting.removeIf(frame -> frame.id() == id);
            OutgoingConnection open = connection;
            if (expired != null && open != null && open.lastHeard() - expired.since() < 0) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
        if (expired != null) {
            expired.complete(new Failure(Reply.Kind.TIMED_OUT, "no answer from " + name + " in time"));
        }
    }

    private void run() {
        while (true) {
            OutgoingConnection open = null;
            String why = "the link to " + name + " broke";
            Reply.Kind kind = Reply.Kind.NOT_SENT;
            try {
                open = dialer.dial();
                if (!install(open)) {
                    return;
                }
                kind = Reply.Kind.UNKNOWN;
                open.receive(this::received);
            } catch (IOException e) {
                if (e instanceof PeerDialer.NobodyThereException) {
                    kind = Reply.Kind.NOBODY_THERE;
                }
                why = (open == null ? name + " cannot be reached: " : why + ": ") + e.getMessage();
            }
            if (!ended(open, kind, why) || !rest()) {
                return;
            }
        }
    }

    private boolean install(OutgoingConnection open) {
        lock.lock();
        try {
            if (closed) {
                open.close();
                return false;
            }
            pause = 0;
            connection = open;
            waiting.forEach(open::send);
            waiting.clear();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void received(Frame frame) {
        Pending answered;
        lock.lock();
        try {
            answered = pending.remove(frame.id());
        } finally {
            lock.unlock();
        }
        if (answered != null) {
            answered.complete(frame.kind() == Frame.Kind.ANSWER
                    ? new Reply.Answer(frame.payload())
                    : new Failure(Reply.Kind.REFUSED,
                            new String(frame.payload(), StandardCharsets.UTF_8)));
        }
    }

    /** Tells everybody who waits; false when there is nothing left to dial for. */
    private boolean ended(@Nullable OutgoingConnection open, Reply.Kind kind, String why) {
        List<Pending> lost = new ArrayList<>();
        boolean more;
        lock.lock();
        try {
            if (open != null) {
                open.close();
            }
            connection = null;
            waiting.clear();
            lost.addAll(pending.values());
            pending.clear();
            pause = Math.clamp(pause * 2, FIRST_PAUSE, LAST_PAUSE);
            more = !closed;
        } finally {
            lock.unlock();
        }
        lost.forEach(request -> request.complete(new Failure(kind, why)));
        return more;
    }

    /** Waits before the next dial; false when nothing was asked meanwhile and the thread should end. */
    private boolean rest() {
        lock.lock();
        try {
            long left = pause;
            while (left > 0 && !closed) {
                left = stateChanged.awaitNanos(left);
            }
            running = !closed && !waiting.isEmpty();
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the connection anew once nothing waits for an answer on it, at the latest after a few seconds. */
    void renew() {
        OutgoingConnection old;
        lock.lock();
        try {
            old = connection;
        } finally {
            lock.unlock();
        }
        if (old != null) {
            renew(old, RENEWAL_LOOKS);
        }
    }

    private void renew(OutgoingConnection old, int looks) {
        boolean due;
        lock.lock();
        try {
            due = pending.isEmpty() || looks == 0 || connection != old;
        } finally {
            lock.unlock();
        }
        if (due) {
            old.close();
        } else {
            var ignored = timer.schedule(() -> renew(old, looks - 1), RENEWAL_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Drops the connection; the next request dials anew. */
    void reset() {
        lock.lock();
        try {
            if (connection != null) {
                connection.close();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<Pending> lost;
        lock.lock();
        try {
            closed = true;
            stateChanged.signalAll();
            if (connection != null) {
                connection.close();
            }
            lost = new ArrayList<>(pending.values());
            pending.clear();
            waiting.clear();
        } finally {
            lock.unlock();
        }
        lost.forEach(request -> request.complete(new Failure(Reply.Kind.UNKNOWN, "this node is stopping")));
    }
}
