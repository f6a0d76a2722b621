package io.halite.appliance.cli.client;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events of a node as they come: {@code text/event-stream} (WHATWG HTML, section 9.2). A thread of its own reads, so that a
 * node which says nothing for too long is noticed, though its connection stands. Used by one thread.
 */
public final class EventStream implements AutoCloseable {
    /** A node says something every ten seconds. */
    private static final Duration SILENCE = Duration.ofSeconds(35);
    private static final int WAITING = 1_000;
    private static final Event END = new Event("", "", new Fields(Tree.mapping().build()));

    private final InputStream body;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(WAITING);

    /**
     * One event.
     *
     * @param id where a later stream can go on; empty for events that are not told again
     * @param topic revision, health, event, stats or heartbeat
     */
    public record Event(String id, String topic, Fields data) {}

    EventStream(InputStream body) {
        this.body = body;
        Thread.ofVirtual().name("events").start(this::read);
    }

    /** The next event; empty once the node ends the stream, or has been silent for so long that it must be gone. */
    public Optional<Event> next() {
        try {
            Event event = events.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.ofNullable(event).filter(some -> !some.equals(END));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = "";
            String topic = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("event:")) {
                    topic = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5).strip()).append('\n');
                } else if (line.isEmpty()) {
                    Event event = event(id, topic, data.toString());
                    if (event != null) {
                        events.put(event);
                    }
                    id = "";
                    topic = "";
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            // Told as the end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            events.offer(END);
        }
    }

    /** Null for what is no event, or one of a newer node that is not understood. */
    private static @Nullable Event event(String id, String topic, String data) {
        try {
            return !data.isEmpty()
                    && TreeText.read(data.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT) instanceof Tree.Mapping tree
                    ? new Event(id, topic, new Fields(tree)) : null;
        } catch (TreeSyntaxException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // It is at its end either way.
        }
    }
}
