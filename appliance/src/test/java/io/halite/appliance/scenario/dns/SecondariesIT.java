package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real secondaries of a signed zone of a packaged node, each on port 53 of its own address: Knot DNS and NSD. */
@Tag("netns")
class SecondariesIT {
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IGtleSwgbG9uZyE=";
    private static final String OTHER_SECRET = "YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3Qga2V5";
    private static final String PRIMARY = "10.99.0.1";
    private static final String KNOT = "10.99.0.53";
    private static final String NSD = "10.99.0.54";
    /** Not among those that may have a copy. */
    private static final String STRANGER = "10.99.0.99";

    private static final int MANY = 300;

    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ ns1, knot, nsd ]
                dnssec: true
                transfer: { allow: [ 10.99.0.53, 10.99.0.54 ], key: { name: xfr.example.net, secret: xfr },
                            notify: [ 10.99.0.53, 10.99.0.54 ] }
                names:
                  knot: { records: [ { type: A, data: 10.99.0.53 } ] }
                  nsd: { records: [ { type: A, data: 10.99.0.54 } ] }
                  pair: { members: [ { address: 192.0.2.20 }, { address: 192.0.2.21 }, { address: "2001:db8::20" } ] }
                  changing: { records: [ { type: A, data: 192.0.2.30 } ] }
                  "*.wild": { records: [ { type: A, data: 192.0.2.90 } ] }
                  www: { records: [ { type: CNAME, data: pair } ] }
                  a.b.c: { records: [ { type: TXT, data: '"below empty names"' } ] }
            """ + many();

    @TempDir
    Path dir;

    private Namespace namespace;
    private NamespacedNode node;
    private final List<Process> secondaries = new ArrayList<>();

    /** So much that a copy takes many messages. */
    private static String many() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < MANY; i++) {
            names.append("      host").append(i).append(": { records: [ { type: TXT, data: '\"").append("x".repeat(200))
                    .append("\"' } ] }\n");
        }
        return names.toString();
    }

    @BeforeEach
    void start() throws IOException {
        Namespace.need("delv", "bind9-dnsutils");
        namespace = Namespace.create(PRIMARY + "/24", KNOT + "/24", NSD + "/24", STRANGER + "/24");
        node = NamespacedNode.start(namespace, dir, PRIMARY, PRIMARY);
        node.haliteWithInput(SECRET, "secret", "set", "xfr").ok();
        node.apply(ZONE);
        await().until(() -> !dig(PRIMARY, "changing.lb.example.net", "RRSIG").isEmpty());
    }

    @AfterEach
    void stop() throws InterruptedException {
        secondaries.forEach(Process::destroy);
        for (Process secondary : secondaries) {
            if (!secondary.waitFor(1, TimeUnit.MINUTES)) {
                secondary.destroyForcibly();
            }
        }
        if (node != null) {
            node.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Starts Knot DNS in a directory of this name; without a key when the secret is empty. */
    private Path knot(String name, String address, String secret) throws IOException {
        Namespace.need("knotd", "knot");
        Path home = Files.createDirectory(dir.resolve(name));
        Path config = Files.writeString(home.resolve("conf"), """
                server:
                    listen: %1$s@53
                    rundir: "%2$s"
                database:
                    storage: "%2$s"
                log:
                  - target: "%2$s/log"
                    any: debug
                key:
                  - id: xfr.example.net
                    algorithm: hmac-sha256
                    secret: "%3$s"
                remote:
                  - id: halite
                    address: 10.99.0.1@53
                    via: %1$s
                    %4$skey: xfr.example.net
                acl:
                  - id: halite
                    key: xfr.example.net
                    action: notify
                zone:
                  - domain: lb.example.net
                    storage: "%2$s"
                    file: zone
                    master: halite
                    acl: halite
                """.formatted(address, home, secret.isEmpty() ? SECRET : secret, secret.isEmpty() ? "# " : ""));
        launch(home, "knotd", "-c", config.toString());
        return home;
    }

    private Path nsd(String name, String address, String secret) throws IOException {
        Namespace.need("nsd", "nsd");
        Path home = Files.createDirectory(dir.resolve(name));
        Path config = Files.writeString(home.resolve("conf"), """
                server:
                    ip-address: %1$s
                    username: ""
                    server-count: 1
                    zonesdir: "%2$s"
                    xfrdir: "%2$s"
                    xfrdfile: "%2$s/state"
                    zonelistfile: "%2$s/list"
                    pidfile: "%2$s/pid"
                    logfile: "%2$s/log"
                    database: ""
                    verbosity: 2
                remote-control:
                    control-enable: no
                key:
                    name: xfr.example.net
                    algorithm: hmac-sha256
                    secret: "%3$s"
                zone:
                    name: lb.example.net
                    zonefile: zone
                    request-xfr: 10.99.0.1 xfr.example.net
                    allow-notify: 10.99.0.1 xfr.example.net
                    outgoing-interface: %1$s
                """.formatted(address, home, secret));
        launch(home, "nsd", "-d", "-c", config.toString());
        return home;
    }

    private void launch(Path home, String... words) throws IOException {
        secondaries.add(new ProcessBuilder(namespace.command(words)).redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile()).start());
    }

    private String dig(String server, String... arguments) {
        List<String> words = new ArrayList<>(List.of("dig", "@" + server, "+norec", "+short", "+tries=3"));
        words.addAll(Arrays.asList(arguments));
        return namespace.run(words.toArray(String[]::new)).out();
    }

    private String serial(String server) {
        String soa = dig(server, "lb.example.net", "SOA");
        return soa.contains(" ") ? soa.split(" ", -1)[2] : "";
    }

    @Test
    void knotFollowsTheZoneAndItsCopyIsValid() throws IOException {
        Path home = knot("knot", KNOT, SECRET);
        followsTheZone(KNOT, home);
        isFullyValidated(KNOT);
        Namespace.need("dnssec-verify", "bind9-utils");
        Namespace.need("ldns-verify-zone", "ldnsutils");
        // Knot writes the file after it began to serve what is in it.
        await().until(() -> Files.readString(home.resolve("zone")).contains("192.0.2.31"));
        String zone = home.resolve("zone").toString();
        namespace.run("dnssec-verify", "-z", "-o", "lb.example.net", zone).ok();
        namespace.run("ldns-verify-zone", zone).ok();
    }

    @Test
    void nsdFollowsTheZoneAndItsCopyIsValid() throws IOException {
        Path home = nsd("nsd", NSD, SECRET);
        followsTheZone(NSD, home);
        isFullyValidated(NSD);
    }

    /** They would look by themselves after four hours: what they have sooner they were told of. */
    private void followsTheZone(String secondary, Path home) {
        await().untilAsserted(() -> assertEquals(serial(PRIMARY), serial(secondary), () -> log(home)));
        assertEquals("192.0.2.30\n", dig(secondary, "changing.lb.example.net"));
        String before = serial(secondary);
        node.apply(ZONE.replace("192.0.2.30", "192.0.2.31"));
        await().untilAsserted(() ->
                assertEquals("192.0.2.31\n", dig(secondary, "changing.lb.example.net"), () -> log(home)));
        await().untilAsserted(() -> assertEquals(serial(PRIMARY), serial(secondary), () -> log(home)));
        assertTrue(Long.parseLong(before) < Long.parseLong(serial(secondary)), before);
        assertEquals(List.of("192.0.2.20", "192.0.2.21"),
                dig(secondary, "pair.lb.example.net").lines().sorted().toList(), "all that it answers");
        assertEquals("192.0.2.90\n", dig(secondary, "x.wild.lb.example.net"));
        for (int i = 0; i < MANY; i += MANY / 4) {
            assertTrue(dig(secondary, "host" + i + ".lb.example.net", "TXT").startsWith("\"xx"), "host" + i);
        }
    }

    private void isFullyValidated(String secondary) throws IOException {
        List<String> key = List.of(dig(PRIMARY, "lb.example.net", "DNSKEY").strip().split(" ", 4));
        Path anchor = Files.writeString(dir.resolve("anchor"), "trust-anchors { lb.example.net. static-key "
                + String.join(" ", key.subList(0, 3)) + " \"" + key.get(3).replace(" ", "") + "\"; };\n");
        for (String name : List.of("", "pair.", "changing.", "x.wild.", "www.", "a.b.c.", "c.", "nothing.", "ns1.")) {
            CommandResult told = namespace.run("delv", "@" + secondary, "-a", anchor.toString(), "+root=lb.example.net",
                    name + "lb.example.net", "A");
            assertTrue(told.out().contains("fully validated"), name + "\n" + told.out() + told.err());
        }
    }

    /** What a secondary has logged and printed. */
    private static String log(Path home) {
        StringBuilder text = new StringBuilder();
        for (String file : List.of("out", "log")) {
            try {
                text.append(Files.readString(home.resolve(file)));
            } catch (IOException none) {
                text.append("no ").append(file).append('\n');
            }
        }
        return text.toString();
    }

    private static void awaitLog(Path home, String part) {
        await().untilAsserted(() -> assertTrue(log(home).contains(part), () -> log(home)));
    }

    @Test
    void aSecondaryWithoutTheKeyOrFromElsewhereIsRefused() throws IOException {
        Path keyless = knot("keyless", KNOT, "");
        Path elsewhere = knot("elsewhere", STRANGER, SECRET);
        Path wrong = nsd("wrong", NSD, OTHER_SECRET);
        awaitLog(keyless, "REFUSED");
        awaitLog(elsewhere, "REFUSED");
        awaitLog(wrong, "Bad Signature");
        for (String secondary : List.of(KNOT, STRANGER, NSD)) {
            assertEquals("", dig(secondary, "changing.lb.example.net"), secondary);
        }
    }

    @Test
    void aNodeThatComesBackTellsItsSecondaries() throws Exception {
        Path home = nsd("nsd", NSD, SECRET);
        await().untilAsserted(() -> assertEquals(serial(PRIMARY), serial(NSD), () -> log(home)));
        node.stop();
        assertEquals("192.0.2.30\n", dig(NSD, "changing.lb.example.net"), "the copy serves on");
        node.restart();
        node.apply(ZONE.replace("192.0.2.30", "192.0.2.32"));
        await().untilAsserted(() ->
                assertEquals("192.0.2.32\n", dig(NSD, "changing.lb.example.net"), () -> log(home)));
        assertFalse(node.log().contains("object quarantined"), "its key is sealed until the store is open");
    }
}
