package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another DNS server has port 53: the node says which one it is and what to do, and answers as soon as the port is free. */
@Tag("netns")
class TakenPortIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ ns1, ns2 ], names: {
              ns2: { records: [ { type: A, data: 10.99.0.2 } ] }, one: { records: [ { type: A, data: 192.0.2.7 } ] } } } }
            """;

    private static final Path RESOLVED = Path.of("/lib/systemd/systemd-resolved");

    @TempDir
    Path dir;

    private Namespace namespace;

    @BeforeEach
    void start() {
        Namespace.need("dig", "bind9-dnsutils");
        namespace = Namespace.create("10.99.0.1/24");
    }

    @AfterEach
    void stop() {
        if (namespace != null) {
            namespace.close();
        }
    }

    /** The stub of systemd-resolved listens on 127.0.0.53 and 127.0.0.54 alone, which is enough to be in the way. */
    @Test
    void theStubOfSystemdResolvedIsNamed() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(RESOLVED), "skipped: needs " + RESOLVED + " (Debian: systemd-resolved)");
        // With a /run of its own: this machine may have another one at work.
        isNamed("systemd-resolve (pid ", "set DNSStubListener=no in /etc/systemd/resolved.conf", "0.0.0.0", "unshare", "-m",
                "sh", "-c", "mount -t tmpfs none /run && mkdir -p /run/systemd && exec " + RESOLVED);
    }

    @Test
    void anotherServerIsNamed() throws Exception {
        Namespace.need("dnsmasq", "dnsmasq-base");
        isNamed("dnsmasq (pid ", "stop it, or choose another --dns-port or --bind", "10.99.0.1", "dnsmasq", "-k",
                "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=");
    }

    private void isNamed(String owner, String wayOut, String bind, String... server) throws Exception {
        Process other = new ProcessBuilder(namespace.command(server)).redirectErrorStream(true)
                .redirectOutput(dir.resolve("other.log").toFile()).start();
        try (NamespacedNode node = NamespacedNode.start(namespace, dir, bind, "10.99.0.1")) {
            try {
                await().until(() -> hasPort() || !other.isAlive());
                assertTrue(other.isAlive(), () -> text(dir.resolve("other.log")));
                node.apply(ZONE);
                await().until(() -> node.halite("status").out().contains("DNS cannot open " + bind + ":53: " + owner));
                String status = node.halite("status").out();
                assertTrue(status.contains(wayOut), status);
            } finally {
                other.destroy();
                other.waitFor();
            }
            await().until(() -> dig().equals("192.0.2.7\n"));
            await().until(() -> !node.halite("status").out().contains("DNS cannot open"));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean hasPort() {
        return namespace.run("sh", "-c", "grep -q ':0035 00000000:0000 0A' /proc/net/tcp").exitCode() == 0;
    }

    private String dig() {
        return namespace.run("dig", "@10.99.0.1", "+norec", "+short", "one.lb.example.net").out();
    }
}
