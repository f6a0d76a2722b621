package io.halite.appliance.scenario.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.halite.config.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A target that passes every check and knows when each of them, told apart by its path, came. */
final class ProbeLog implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Check> checks = new ArrayList<>();

    /** The probes of one check. */
    private static final class Check {
        private final String path;
        private long probes;
        private long last = Ticker.SYSTEM.nanos();
        private long worst;

        Check(String path) {
            this.path = path;
        }

        synchronized void probed() {
            probes++;
            worst = gap();
            last = Ticker.SYSTEM.nanos();
        }

        synchronized long gap() {
            return Math.max(worst, Ticker.SYSTEM.nanos() - last);
        }

        synchronized void forget() {
            worst = 0;
        }

        synchronized long probes() {
            return probes;
        }
    }

    private ProbeLog(int count) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        for (int i = 0; i < count; i++) {
            Check check = new Check("/check-" + i);
            checks.add(check);
            server.createContext(check.path, exchange -> answer(check, exchange));
        }
        server.start();
    }

    /** A target that expects so many different checks. */
    static ProbeLog of(int checks) throws IOException {
        return new ProbeLog(checks);
    }

    private static void answer(Check check, HttpExchange exchange) throws IOException {
        check.probed();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /** A document that has every check made once a second; a target falls only after many failures in a row. */
    String site() {
        StringBuilder pools = new StringBuilder("apiVersion: halite/v1\npools:\n");
        for (Check check : checks) {
            pools.append("  p").append(check.path.substring("/check-".length()))
                    .append(": { check: { http: { path: ").append(check.path)
                    .append(" }, interval: 1s, timeout: 1s, fall: 10 }, targets: [ { name: t, address: \"127.0.0.1:")
                    .append(server.getAddress().getPort()).append("\" } ] }\n");
        }
        return pools.toString();
    }

    long probes() {
        return checks.stream().mapToLong(Check::probes).sum();
    }

    /** How often each check has been made. */
    List<Long> counts() {
        return checks.stream().map(Check::probes).toList();
    }

    /** Measures gaps from here on, those under way included. */
    void forget() {
        checks.forEach(Check::forget);
    }

    /** The longest time without a probe that any of the checks has seen. */
    Duration worstGap() {
        return Duration.ofNanos(checks.stream().mapToLong(Check::gap).max().orElse(0));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
