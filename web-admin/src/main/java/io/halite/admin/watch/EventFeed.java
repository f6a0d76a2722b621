package io.halite.admin.watch;

import io.halite.admin.watch.FeedEvent.Topic;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events in order, each serialised once and shared by all watchers. The latest are kept, so that a watcher which lost
 * its connection goes on where it was; one that is too slow loses its connection instead of holding memory. Safe for
 * use by many threads.
 */
public final class EventFeed implements AutoCloseable {
    static final int KEPT = 1_000;
    static final int MAX_WATCHERS = 500;
    private static final int QUEUE = 256;

    private final String id;
    private final Supplier<List<Entry>> snapshot;
    // guarded by this
    private final Deque<FeedEvent> kept = new ArrayDeque<>();
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private long last;
    private boolean closed;

    /** An event before it is numbered. */
    record Entry(Topic topic, Tree data) {}

    /**
     * A feed.
     *
     * @param id different for each feed of the cluster and each start of it
     * @param snapshot everything that a watcher must know who cannot resume
     */
    EventFeed(String id, Supplier<List<Entry>> snapshot) {
        this.id = id;
        this.snapshot = snapshot;
    }

    /** Tells everyone. */
    synchronized void publish(Topic topic, Tree data) {
        if (closed) {
            return;
        }
        FeedEvent event = new FeedEvent(id, ++last, topic, data);
        if (topic != Topic.STATS && topic != Topic.HEARTBEAT) {
            kept.addLast(event);
            if (kept.size() > KEPT) {
                kept.removeFirst();
            }
        }
        watchers.forEach(watcher -> watcher.offer(event));
    }

    /** How many watch now. */
    public synchronized int watching() {
        return watchers.size();
    }

    /** Whether no more watchers are taken. */
    synchronized boolean isFull() {
        return closed || watchers.size() >= MAX_WATCHERS;
    }

    /**
     * A new watcher, who is told nothing until it writes.
     *
     * @param lastSeen the id of the last event that it saw, or null
     */
    Watcher watcher(Set<Topic> topics, @Nullable String lastSeen) {
        return new Watcher(topics, lastSeen);
    }

    /** Takes a watcher in; gives what it missed, which is a snapshot when that is not known. */
    private List<FeedEvent> join(Watcher watcher, @Nullable String lastSeen) {
        long from;
        synchronized (this) {
            if (closed) {
                watcher.end();
                return List.of();
            }
            watchers.add(watcher);
            List<FeedEvent> missed = missed(lastSeen);
            if (missed != null) {
                return missed;
            }
            from = last;
        }
        // After joining, so that nothing falls in between; what is told twice is newer the second time.
        return snapshot.get().stream().map(entry -> new FeedEvent(id, from, entry.topic(), entry.data())).toList();
    }

    /** The events after one; null when they are not all here. */
    private @Nullable List<FeedEvent> missed(@Nullable String lastSeen) {
        if (lastSeen == null || !lastSeen.startsWith(id + "-")) {
            return null;
        }
        String text = lastSeen.substring(id.length() + 1);
        if (!text.matches("[0-9]{1,18}")) {
            return null;
        }
        long seen = Long.parseLong(text);
        boolean forgotten = kept.size() == KEPT && kept.getFirst().number() > seen + 1;
        List<FeedEvent> after = new ArrayList<>(kept);
        after.removeIf(event -> event.number() <= seen);
        return forgotten || seen > last ? null : after;
    }

    private synchronized void leave(Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    public synchronized void close() {
        closed = true;
        watchers.forEach(Watcher::end);
        watchers.clear();
    }

    /** One client that watches. Its queue is filled by the feed and emptied by the thread that writes to the client. */
    final class Watcher {
        private final Set<Topic> topics;
        private final @Nullable String lastSeen;
        private final BlockingQueue<FeedEvent> queue = new ArrayBlockingQueue<>(QUEUE);
        private final FeedEvent end = new FeedEvent("", 0, Topic.HEARTBEAT, Tree.mapping().build());

        private Watcher(Set<Topic> topics, @Nullable String lastSeen) {
            this.topics = topics;
            this.lastSeen = lastSeen;
        }

        private void offer(FeedEvent event) {
            if (wants(event) && !queue.offer(event)) {
                end();
            }
        }

        private boolean wants(FeedEvent event) {
            return event.topic() == Topic.HEARTBEAT || topics.contains(event.topic());
        }

        private void end() {
            queue.clear();
            queue.add(end);
        }

        /** Writes events until the feed ends or the client is gone or too slow. */
        void writeTo(OutputStream out) throws IOException {
            try {
                out.write("retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII));
                for (FeedEvent event : join(this, lastSeen)) {
                    if (wants(event)) {
                        out.write(event.bytes());
                    }
                }
                out.flush();
                for (FeedEvent event = queue.take(); event != end; event = queue.take()) {
                    out.write(event.bytes());
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                leave(this);
            }
        }
    }
}
