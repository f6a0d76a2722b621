package io.halite.appliance.demo;

import io.halite.appliance.cli.client.AdminClient;
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
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
    private static final int PORT_TRIES = 20;
    private static final int ADMIN_PORT = 8443;
    private static final int CLUSTER_PORT = 7100;
    private static final int WEB_PORT = 8080;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<SampleBackend> backends = new ArrayList<>();
    private @Nullable AdminClient client;

    /** Starts everything and says what to try. */
    void start(Path launcher, StopSignal stop, PrintWriter out) throws IOException, InterruptedException {
        tell(out, "starting four sample backends and a node ...");
        backend("steady", Manner.STEADY);
        backend("moody", Manner.MOODY);
        backend("slow", Manner.SLOW);
        backend("canary", Manner.STEADY);
        Path folder = Files.createTempDirectory("halite-demo-");
        open.push(() -> delete(folder));
        Ports ports = new Ports(portNear(ADMIN_PORT), portNear(CLUSTER_PORT), portNear(WEB_PORT));

        DemoNode first = open(DemoNode.start(launcher, folder, "lb-1", ADDRESSES.getFirst(), ports.options()));
        Endpoint endpoint = first.awaitReady(stop);
        AdminClient asked = open(new AdminClient(endpoint));
        client = asked;
        tell(out, "two more nodes join it by its address ...");
        String token = asked.post("/tokens:join", "{\"uses\":2}").fields().text("token");
        List<DemoNode> others = new ArrayList<>();
        for (int i = 1; i < ADDRESSES.size(); i++) {
            List<String> options = new ArrayList<>(ports.options());
            options.addAll(List.of("--join", endpoint.url().getAuthority(), "--token", token));
            others.add(open(DemoNode.start(launcher, folder, "lb-" + (i + 1), ADDRESSES.get(i), options)));
        }
        for (DemoNode other : others) {
            other.awaitReady(stop);
        }
        asked.send("PUT", "/config?waitFor=cluster&wait=30s&reason=sample%20site%20of%20the%20demo",
                SampleSite.document(ports.web(), backends),
                Map.of("Content-Type", "application/yaml", "If-Match", asked.get("/config").etag()));
        tell(out, SampleSite.guide(ports.web(), endpoint, first.data(), launcher));
    }

    /** The ports that every node uses, each on its own address. */
    private record Ports(int admin, int cluster, int web) {
        List<String> options() {
            return List.of("--admin-port", Integer.toString(admin), "--cluster-port", Integer.toString(cluster),
                    "--dns-port", "0");
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        open.push(part);
        return part;
    }

    private static void tell(PrintWriter out, String text) {
        out.println(text);
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

    /** The port if it is free on all addresses, else one that is. */
    private static int portNear(int wanted) throws IOException {
        int port = wanted;
        for (int tries = 0; tries < PORT_TRIES; tries++) {
            if (isFree(port)) {
                return port;
            }
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESSES.getFirst()))) {
                port = any.getLocalPort();
            }
        }
        throw new IOException("no port is free on " + String.join(", ", ADDRESSES));
    }

    private static boolean isFree(int port) {
        for (String address : ADDRESSES) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
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
        // All at once first: a cluster that loses its nodes one by one elects leaders in between.
        open.stream().filter(DemoNode.class::isInstance).forEach(part -> ((DemoNode) part).stop());
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.getLogger(Demo.class.getName()).log(System.Logger.Level.WARNING, "demo part not stopped", e);
            }
        }
    }
}
