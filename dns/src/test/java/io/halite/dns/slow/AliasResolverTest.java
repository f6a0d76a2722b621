package io.halite.dns.slow;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.ManualTicker;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

/** ALIAS: the addresses of a name elsewhere under a name of ours. */
class AliasResolverTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void looksUpAgainWhenTheTtlEndsAndKeepsTheLastGoodAnswer() {
        AtomicReference<String> answer = new AtomicReference<>("192.0.2.1");
        AtomicInteger lookups = new AtomicInteger();
        AliasLookup lookup = name -> {
            lookups.incrementAndGet();
            if (answer.get().isEmpty()) {
                throw new IOException("no resolver answers");
            }
            return new AliasLookup.Found(List.of(InetAddress.ofLiteral(answer.get())), Duration.ofSeconds(60));
        };
        try (AliasResolver resolver = new AliasResolver(lookup, ticker, changes::incrementAndGet)) {
            resolver.keep(List.of("www.example.org"));
            Awaitility.await().until(() -> changes.get() == 1);
            assertEquals(List.of(InetAddress.ofLiteral("192.0.2.1")), resolver.addresses("www.example.org"));
            assertEquals(1, lookups.get());
            answer.set("192.0.2.2");
            ticker.advance(Duration.ofSeconds(61));
            Awaitility.await().until(() -> changes.get() == 2);
            answer.set("");
            ticker.advance(Duration.ofSeconds(61));
            Awaitility.await().until(() -> lookups.get() == 3);
            assertEquals(List.of(InetAddress.ofLiteral("192.0.2.2")), resolver.addresses("www.example.org"));
            resolver.keep(List.of());
            assertEquals(List.of(), resolver.addresses("www.example.org"));
        }
    }

    @Test
    void aLookUpThatHangsOrFailsHoldsUpNoOther() {
        CountDownLatch ends = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        AliasLookup lookup = name -> {
            if (name.startsWith("hangs")) {
                assertDoesNotThrow(() -> ends.await());
            }
            if (name.startsWith("buggy")) {
                throw new IllegalStateException("a bug");
            }
            return new AliasLookup.Found(
                    List.of(InetAddress.ofLiteral("192.0.2." + lookups.incrementAndGet())), Duration.ofSeconds(60));
        };
        try (AliasResolver resolver = new AliasResolver(lookup, ticker, changes::incrementAndGet)) {
            resolver.keep(List.of("buggy.example.org", "hangs.example.org", "www.example.org"));
            for (int round = 1; round <= 3; round++) {
                int expected = round;
                Awaitility.await().until(() -> changes.get() == expected);
                ticker.advance(Duration.ofSeconds(61));
            }
            ends.countDown();
            Awaitility.await().until(() -> !resolver.addresses("hangs.example.org").isEmpty());
        }
    }

    @Test
    void asksARealResolverForBothFamilies() throws Exception {
        try (DnsResponder other = Responders.start(Responders.settings(Engine.AUTO, 1), SampleZones.state(),
                SampleZones.nodes(), new FakeHealth())) {
            int port = other.address().orElseThrow().getPort();
            SimpleResolver resolver =
                    new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            resolver.setTimeout(LIMIT);
            AliasLookup.Found found = AliasLookup.by(resolver).lookup("www.lb.example.net");
            assertEquals(List.of(Duration.ofSeconds(30), 1), List.of(found.ttl(), found.addresses().size()));
            assertEquals(4, AliasLookup.by(resolver).lookup("pair.lb.example.net").addresses().size());
        }
    }

    /** Resolvers come and go with the network that a machine is in. */
    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void asksTheResolversThatTheMachineHasNow() throws Exception {
        try (DnsResponder other = Responders.start(Responders.settings(Engine.AUTO, 1), SampleZones.state(),
                SampleZones.nodes(), new FakeHealth())) {
            assertNotNull(ResolverConfig.getCurrentConfig(), "which dnsjava reads once");
            System.setProperty("dns.server", "127.0.0.1:" + other.address().orElseThrow().getPort());
            assertEquals(4, AliasLookup.bySystem().lookup("pair.lb.example.net").addresses().size());
        } finally {
            System.clearProperty("dns.server");
            ResolverConfig.refresh();
        }
    }

    @ParameterizedTest
    @CsvSource({"fixed, 192.0.2.1", "wild, 192.0.2.2", "chain, 192.0.2.1", "again, 192.0.2.1", "other, 192.0.2.3",
            "node, 192.0.2.1", "missing, SERVFAIL", "empty, SERVFAIL", "loop, SERVFAIL"})
    void anAliasWithinOurZonesTakesOverAddressesAtOnce(String name, String expected) throws Exception {
        TreeMap<String, NameSettings> names = new TreeMap<>(Map.of(
                "fixed", alias("a"), "wild", alias("x.y"), "chain", alias("c"), "again", alias("fixed"),
                "other", alias("b.example.org."), "node", alias("lb-1"), "missing", alias("nowhere"),
                "empty", alias("t"), "loop", alias("loop")));
        names.put("a", Name.ofRecords().record("A", "192.0.2.1").settings());
        names.put("*.y", Name.ofRecords().record("A", "192.0.2.2").settings());
        names.put("c", Name.ofRecords().record("CNAME", "a").settings());
        names.put("t", Name.ofRecords().record("TXT", "none").settings());
        try (DnsResponder responder = Responders.start(Responders.settings(Engine.AUTO, 1), Configs.empty()
                .zone("lb.example.net", Configs.zone(Policy.ROUND_ROBIN, names))
                .zone("example.org", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of(
                        "b", Name.ofRecords().record("A", "192.0.2.3").settings())))).state(),
                SampleZones.nodes(), new FakeHealth())) {
            Message answer = Responders.ask(responder, name + ".lb.example.net.", "A");
            assertEquals(expected, answer.getRcode() == Rcode.NOERROR
                    ? answer.getSection(Section.ANSWER).getFirst().rdataToString() : Rcode.string(answer.getRcode()));
            assertEquals(expected.equals("SERVFAIL"), responder.explain(name + ".lb.example.net", "A", null).candidates()
                    .getFirst().reason().equals("no name of these zones with addresses of its own"));
        }
    }

    private static NameSettings alias(String target) {
        return Name.ofRecords().record("ALIAS", target).settings();
    }

    @Test
    void anAliasWithinOurZonesTakesOverTheDecisionAtOnce() throws Exception {
        try (DnsResponder responder = Responders.start(Responders.settings(Engine.AUTO, 1), Configs.empty()
                .zone("lb.example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of(
                        "@", Name.ofRecords().record("ALIAS", "shop").settings(),
                        "far", Name.ofRecords().record("ALIAS", "nowhere.invalid.").settings(),
                        "shop", Name.of(Policy.ROUND_ROBIN).over(Configs.addresses("192.0.2.8", "192.0.2.9"))
                                .settings())))).state(), SampleZones.nodes(), new FakeHealth())) {
            assertEquals(2, Responders.ask(responder, "lb.example.net.", "A").getSection(Section.ANSWER).size());
            assertEquals(Rcode.SERVFAIL, Responders.ask(responder, "far.lb.example.net.", "A").getRcode());
            assertTrue(responder.explain("far.lb.example.net", "A", null).candidates().getFirst().reason()
                    .contains("not known yet"));
        }
    }
}
