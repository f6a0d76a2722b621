package io.halite.appliance.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A backend on 127.0.0.1 that answers its name, counts requests, and can be made to fail its check. */
public final class TestBackend implements AutoCloseable {
    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private volatile int healthStatus = 200;

    private TestBackend(String name, int port) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        server.setExecutor(threads);
        server.createContext("/health", this::health);
        server.createContext("/bytes/", this::download);
        server.createContext("/", this::answer);
        server.start();
    }

    public static TestBackend start(String name) throws IOException {
        return new TestBackend(name, 0);
    }

    public static TestBackend start(String name, int port) throws IOException {
        return new TestBackend(name, port);
    }

    private void health(HttpExchange exchange) throws IOException {
        probes.incrementAndGet();
        exchange.sendResponseHeaders(healthStatus, -1);
        exchange.close();
    }

    /** {@code /bytes/N}: N zero bytes, chunked. */
    private void download(HttpExchange exchange) throws IOException {
        long left = Long.parseLong(exchange.getRequestURI().getPath().substring("/bytes/".length()));
        exchange.sendResponseHeaders(200, left);
        byte[] block = new byte[64 * 1024];
        try (OutputStream body = exchange.getResponseBody()) {
            for (; left > 0; left -= Math.min(left, block.length)) {
                body.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (InputStream body = exchange.getRequestBody()) {
            byte[] block = new byte[64 * 1024];
            for (int read = body.read(block); read >= 0; read = body.read(block)) {
                received.addAndGet(read);
            }
        }
        StringBuilder text = new StringBuilder(name).append('\n');
        text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI()).append('\n');
        exchange.getRequestHeaders().forEach((key, values) ->
                values.forEach(value -> text.append(key).append(": ").append(value).append('\n')));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Backend", name);
        exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The address as a document writes it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    public int requests() {
        return requests.get();
    }

    public int probes() {
        return probes.get();
    }

    /** Bytes of request bodies received. */
    public long received() {
        return received.get();
    }

    /** What {@code /health} answers from now on. */
    public void answerHealthWith(int status) {
        healthStatus = status;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
