package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.policy.DnsNode;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The responder as a whole, asked over real sockets. */
class DnsResponderTest {
    private static final ConfigState STATE = Configs.empty()
            .domain("payments", "payments.lb.example.net")
            .zone("lb.example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>()))
            .state();

    private final FakeNodes nodes = FakeNodes.at("192.0.2.1,2001:db8::1", "192.0.2.2", "192.0.2.3");
    private final FakeHealth health = new FakeHealth();
    private DnsResponder responder = new DnsResponder(Responders.settings(Engine.AUTO, 1), health, nodes,
            DnsSecrets.NONE, Ticker.SYSTEM, InstantSource.system());

    @AfterEach
    void close() {
        responder.close();
    }

    private void start(DnsSettings settings) {
        responder.close();
        responder = Responders.start(settings, STATE, nodes, health);
    }

    private Set<String> addresses(String name) throws Exception {
        Set<String> found = new TreeSet<>();
        Responders.ask(responder, name, "A").getSection(Section.ANSWER)
                .forEach(record -> found.add(((ARecord) record).getAddress().getHostAddress()));
        return found;
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"NATIVE", "CHANNEL"})
    void answersTheAddressesOfAllNodesOverUdpAndTcp(Engine engine) throws Exception {
        start(Responders.settings(engine, 2));
        for (boolean overTcp : new boolean[] {false, true}) {
            Message answer =
                    Responders.ask(responder, Responders.ednsQuery("payments.lb.example.net.", Type.A), overTcp);
            assertEquals(Rcode.NOERROR, answer.getRcode());
            assertTrue(answer.getHeader().getFlag(Flags.AA));
            assertEquals(3, answer.getSection(Section.ANSWER).size());
            assertEquals(30, answer.getSection(Section.ANSWER).getFirst().getTTL());
        }
        assertEquals(Set.of("192.0.2.1", "192.0.2.2", "192.0.2.3"), addresses("payments.lb.example.net."));
        Message six = Responders.ask(responder, "payments.lb.example.net.", "AAAA");
        assertEquals(1, six.getSection(Section.ANSWER).size());
    }

    @Test
    void aDrainingOrDeadNodeLeavesTheAnswersWithinASecond() throws Exception {
        start(Responders.settings(Engine.AUTO, 1));
        nodes.turn("lb-2", DnsNode.State.DRAINING);
        Awaitility.await().untilAsserted(() -> assertEquals(
                Set.of("192.0.2.1", "192.0.2.3"), addresses("payments.lb.example.net.")));
        nodes.turn("lb-3", DnsNode.State.DOWN);
        Awaitility.await().untilAsserted(() -> assertEquals(
                Set.of("192.0.2.1"), addresses("payments.lb.example.net.")));
        assertEquals(15, Responders.ask(responder, "payments.lb.example.net.", "A").getSection(Section.ANSWER)
                .getFirst().getTTL());
        nodes.turn("lb-2", DnsNode.State.ALIVE);
        nodes.turn("lb-3", DnsNode.State.ALIVE);
        Awaitility.await().untilAsserted(() -> assertEquals(
                3, addresses("payments.lb.example.net.").size()));
    }

    @Test
    void aFaultThatOneTableShowsDoesNotEndTheNews() throws Exception {
        start(Responders.settings(Engine.AUTO, 1));
        nodes.fail(true);
        Awaitility.await().until(() -> responder.degraded().orElse("").contains("this is a bug"));
        assertEquals(Set.of("192.0.2.1", "192.0.2.2", "192.0.2.3"), addresses("payments.lb.example.net."));
        nodes.fail(false);
        nodes.turn("lb-2", DnsNode.State.DRAINING);
        Awaitility.await().untilAsserted(() -> assertEquals(
                Set.of("192.0.2.1", "192.0.2.3"), addresses("payments.lb.example.net.")));
        Awaitility.await().until(() -> responder.degraded().isEmpty());
    }

    @Test
    void thePortOpensWithTheFirstZoneAndClosesWithTheLast() {
        assertTrue(responder.address().isEmpty());
        responder.activate(STATE);
        assertFalse(responder.address().isEmpty());
        assertEquals(7, responder.revision());
        responder.activate(ConfigState.EMPTY);
        assertTrue(responder.address().isEmpty());
        assertTrue(responder.degraded().isEmpty());
    }

    /** A port that the system gives to nobody who asks for any, so that it is free again when we let it go. */
    private static DatagramSocket below32768() throws IOException {
        for (int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);; port++) {
            try (ServerSocket stream = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new DatagramSocket(stream.getLocalPort(), InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                assertTrue(port < 32_768, "no free port");
            }
        }
    }

    @Test
    void aTakenPortNamesItsOwnerAndOpensOnceItIsFree() throws Exception {
        try (DatagramSocket taken = below32768()) {
            responder.close();
            responder = Responders.start(
                    DnsSettings.of(InetAddress.getLoopbackAddress(), taken.getLocalPort()).withWarmUp(0), STATE, nodes,
                    health);
            assertTrue(responder.address().isEmpty());
            String reason = responder.degraded().orElseThrow();
            assertTrue(reason.contains("pid " + ProcessHandle.current().pid()), reason);
            assertTrue(reason.contains("--dns-port"), reason);
        }
        Awaitility.await().until(() -> responder.address().isPresent());
        assertTrue(responder.degraded().isEmpty());
    }

    @Test
    void countsQueriesByZoneTypeAndCode() throws Exception {
        start(Responders.settings(Engine.AUTO, 2));
        for (int i = 0; i < 5; i++) {
            Responders.ask(responder, "payments.lb.example.net.", "A");
        }
        Responders.ask(responder, "nothing.lb.example.net.", "AAAA");
        Responders.ask(responder, "example.com.", "A");
        List<DnsTraffic.QueryCount> counts = responder.traffic().queries();
        assertTrue(counts.contains(new DnsTraffic.QueryCount("lb.example.net", "A", "noerror", 5)), counts::toString);
        assertTrue(counts.contains(new DnsTraffic.QueryCount("lb.example.net", "AAAA", "nxdomain", 1)),
                counts::toString);
        assertTrue(counts.contains(new DnsTraffic.QueryCount("", "A", "refused", 1)), counts::toString);
    }

    @Test
    void explainsWhoIsAnsweredAndWhoIsLeftOutAndWhy() {
        start(Responders.settings(Engine.AUTO, 1));
        nodes.turn("lb-2", DnsNode.State.DRAINING);
        Awaitility.await().untilAsserted(() -> {
            DnsExplanation why = responder.explain("payments.lb.example.net", "A", null);
            assertEquals(2, why.answers().size());
            assertEquals("lb.example.net", why.zone());
            assertEquals("roundRobin", why.policy());
            DnsExplanation.Candidate out =
                    why.candidates().stream().filter(c -> !c.answered()).findFirst().orElseThrow();
            assertEquals("lb-2", out.name());
            assertEquals("the node is draining", out.reason());
        });
    }

    @Test
    void spellsAddressesAsRfc5952Does() throws Exception {
        responder.close();
        Name name = Name.of(Policy.ROUND_ROBIN).over(Configs.addresses("2001:db8::1", "2001:db8::10"))
                .record("HTTPS", "1 . alpn=h2");
        responder = Responders.start(Responders.settings(Engine.AUTO, 1), Configs.empty().zone("lb.example.net",
                Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of("n", name.settings())))).state(),
                SampleZones.nodes(), health);
        DnsExplanation six = responder.explain("n.lb.example.net", "AAAA", null);
        assertTrue(six.answers().getFirst().endsWith("\tIN\tAAAA\t2001:db8::1"), six.answers()::toString);
        assertEquals(List.of("2001:db8::1"), six.candidates().getFirst().addresses());
        DnsExplanation https = responder.explain("n.lb.example.net", "HTTPS", null);
        assertTrue(https.answers().getFirst().endsWith("alpn=h2 ipv6hint=2001:db8::1,2001:db8::10"),
                https.answers()::toString);
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.1, eu, 192.0.2.60 192.0.2.61", "198.51.100.200, us, 192.0.2.70 192.0.2.71",
            "2001:db8:e::1, eu, 192.0.2.60 192.0.2.61", "10.1.2.3, asia, 192.0.2.80"})
    void explainsByTheRegionOfTheClient(String client, String region, String answered) {
        responder.close();
        responder = Responders.start(Responders.settings(Engine.AUTO, 1), SampleZones.state(), SampleZones.nodes(), health);
        DnsExplanation why = responder.explain("cdn.lb.example.net", "A", InetAddress.ofLiteral(client));
        assertEquals(answered, why.candidates().stream().filter(DnsExplanation.Candidate::answered)
                .map(DnsExplanation.Candidate::name).sorted().collect(Collectors.joining(" ")));
        assertTrue(why.candidates().stream().filter(DnsExplanation.Candidate::answered)
                .allMatch(candidate -> candidate.group().equals(region)), () -> "" + why.candidates());
        assertTrue(why.candidates().stream().filter(one -> !one.answered() && one.standing().equals("live"))
                .allMatch(candidate -> candidate.reason().equals("the client is in region " + region)),
                () -> "" + why.candidates());
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, 127.0.0.1", "NATIVE, 127.0.0.2", "NATIVE, ::1", "CHANNEL, 127.0.0.1", "CHANNEL, ::1"})
    void onTheWildcardTheReplyComesFromTheAddressThatWasAsked(Engine engine, String asked) throws Exception {
        InetAddress address = InetAddress.ofLiteral(asked);
        Assumptions.assumeTrue(asked.startsWith("127.") || NetworkInterface.getByInetAddress(address) != null,
                "no IPv6 loopback here");
        start(DnsSettings.of(InetAddress.ofLiteral("0.0.0.0"), 0).with(engine, 2).withWarmUp(0));
        int port = responder.address().orElseThrow().getPort();
        byte[] query = Responders.query("payments.lb.example.net.", Type.A).toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(120_000);
            for (int i = 0; i < 20; i++) {
                socket.send(new DatagramPacket(query, query.length, new InetSocketAddress(address, port)));
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                socket.receive(answer);
                assertEquals(address, answer.getAddress());
                assertEquals(3, new Message(Arrays.copyOf(answer.getData(), answer.getLength()))
                        .getSection(Section.ANSWER).size());
            }
        }
    }
}
