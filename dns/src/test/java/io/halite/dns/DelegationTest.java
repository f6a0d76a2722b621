package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the zone above must hold is told, and found missing or wrong; a second responder plays the zone above. */
class DelegationTest {
    private final FixedKeys keys = new FixedKeys(Instant.now());
    private final DnsResponder ours = Responders.start(Responders.settings(Engine.AUTO, 1),
            Configs.empty().zone("lb.example.net", Configs.signed(Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>())))
                    .state(), SampleZones.nodes(), new FakeHealth());
    private final DnsResponder above = Responders.start(Responders.settings(Engine.AUTO, 1), Configs.empty().state(),
            SampleZones.nodes(), new FakeHealth());

    @AfterEach
    void close() {
        ours.close();
        above.close();
    }

    private void sign() {
        ours.sign(keys);
        ours.activate(Configs.empty().at(8)
                .zone("lb.example.net", Configs.signed(Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>()))).state());
    }

    private static ConfigState parent(NameSettings cut, String glue) {
        return parent(cut, glue, "2001:db8::1");
    }

    private static ConfigState parent(NameSettings cut, String glue, String glue6) {
        TreeMap<String, NameSettings> names = new TreeMap<>();
        names.put("lb", cut);
        names.put("lb-1.lb", Name.ofRecords().record("A", glue).record("AAAA", glue6).settings());
        names.put("lb-2.lb", Name.ofRecords().record("A", "192.0.2.2").record("AAAA", "2001:db8::2").settings());
        return Configs.empty().zone("example.net", Configs.zone(Policy.ROUND_ROBIN, names)).state();
    }

    private static Name cut() {
        return Name.ofRecords().record("NS", "lb-1.lb").record("NS", "lb-2.lb");
    }

    private List<String> problems() throws Exception {
        return problemsAt(above);
    }

    private List<String> problemsAt(DnsResponder asked) throws Exception {
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), asked.address().orElseThrow().getPort());
        List<Delegation.Verdict> verdicts = ours.checkDelegation("LB.example.net.", List.of(server)).orElseThrow();
        assertEquals(1, verdicts.size());
        assertEquals("127.0.0.1:" + server.getPort(), verdicts.getFirst().server());
        return verdicts.getFirst().problems();
    }

    private String ds() {
        String record = ours.delegation("lb.example.net").orElseThrow().ds().getFirst();
        return record.substring(record.indexOf("DS") + 2).strip();
    }

    @Test
    void tellsNameserversGlueAndKey() {
        Delegation told = ours.delegation("lb.example.net").orElseThrow();
        assertEquals(2, told.nameservers().size());
        assertTrue(told.glue().getFirst().endsWith("A\t192.0.2.1"), told.glue().toString());
        assertTrue(told.glue().get(1).endsWith("AAAA\t2001:db8::1"), told.glue().toString());
        assertEquals(4, told.glue().size());
        assertEquals(List.of(), told.ds());
        sign();
        assertEquals(1, ours.delegation("lb.example.net").orElseThrow().ds().size());
        assertTrue(ours.delegation("example.org").isEmpty());
    }

    @Test
    void aDelegationAsItShouldBeHasNoProblems() throws Exception {
        above.activate(parent(cut().settings(), "192.0.2.1"));
        assertEquals(List.of(), problems());
        sign();
        above.activate(parent(cut().record("DS", ds()).settings(), "192.0.2.1"));
        assertEquals(List.of(), problems());
    }

    @Test
    void aServerOfTheZoneItselfSaysNothingOfTheDelegation() throws Exception {
        assertEquals(List.of("it serves the zone itself, but not the zone above: ask a server of that"), problemsAt(ours));
    }

    @Test
    void aServerOfBothZonesIsAsked() throws Exception {
        above.activate(Configs.empty().zone("lb.example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>()))
                .zone("example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>())).state());
        assertEquals(List.of(), problems());
    }

    @Test
    void whatIsMissingOrWrongIsNamed() throws Exception {
        above.activate(Configs.empty().zone("example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>())).state());
        assertEquals(List.of("it does not know the zone: add the NS records"), problems());
        above.activate(parent(Name.ofRecords().record("NS", "lb-1.lb").record("NS", "ns.example.org.").settings(),
                "192.0.2.77"));
        List<String> wrong = problems();
        assertTrue(wrong.contains("it lacks the NS record lb-2.lb.example.net."), wrong.toString());
        assertTrue(wrong.contains("its NS record ns.example.org. is not one of the zone"), wrong.toString());
        assertTrue(wrong.contains("it lacks the glue lb-1.lb.example.net. A 192.0.2.1"), wrong.toString());
        above.activate(parent(Name.ofRecords().record("NS", "lb-1.lb").settings(), "192.0.2.1", "2001:db8::77"));
        assertTrue(problems().contains("it lacks the glue lb-1.lb.example.net. AAAA 2001:db8::1"), problems()::toString);
        assertTrue(wrong.contains("its glue lb-1.lb.example.net. A 192.0.2.77 is not an address of the zone's nameservers"),
                wrong.toString());
        above.activate(Configs.empty().zone("example.org", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>())).state());
        assertEquals(List.of("it answers REFUSED: it does not serve the zone above"), problems());
    }

    @Test
    void keysThatDoNotMatchAreNamed() throws Exception {
        String foreign = "12345 13 2 " + "AB".repeat(32);
        above.activate(parent(cut().record("DS", foreign).settings(), "192.0.2.1"));
        assertTrue(problems().getFirst().startsWith("it has a DS record, but the zone is not signed"));
        sign();
        assertTrue(problems().getFirst().startsWith("its DS records name other keys"));
        above.activate(parent(cut().settings(), "192.0.2.1"));
        assertTrue(problems().getFirst().startsWith("it has no DS record"));
    }
}
