package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running node is scraped after some traffic: every metric that Halite promises is there with its labels. */
class MetricsTest {
    /** The names and labels that are promised; those of the JVM and the machine by one example of each kind. */
    private static final Map<String, List<String>> PROMISED = promised();

    @TempDir
    Path dir;

    private static Map<String, List<String>> promised() {
        Map<String, List<String>> names = new TreeMap<>(Map.of(
                "halite_requests_total", List.of("code", "listener", "pool", "route", "target"),
                "halite_request_duration_seconds_bucket", List.of("le", "listener", "route"),
                "halite_upstream_duration_seconds_bucket", List.of("le", "pool", "target"),
                "halite_connections", List.of("listener"),
                "halite_bytes_total", List.of("direction", "listener"),
                "halite_retries_total", List.of("pool"),
                "halite_ejections_total", List.of("pool"),
                "halite_target_health", List.of("pool", "target"),
                "halite_probes_total", List.of("kind", "verdict"),
                "halite_dns_queries_total", List.of("rcode", "type", "zone")));
        names.put("halite_cluster_nodes", List.of("role", "state"));
        names.put("halite_dns_rate_limited_total", List.of("action"));
        names.put("halite_waiting_requests", List.of("pool"));
        names.put("halite_access_log_lines_total", List.of("outcome"));
        for (String plain : List.of("halite_config_revision", "halite_config_staleness_seconds", "halite_raft_term",
                "halite_raft_is_leader", "halite_raft_applied_index", "process_cpu_usage", "system_cpu_usage",
                "process_memory_resident_bytes", "system_memory_total_bytes", "system_memory_available_bytes",
                "system_tcp_connections", "halite_dns_dropped_total",
                "halite_dns_truncated_total", "halite_dns_slow_path_total",
                "halite_dns_kernel_drops_total", "halite_dns_tcp_connections", "halite_dns_revision",
                "halite_dns_compile_seconds", "halite_dns_log_lines_total")) {
            names.put(plain, List.of());
        }
        names.put("jvm_memory_used_bytes", List.of("area", "id"));
        return names;
    }

    @Test
    void everyPromisedMetricIsThereWithItsLabels() throws Exception {
        try (TestBackend backend = TestBackend.start("one"); RunningNode node = RunningNode.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        domain: shop.lb.example.net
                        listeners: [ { name: web, address: "127.0.0.1:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        check: { http: { path: /health }, interval: 1s }
                        targets: [ "%s" ]
                      shaky:
                        check: none
                        targets: [ "%s", "127.0.0.1:%d" ]
                    zones: { lb.example.net: { nameservers: [ lb-1 ] } }
                    """.formatted(port, backend.address(), backend.address(), NodeProcess.freePort()));
            await().until(() -> get(port, "/") == 200);
            assertEquals(0, ask(node.dnsPort, "shop.lb.example.net"), "NOERROR");

            await().untilAsserted(() -> {
                Map<String, List<String>> found = scraped(node.client().get("/metrics", "text/plain").text());
                found.keySet().retainAll(PROMISED.keySet());
                assertEquals(PROMISED.toString(), found.toString());
            });
            String text = node.client().get("/metrics", "text/plain").text();
            assertEquals(List.of("1.0"), values(text, "halite_dns_queries_total", "zone=\"lb.example.net\"", "type=\"A\"",
                    "rcode=\"noerror\""));
            assertEquals(List.of("1.0"), values(text, "halite_raft_is_leader"));
        }
    }

    @Test
    void anEjectedTargetIsCounted() throws Exception {
        try (TestBackend backend = TestBackend.start("one"); RunningNode node = RunningNode.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:%d", protocol: http } ]
                        routes: [ { match: { path: /own }, respond: {} }, { forward: app } ]
                    pools:
                      app:
                        check: none
                        ejection: { consecutive: 1, base: 5m, maxPercent: 50%% }
                        targets: [ "%s", "127.0.0.1:%d" ]
                    """.formatted(port, backend.address(), NodeProcess.freePort()));
            await().untilAsserted(() -> {
                assertEquals(200, get(port, "/own"));
                get(port, "/");
                String text = node.client().get("/metrics", "text/plain").text();
                assertEquals(List.of("1.0"), values(text, "halite_ejections_total", "pool=\"app\""));
                assertEquals(List.of(), values(text, "halite_retries_total", "pool=\"\""), "of what no pool answered");
            });
            String trace = node.client().post("/trace", TreeText.json(Tree.mapping()
                    .put("url", "http://a.test:" + port + "/").build())).text();
            assertTrue(trace.contains("ejected by its failures"), trace);
        }
    }

    /** The status of an answer of a listener. */
    static int get(int port) {
        return get(port, "/");
    }

    private static int get(int port, String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Asks for the A records of a name; the rcode. */
    private static int ask(int port, String name) throws IOException {
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        query.writeBytes(new byte[] {0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            query.write(label.length());
            query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.writeBytes(new byte[] {0, 0, 1, 0, 1});
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(120_000);
            socket.connect(InetAddress.ofLiteral("127.0.0.1"), port);
            socket.send(new DatagramPacket(query.toByteArray(), query.size()));
            DatagramPacket response = new DatagramPacket(new byte[512], 512);
            socket.receive(response);
            return response.getData()[3] & 0xF;
        }
    }

    /** The names of all samples with the names of their labels, sorted. */
    private static Map<String, List<String>> scraped(String text) {
        Map<String, List<String>> found = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int end = line.indexOf('{');
            String name = line.substring(0, end < 0 ? line.indexOf(' ') : end);
            TreeSet<String> labels = new TreeSet<>();
            if (end >= 0) {
                for (String pair : line.substring(end + 1, line.lastIndexOf('}')).split("\",", -1)) {
                    if (!pair.isEmpty()) {
                        labels.add(pair.substring(0, pair.indexOf('=')));
                    }
                }
            }
            found.put(name, List.copyOf(labels));
        });
        return found;
    }

    /** The values of the samples of a name that have all these labels. */
    private static List<String> values(String text, String name, String... labels) {
        return text.lines().filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
    }
}
