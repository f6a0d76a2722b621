package io.halite.appliance.demo;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.demo.SampleBackend.Manner;
import io.halite.appliance.process.StopSignal;
import io.halite.config.Ticker;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small site on this machine: sample backends in this process, nodes as processes of their own, and a folder for
 * their data that goes when they go. Confined to one thread.
 */
final class Demo implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";
    private static final int ADMIN_PORT = 8443;
    private static final int CLUSTER_PORT = 7100;
    private static final int WEB_PORT = 8080;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<SampleBackend> backends = new ArrayList<>();
    private @Nullable AdminClient client;

    /** Starts everything and says what to try. */
    void start(Path launcher, StopSignal stop, PrintWriter out) throws IOException, InterruptedException {
        out.println("starting four sample backends and a node ...");
        out.flush();
        backend("steady", Manner.STEADY);
        backend("moody", Manner.MOODY);
        backend("slow", Manner.SLOW);
        backend("canary", Manner.STEADY);
        Path folder = Files.createTempDirectory("halite-demo-");
        open.push(() -> delete(folder));
        int webPort = portNear(WEB_PORT);
        DemoNode node = DemoNode.start(launcher, folder, "lb-1", ADDRESS, List.of(
                "--admin-port", Integer.toString(portNear(ADMIN_PORT)),
                "--cluster-port", Integer.toString(portNear(CLUSTER_PORT)), "--dns-port", "0"));
        open.push(node);
        Endpoint endpoint = node.awaitReady(stop);
        client = new AdminClient(endpoint);
        open.push(client);
        Answer answer = client.send("PUT", "/config", SampleSite.document(webPort, backends),
                Map.of("Content-Type", "application/yaml", "If-Match", client.get("/config").etag(),
                        "Halite-Reason", "sample site of the demo"));
        out.println(SampleSite.guide(webPort, endpoint, node.data(), launcher, answer.fields().text("revision")));
        out.flush();
    }

    private void backend(String name, Manner manner) throws IOException {
        SampleBackend backend = SampleBackend.start(name, manner, Ticker.SYSTEM);
        backends.add(backend);
        open.push(backend);
    }

    /** Shows the status until the signal. */
    void watch(StopSignal stop, PrintWriter out) throws InterruptedException {
        if (client != null) {
            new LiveStatus(client, out).show(stop);
        }
    }

    /** The port if it is free, else any that is. */
    private static int portNear(int wanted) throws IOException {
        for (int port : new int[] {wanted, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), port));
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (port == 0) {
                    throw taken;
                }
            }
        }
        throw new IOException("no free port");
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Stops everything in reverse, whatever fails. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.getLogger(Demo.class.getName()).log(System.Logger.Level.WARNING, "demo part not stopped", e);
            }
        }
    }
}
