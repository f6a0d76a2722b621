package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged node on the real port, of IPv4 and of IPv6, as kdig of Knot sees it. */
@Tag("netns")
class KdigIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ ns1, ns2 ]
                dnssec: true
                geoMaps: { sites: { networks: { 198.51.100.0/24: eu, "2001:db8:e::/48": eu }, otherwise: us } }
                names:
                  ns2: { records: [ { type: A, data: 10.99.0.2 } ] }
                  one: { records: [ { type: A, data: 192.0.2.7 } ] }
                  near: { policy: geo, regions: { eu: { members: [ { address: 192.0.2.60 } ] },
                          us: { members: [ { address: 192.0.2.70 }, { address: "2001:db8::70" } ] } } }
                  middle: { records: [ %s ] }
                  long: { records: [ %s ] }
            """.formatted(texts(4), texts(10));

    private static final Pattern COOKIE = Pattern.compile(";; COOKIE: ([0-9A-F]{48})\n");

    /** A query and what kdig shows of the answer, each of which must be there; what begins with "no " must not. */
    private record Case(String query, List<String> shown) {
        Case(String query, String... shown) {
            this(query, List.of(shown));
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("one A", "status: NOERROR", "Flags: qr aa;", "ANSWER: 1;", "A\t192.0.2.7\n", "(UDP)", "no EDNS"),
            new Case("one A +tcp", "A\t192.0.2.7\n", "(TCP)"),
            new Case("oNe A", "oNe.lb.example.net. ", "A\t192.0.2.7\n"),
            new Case("nothing A", "status: NXDOMAIN", "Flags: qr aa;", "SOA\tns1.lb.example.net."),
            new Case("one MX", "status: NOERROR", "ANSWER: 0;", "SOA\tns1.lb.example.net."),
            new Case("one ANY", "HINFO\t\"RFC8482\" \"\""),
            new Case("elsewhere.example.org. A", "status: REFUSED", "Flags: qr;"),
            // What does not fit is asked for again over TCP, at 512 bytes without EDNS and 1232 at most with it.
            new Case("middle TXT +noedns +ignore", "Flags: qr aa tc;", "ANSWER: 0;", "(UDP)"),
            new Case("middle TXT +bufsize=1232", "ANSWER: 4;", "(UDP)"),
            new Case("long TXT +bufsize=4096 +ignore", "Flags: qr aa tc;", "UDP size: 1232 B", "(UDP)"),
            new Case("long TXT +bufsize=4096", "ANSWER: 10;", "(TCP)"),
            new Case("one A +edns=1", "status: BADVERS", "Version: 0;", "no 192.0.2.7"),
            new Case("one A +nsid", "Version: 0;", "A\t192.0.2.7\n", "no NSID"),
            new Case("one A +ednsopt=65001:0102", "Version: 0;", "A\t192.0.2.7\n", "no 65001"),
            new Case("one A +padding=64 +tcp", "A\t192.0.2.7\n"),
            new Case("near A +subnet=198.51.100.0/24", "CLIENT-SUBNET: 198.51.100.0/24/24", "A\t192.0.2.60\n"),
            new Case("near A +subnet=2001:db8:e:5::/64", "CLIENT-SUBNET: 2001:db8:e:5::/64/48", "A\t192.0.2.60\n"),
            new Case("near AAAA +subnet=203.0.113.0/24", "CLIENT-SUBNET: 203.0.113.0/24/", "AAAA\t2001:db8::70\n"),
            new Case("near A +subnet=0.0.0.0/0", "CLIENT-SUBNET: 0.0.0.0/0/0", "A\t192.0.2.70\n"),
            new Case("one A +dnssec", "flags: do;", "ANSWER: 2;", "RRSIG\tA 13 4 30 "),
            new Case("nothing A +dnssec", "status: NXDOMAIN", "RRSIG\tSOA ", "RRSIG\tNSEC ", "NSEC\t"));

    @TempDir
    Path dir;

    private Namespace namespace;
    private NamespacedNode node;

    private static String texts(int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add("{ type: TXT, data: '\"" + String.valueOf((char) ('a' + i)).repeat(200) + "\"' }");
        }
        return String.join(", ", records);
    }

    @BeforeEach
    void start() throws IOException {
        Namespace.need("kdig", "knot-dnsutils");
        namespace = Namespace.create("10.99.0.1/24", "fd99::1/64");
        node = NamespacedNode.start(namespace, dir, "::", "10.99.0.1");
        node.apply(ZONE);
        await().until(() -> kdig("@10.99.0.1", "one.lb.example.net", "A", "+dnssec").contains("RRSIG"));
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private String kdig(String... words) {
        List<String> all = new ArrayList<>(List.of("kdig", "+noidn", "+norec", "+retry=5"));
        all.addAll(Arrays.asList(words));
        return namespace.run(all.toArray(String[]::new)).out();
    }

    @Test
    void everyKindOfQueryIsAnsweredAsItShouldBe() {
        List<String> wrong = new ArrayList<>();
        for (String server : List.of("10.99.0.1", "fd99::1")) {
            for (Case one : CASES) {
                List<String> words = new ArrayList<>(List.of(one.query().split(" ")));
                words.set(0, words.getFirst().endsWith(".") ? words.getFirst() : words.getFirst() + ".lb.example.net");
                words.addFirst("@" + server);
                String told = kdig(words.toArray(String[]::new));
                for (String shown : one.shown()) {
                    boolean isThere = told.contains(shown.replaceFirst("^no ", ""));
                    if (isThere == shown.startsWith("no ")) {
                        wrong.add(words + ": not " + shown + "\n" + told);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void queriesThatShareAConnectionAreAllAnswered() {
        String told = kdig("@10.99.0.1", "+tcp", "+keepopen", "one.lb.example.net", "long.lb.example.net", "TXT",
                "nothing.lb.example.net", "near.lb.example.net", "AAAA");
        assertEquals(3, told.split("status: NOERROR", -1).length - 1, told);
        assertEquals(1, told.split("status: NXDOMAIN", -1).length - 1, told);
        assertTrue(told.contains("ANSWER: 10;"), told);
        assertEquals(4, told.split("From 10.99.0.1@53\\(TCP\\)", -1).length - 1, told);
        // Whoever closes a connection first remembers it for a minute: kdig's only one.
        String connections = namespace.run("sh", "-c", "cat /proc/net/tcp /proc/net/tcp6").ok().out();
        assertEquals(1, connections.lines().filter(line -> line.matches(".*:[0-9A-F]{4} [0-9A-F]+:0035 .*")).count(),
                connections);
    }

    @Test
    void aCookieIsGoodForItsClientAndAForgedOneIsReplaced() {
        String own = "0102030405060708";
        String good = cookie(kdig("@10.99.0.1", "one.lb.example.net", "+cookie=" + own));
        assertTrue(good.startsWith(own), good);
        String again = kdig("@10.99.0.1", "one.lb.example.net", "+cookie=" + good);
        assertTrue(again.contains("A\t192.0.2.7\n") && !again.contains("WARNING"), again);
        assertTrue(cookie(again).startsWith(own), again);
        String forged = own + "0100000000000000FFEEDDCCBBAA9988";
        assertNotEquals(forged, cookie(kdig("@10.99.0.1", "one.lb.example.net", "+cookie=" + forged)));
    }

    private static String cookie(String told) {
        Matcher matcher = COOKIE.matcher(told);
        assertTrue(matcher.find(), told);
        return matcher.group(1);
    }
}
