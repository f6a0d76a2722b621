package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.WhenAllDown;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import io.halite.health.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What clients see of the policies, through real sockets. */
class PolicyOverTheWireTest {
    private final FakeHealth health = new FakeHealth();
    private final FakeNodes nodes = SampleZones.nodes();
    private final List<DnsResponder> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(DnsResponder::close);
    }

    private DnsResponder start(Configs configs) {
        DnsResponder responder =
                Responders.start(Responders.settings(Engine.AUTO, 1), configs.state(), nodes, health);
        started.add(responder);
        return responder;
    }

    private DnsResponder startSample() {
        DnsResponder responder =
                Responders.start(Responders.settings(Engine.AUTO, 1), SampleZones.state(), nodes, health);
        started.add(responder);
        return responder;
    }

    private static Configs name(String name, Name settings) {
        return Configs.empty().zone("lb.example.net",
                Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of(name, settings.settings()))));
    }

    /** The first address of so many answers, each with how often it came. */
    private static Map<String, Integer> firsts(DnsResponder responder, byte[] query, int times) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (byte[] answer : Responders.exchange(responder, query, times)) {
            counts.merge(first(new Message(answer)), 1, Integer::sum);
        }
        return counts;
    }

    private static String first(Message answer) {
        List<Record> records = answer.getSection(Section.ANSWER);
        return records.isEmpty() ? Rcode.string(answer.getRcode())
                : ((ARecord) records.getFirst()).getAddress().getHostAddress();
    }

    private static byte[] query(String name) {
        return Responders.query(name + ".lb.example.net.", Type.A).toWire();
    }

    private static byte[] query(String name, String subnet, int prefix) {
        return Responders.query(name + ".lb.example.net.", Type.A, InetAddress.ofLiteral(subnet), prefix);
    }

    @Test
    void rotationIsExact() throws Exception {
        DnsResponder responder = start(name("four", Name.of(Policy.ROUND_ROBIN)
                .over(Configs.addresses("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"))));
        assertEquals(Map.of("192.0.2.1", 1000, "192.0.2.2", 1000, "192.0.2.3", 1000, "192.0.2.4", 1000),
                firsts(responder, query("four"), 4000));
    }

    @Test
    void aRotationLongerThanAnAnswerGivesEveryMemberItsTurn() throws Exception {
        DnsResponder responder = startSample();
        Map<String, Integer> firsts = firsts(responder, query("many"), 1000);
        assertEquals(10, firsts.size());
        firsts.values().forEach(count -> assertEquals(100, count));
        assertEquals(8, Responders.ask(responder, "many.lb.example.net.", "A").getSection(Section.ANSWER).size());
    }

    @Test
    void weightsHoldByChiSquare() throws Exception {
        DnsResponder responder = startSample();
        int draws = 20_000;
        Map<String, Integer> counts = firsts(responder, query("shop"), draws);
        double[] shares = {0.50, 0.30, 0.15, 0.05};
        double chiSquare = 0;
        for (int i = 0; i < shares.length; i++) {
            double expected = draws * shares[i];
            double off = counts.getOrDefault("192.0.2.1" + i, 0) - expected;
            chiSquare += off * off / expected;
        }
        // The 0.99999 quantile for three degrees of freedom: a wrong alias table is far beyond it.
        assertTrue(chiSquare < 25.9, "chi square " + chiSquare + " of " + counts);
    }

    @Test
    void geoFollowsTheSubnetOfTheClientAndSaysHowMuchOfItMattered() throws Exception {
        DnsResponder responder = startSample();
        assertEquals(Map.of("192.0.2.70", 10, "192.0.2.71", 10),
                firsts(responder, query("cdn", "203.0.113.0", 24), 20));
        Map<String, Integer> eu = firsts(responder, query("cdn", "198.51.100.0", 25), 200);
        assertTrue(eu.keySet().stream().allMatch(address -> address.startsWith("192.0.2.6")), eu::toString);
        assertEquals(2, eu.size(), "weighted within the region");
        assertEquals(Map.of("192.0.2.80", 5), firsts(responder, query("cdn", "10.9.8.0", 24), 5));
        Message answer = new Message(Responders.exchange(responder, query("cdn", "10.9.8.0", 24)));
        ClientSubnetOption echo = (ClientSubnetOption) answer.getOPT().getOptions().getFirst();
        assertEquals(8, echo.getScopePrefixLength());
        assertEquals(24, echo.getSourcePrefixLength());
        Message six = new Message(Responders.exchange(responder, query("cdn", "2001:db8:e:1::", 64)));
        assertTrue(first(six).startsWith("192.0.2.6"));
        assertEquals(48, ((ClientSubnetOption) six.getOPT().getOptions().getFirst()).getScopePrefixLength());
        Message opted = new Message(Responders.exchange(responder, query("cdn", "0.0.0.0", 0)));
        assertEquals(0, ((ClientSubnetOption) opted.getOPT().getOptions().getFirst()).getScopePrefixLength());
    }

    @Test
    void aStickyNameKeepsAClientNetworkAtItsMember() throws Exception {
        DnsResponder responder = startSample();
        Map<String, Integer> members = new HashMap<>();
        for (int i = 0; i < 256; i++) {
            Map<String, Integer> one = firsts(responder, query("sticky", "10." + i + ".7.0", 24), 3);
            assertEquals(1, one.size());
            one.keySet().forEach(member -> members.merge(member, 1, Integer::sum));
        }
        assertEquals(3, members.size());
        int heavy = members.getOrDefault("192.0.2.52", 0);
        assertTrue(heavy > 256 * 0.55 && heavy < 256 * 0.85, "70 % of the weight got " + members);
    }

    @Test
    void anAddressThatMembersShareIsAnsweredOnceWithTheWeightOfAll() throws Exception {
        DnsResponder responder = start(name("n", Name.of(Policy.WEIGHTED).answers(3)
                .over(Configs.addresses("192.0.2.1=1000", "192.0.2.2=1", "192.0.2.1=1000"))));
        assertEquals(2, Responders.ask(responder, "n.lb.example.net.", "A").getSection(Section.ANSWER).size());
        Map<String, Integer> firsts = firsts(responder, query("n"), 1000);
        assertTrue(firsts.getOrDefault("192.0.2.1", 0) > 950, firsts::toString);
    }

    @Test
    void aStickyNameOfStandbyMembersAloneKeepsClientsToo() throws Exception {
        DnsResponder responder = start(name("n", Name.of(Policy.WEIGHTED).sticky()
                .over(Configs.addresses("192.0.2.50=0", "192.0.2.51=0"))));
        Map<String, Integer> members = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            Map<String, Integer> one = firsts(responder, query("n", "10." + i + ".7.0", 24), 3);
            assertEquals(1, one.size());
            one.keySet().forEach(member -> members.merge(member, 1, Integer::sum));
        }
        assertEquals(2, members.size());
    }

    @Test
    void targetsOfAPoolAreAnsweredByTheirHealth() throws Exception {
        DnsResponder responder = start(name("db",
                Name.of(Policy.ROUND_ROBIN).over(List.of(new Member.OfPool("db"))))
                .pool("db", "192.0.2.5", "192.0.2.6", "192.0.2.7"));
        assertEquals(3, firsts(responder, query("db"), 9).size(), "nothing is known yet: all");
        health.set("db/192-0-2-5-80", Health.HEALTHY);
        health.set("db/192-0-2-6-80", Health.HEALTHY);
        health.set("db/192-0-2-7-80", Health.UNHEALTHY);
        Awaitility.await().untilAsserted(() -> assertEquals(
                Map.of("192.0.2.5", 5, "192.0.2.6", 5), firsts(responder, query("db"), 10)));
        health.set("db/192-0-2-6-80", Health.UNHEALTHY);
        Awaitility.await().untilAsserted(() -> {
            assertEquals(3, firsts(responder, query("db"), 9).size(), "too little is left: all again");
            assertTrue(responder.explain("db.lb.example.net", "A", null).panic());
        });
    }

    @Test
    void allDownIsAnsweredAsTheNameSays() throws Exception {
        Map<WhenAllDown, String> expected = Map.of(WhenAllDown.SERVFAIL, "SERVFAIL", WhenAllDown.REFUSE, "REFUSED",
                WhenAllDown.NONE, "NOERROR", WhenAllDown.BACKUP, "192.0.2.99", WhenAllDown.ALL, "192.0.2.5",
                WhenAllDown.LAST_KNOWN, "192.0.2.5");
        for (Map.Entry<WhenAllDown, String> one : expected.entrySet()) {
            FakeHealth down = new FakeHealth();
            down.set("db/192-0-2-5-80", Health.HEALTHY);
            Member member = new Member.OfAddress("192.0.2.5", 100, new TargetRef("db", "192-0-2-5-80"));
            DnsResponder responder = Responders.start(Responders.settings(Engine.AUTO, 1),
                    name("n", Name.of(Policy.ROUND_ROBIN).over(List.of(member)).whenAllDown(one.getKey())
                            .backup(Configs.addresses("192.0.2.99"))).pool("db", "192.0.2.5").state(), nodes, down);
            started.add(responder);
            assertEquals(Map.of("192.0.2.5", 1), firsts(responder, query("n"), 1));
            down.set("db/192-0-2-5-80", Health.UNHEALTHY);
            Awaitility.await().untilAsserted(() -> {
                assertTrue(responder.explain("n.lb.example.net", "A", null).degraded());
                assertEquals(Map.of(one.getValue(), 1), firsts(responder, query("n"), 1), one.getKey().key());
            });
        }
    }

    @Test
    void aTableSwapUnderLoadLosesNoQuery() throws Exception {
        DnsResponder responder = startSample();
        for (int i = 0; i < 200; i++) {
            responder.activate(new ConfigState(new Revision(100 + i),
                    SampleZones.state().config(), 0, SampleZones.state().adminOverrides()));
            assertEquals(20, firsts(responder, query("pair"), 20).values().stream().mapToInt(Integer::intValue).sum());
        }
        assertNotEquals(0, responder.traffic().total());
        assertEquals(299, responder.revision());
    }
}
