package io.halite.appliance.scenario;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients with kept-alive connections that count what they are answered; a closed or refused connection counts as
 * failed.
 */
public final class Client implements AutoCloseable {
    private static final long BREATH_NANOS = Duration.ofMillis(3).toNanos();

    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentMap<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    private Client() {
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(60)).build();
    }

    /** Sends this many GETs by this many threads and waits for all. */
    public static Client get(int port, String path, int requests, int threads) throws InterruptedException {
        try (Client client = new Client()) {
            AtomicInteger left = new AtomicInteger(requests);
            CountDownLatch done = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                client.threads.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        client.once(port, path);
                    }
                    done.countDown();
                });
            }
            done.await();
            return client;
        }
    }

    /** Sends GETs by this many threads, each a breath after its last answer, until {@link #close}. */
    public static Client load(int port, String path, int threads) {
        Client client = new Client();
        for (int i = 0; i < threads; i++) {
            client.threads.execute(() -> {
                while (!client.stopped) {
                    client.once(port, path);
                    LockSupport.parkNanos(BREATH_NANOS);
                }
            });
        }
        return client;
    }

    private void once(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(2)).build();
        String answer;
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            answer = response.statusCode() == 200 ? "200" : response.statusCode() + " " + response.body();
        } catch (IOException e) {
            answer = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        answers.computeIfAbsent(answer, key -> new AtomicInteger()).incrementAndGet();
    }

    /** Answers with status 200. */
    public int succeeded() {
        AtomicInteger count = answers.get("200");
        return count == null ? 0 : count.get();
    }

    /** Everything that was answered or went wrong, with its count. */
    public String summary() {
        return answers.toString();
    }

    /** Whether every request was answered with 200. */
    public boolean allSucceeded() {
        return answers.size() == 1 && succeeded() > 0;
    }

    /** Ends the load after the requests under way. */
    @Override
    public void close() {
        stopped = true;
        threads.close();
        http.close();
    }
}
