package io.halite.admin.testing;

import io.halite.admin.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the event stream. */
public final class EventReader implements AutoCloseable {
    private static final Event END = new Event("", "end", "");

    private final HttpClient http;
    private final InputStream body;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    /** One event; empty where it has no id. */
    public record Event(String id, String type, String data) {}

    private EventReader(HttpClient http, InputStream body) {
        this.http = http;
        this.body = body;
        Thread.ofVirtual().start(this::read);
    }

    /** Opens the stream with this query, after this event. */
    public static EventReader open(AdminNode node, HttpClient.Version version, String query, String last) {
        HttpClient http = AdminNode.client(AdminNode.certificate(), version);
        HttpRequest.Builder request = new Caller(http, node.port, node.token(Role.VIEWER))
                .request("/api/v1/watch" + query).header("Accept", "text/event-stream");
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            boolean stream = response.statusCode() == 200
                    && response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream");
            if (!stream) {
                throw new AssertionError(response + " " + response.headers());
            }
            return new EventReader(http, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void read() {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8_192];
        try {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
                    take(text.substring(0, end));
                    text.delete(0, end + 2);
                }
            }
        } catch (IOException e) {
            // The end of the stream, as a client sees it.
        }
        ended = true;
        events.add(END);
    }

    private void take(String block) {
        String id = "";
        String type = "";
        String data = "";
        for (String line : block.split("\n", -1)) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        if (!type.isEmpty()) {
            events.add(new Event(id, type, data));
        }
    }

    /** The next event. */
    public Event next() {
        try {
            Event event = events.poll(120, TimeUnit.SECONDS);
            if (event == null || event.equals(END)) {
                throw new AssertionError("no event came");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The next event of a type. */
    public Event next(String type) {
        return next(type, "");
    }

    /** The next event of a type whose data contains a text. */
    public Event next(String type, String text) {
        Event event = next();
        while (!event.type().equals(type) || !event.data().contains(text)) {
            event = next();
        }
        return event;
    }

    /** Whether the stream has ended. */
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
