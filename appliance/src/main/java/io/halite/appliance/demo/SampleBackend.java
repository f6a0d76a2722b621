package io.halite.appliance.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.halite.config.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A backend on 127.0.0.1 that answers with its name, in its own manner. */
final class SampleBackend implements AutoCloseable {
    private final String name;
    private final Manner manner;
    private final Ticker ticker;
    private final long started;
    private final HttpServer server;
    /** Delays answers. */
    private final ScheduledExecutorService threads;

    /**
     * How a backend behaves.
     *
     * @param delay before each answer
     * @param sickFor for how long of each period its health check fails; zero for never
     */
    record Manner(Duration delay, Duration period, Duration sickFor) {
        static final Manner STEADY = new Manner(Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO);
        static final Manner SLOW = new Manner(Duration.ofMillis(150), Duration.ofMinutes(1), Duration.ZERO);
        static final Manner MOODY = new Manner(Duration.ZERO, Duration.ofSeconds(40), Duration.ofSeconds(15));
    }

    private SampleBackend(String name, Manner manner, Ticker ticker) throws IOException {
        this.name = name;
        this.manner = manner;
        this.ticker = ticker;
        this.started = ticker.nanos();
        this.threads = Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("sample-" + name).factory());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", this::health);
        server.createContext("/", this::answerLater);
        server.start();
    }

    static SampleBackend start(String name, Manner manner, Ticker ticker) throws IOException {
        return new SampleBackend(name, manner, ticker);
    }

    /** Whether its health check fails now. */
    private boolean isSick() {
        long phase = (ticker.nanos() - started) % manner.period().toNanos();
        // The sickness comes last in each period, so that everything begins healthy.
        return phase >= manner.period().minus(manner.sickFor()).toNanos();
    }

    private void health(HttpExchange exchange) throws IOException {
        boolean sick = isSick();
        respond(exchange, sick ? 503 : 200, sick ? "having a rest\n" : "ok\n");
    }

    private void answerLater(HttpExchange exchange) {
        // What fails here is a client that went away.
        var _ = threads.schedule(() -> {
            respond(exchange, 200, "hello from " + name + ": " + exchange.getRequestMethod() + " "
                    + exchange.getRequestURI() + "\n");
            return null;
        }, manner.delay().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("X-Backend", name);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    String name() {
        return name;
    }

    /** Its address as a document writes it. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
