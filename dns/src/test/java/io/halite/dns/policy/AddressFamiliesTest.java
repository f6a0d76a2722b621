package io.halite.dns.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.WhenAllDown;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.policy.Decision.Considered;
import io.halite.dns.policy.Decision.Side;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.wire.Rcode;
import io.halite.health.HealthTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever can use one address family alone is served by those who live on it, whatever lives on the other. */
class AddressFamiliesTest {
    private final FakeNodes nodes = FakeNodes.at("192.0.2.1", "192.0.2.2", "2001:db8::3", "2001:db8::4");
    private final ZonePlanner planner = new ZonePlanner();

    private Decision decide(Name name) {
        ConfigState state = Configs.empty().zone("lb.example.net",
                Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of("n", name.settings())))).state();
        NamePlan plan = planner.plan(state, nodes.current(), HealthTable.EMPTY, AliasBook.EMPTY, 0).zones().getFirst()
                .names().get("n.lb.example.net");
        return Objects.requireNonNull(plan == null ? null : plan.decision());
    }

    private void down(String... names) {
        List.of(names).forEach(name -> nodes.turn(name, DnsNode.State.DOWN));
    }

    private static List<String> members(Side side) {
        return ((Selection.Even) side.selection()).members().stream().map(Candidate::name).toList();
    }

    /** Each of these nodes, or several joined by a comma. */
    private static List<List<Member>> tiers(String... tiers) {
        return Stream.of(tiers).map(tier -> Stream.of(tier.split(",", -1))
                .<Member>map(name -> new Member.OfNode(name, -1)).toList()).toList();
    }

    @Test
    void aFamilyWhoseMembersAreAllDownFailsOpenByItself() {
        down("lb-1", "lb-2");
        Decision decision = decide(Name.of(Policy.ROUND_ROBIN));
        assertEquals(List.of("lb-1", "lb-2"), members(decision.ipv4()));
        assertEquals(List.of("lb-3", "lb-4"), members(decision.ipv6()));
        assertTrue(decision.ipv4().panic());
        assertFalse(decision.ipv6().panic());
        assertTrue(decision.panic());
        assertEquals(Duration.ofSeconds(15), decision.ttl());
        assertEquals(List.of("lb-1 it has no IPv6 address", "lb-2 it has no IPv6 address", "lb-3 ", "lb-4 "), decision.ipv6()
                .considered().stream().map(one -> one.candidate().name() + " " + one.candidate().reason()).toList());
    }

    @Test
    void whatToDoIsSaidForEachFamily() {
        down("lb-1", "lb-2");
        Decision decision = decide(Name.of(Policy.ROUND_ROBIN).whenAllDown(WhenAllDown.SERVFAIL));
        assertEquals(new Selection.Nothing(Rcode.SERVFAIL), decision.ipv4().selection());
        assertEquals(List.of("lb-3", "lb-4"), members(decision.ipv6()));
        Decision backed = decide(Name.of(Policy.ROUND_ROBIN).whenAllDown(WhenAllDown.BACKUP)
                .backup(Configs.addresses("198.51.100.9", "2001:db8::9")));
        assertEquals(List.of("198.51.100.9"), members(backed.ipv4()));
        assertEquals(List.of("lb-3", "lb-4"), members(backed.ipv6()));
    }

    @Test
    void aTierIsLeftByTheFamilyThatIsDown() {
        Name name = Name.of(Policy.FAILOVER).holdDown(Duration.ofSeconds(60))
                .tiers(tiers("lb-1,lb-3", "lb-2,lb-4"));
        down("lb-1");
        Decision decision = decide(name);
        assertEquals(List.of("lb-2"), members(decision.ipv4()));
        assertEquals(List.of("lb-3"), members(decision.ipv6()));
    }

    @Test
    void aTierWithoutAddressesOfAFamilySendsNobodyToTheNext() {
        Decision decision = decide(Name.of(Policy.FAILOVER).tiers(tiers("lb-1", "lb-2,lb-4")));
        assertEquals(List.of("lb-1"), members(decision.ipv4()));
        assertEquals(List.of("lb-1"), members(decision.ipv6()), "who has no such address to give");
        down("lb-1");
        Decision next = decide(Name.of(Policy.FAILOVER).tiers(tiers("lb-1", "lb-2,lb-4")));
        assertEquals(List.of("lb-2"), members(next.ipv4()));
        assertEquals(List.of("lb-4"), members(next.ipv6()));
    }

    @Test
    void aTierWithoutAddressesOfAFamilyIsNoReliefForOneThatHasThem() {
        Name name = Name.of(Policy.FAILOVER).tiers(tiers("lb-3", "lb-1", "lb-4"));
        down("lb-3");
        assertEquals(List.of("lb-4"), members(decide(name).ipv6()));
        assertEquals(List.of("lb-1"), members(decide(name).ipv4()));
        down("lb-4");
        assertEquals(List.of("lb-1", "lb-3", "lb-4"), members(decide(name).ipv6()).stream().sorted().toList());
        assertTrue(decide(name).ipv6().panic());
        assertEquals(List.of("lb-3", "lb-4"), answered(decide(name).ipv6()));
    }

    private static List<String> answered(Side side) {
        return side.considered().stream().filter(Considered::answered).map(one -> one.candidate().name()).toList();
    }

    @Test
    void aNodeWithBothFamiliesIsOneNode() {
        FakeNodes both = FakeNodes.at("192.0.2.1,2001:db8::1", "192.0.2.2,2001:db8::2");
        both.turn("lb-1", DnsNode.State.DOWN);
        ConfigState state = Configs.empty().zone("lb.example.net", Configs.zone(Policy.ROUND_ROBIN,
                new TreeMap<>(Map.of("n", Name.of(Policy.ROUND_ROBIN).settings())))).state();
        NamePlan plan = planner.plan(state, both.current(), HealthTable.EMPTY, AliasBook.EMPTY, 0).zones().getFirst()
                .names().get("n.lb.example.net");
        Decision decision = Objects.requireNonNull(plan == null ? null : plan.decision());
        assertEquals(List.of("lb-2"), members(decision.ipv4()));
        assertEquals(decision.ipv4(), decision.ipv6());
    }
}
