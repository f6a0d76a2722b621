package io.halite.appliance.scenario.health;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One target that every node reaches by an address of its own, each of which can be cut; it answers its name. */
final class WayToTarget implements AutoCloseable {
    private static final int TRIES = 20;

    private final String name;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Integer, HttpServer> ways = new ConcurrentHashMap<>();

    private WayToTarget(String name, int nodes) throws IOException {
        this.name = name;
        HttpServer first = listen(1, 0);
        port = first.getAddress().getPort();
        ways.put(1, first);
        for (int node = 2; node <= nodes; node++) {
            heal(node);
        }
    }

    /** A target that is reached by this many nodes. */
    static WayToTarget open(String name, int nodes) throws IOException {
        BindException taken = new BindException("no port is free on all addresses");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new WayToTarget(name, nodes);
            } catch (BindException e) {
                taken.addSuppressed(e);
            }
        }
        throw taken;
    }

    /** By which address a node reaches it. */
    static String address(int node) {
        return "127.0.1." + node;
    }

    int port() {
        return port;
    }

    /** The node's way is refused from now on. */
    void cut(int node) {
        HttpServer server = ways.remove(node);
        if (server != null) {
            server.stop(0);
        }
    }

    void heal(int node) throws IOException {
        ways.put(node, listen(node, port));
    }

    private HttpServer listen(int node, int at) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address(node)), at), 128);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = (name + "\n").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Override
    public void close() {
        ways.values().forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
