package io.halite.dns.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone.Member;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeNodes;
import io.halite.health.HealthTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tiers, their hold-down, standby and shortened TTLs, decided without sockets. */
class FailoverTest {
    private static final Duration HOLD_DOWN = Duration.ofSeconds(60);

    private final FakeNodes nodes = FakeNodes.at("192.0.2.1", "192.0.2.2", "192.0.2.3");
    private final ZonePlanner planner = new ZonePlanner();
    private long now = 1_000_000_000L;
    private long nextChange;

    private Decision decide(Name name) {
        ConfigState state = Configs.empty().zone("lb.example.net",
                Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of("n", name.settings())))).state();
        ZonePlanner.Plans plans = planner.plan(state, nodes.current(), HealthTable.EMPTY, AliasBook.EMPTY, now);
        nextChange = plans.nextChange();
        NamePlan plan = plans.zones().getFirst().names().get("n.lb.example.net");
        return Objects.requireNonNull(plan == null ? null : plan.decision());
    }

    private static Name tiers() {
        return Name.of(Policy.FAILOVER).holdDown(HOLD_DOWN).tiers(List.of(
                List.of(new Member.OfNode("lb-1", -1), new Member.OfNode("lb-2", -1)),
                List.of(new Member.OfNode("lb-3", -1))));
    }

    private static List<String> members(Decision decision) {
        return ((Selection.Even) decision.ipv4().selection()).members().stream().map(Candidate::name).toList();
    }

    @Test
    void theFirstTierThatIsWellServes() {
        assertEquals(List.of("lb-1", "lb-2"), members(decide(tiers())));
        nodes.turn("lb-1", DnsNode.State.DOWN);
        Decision half = decide(tiers());
        assertEquals(List.of("lb-2"), members(half), "half of the tier is enough");
        assertTrue(half.degraded());
        assertEquals(Duration.ofSeconds(15), half.ttl());
        nodes.turn("lb-2", DnsNode.State.DOWN);
        assertEquals(List.of("lb-3"), members(decide(tiers())));
    }

    @Test
    void aBetterTierMustBeWellForTheHoldDownFirst() {
        decide(tiers());
        nodes.turn("lb-1", DnsNode.State.DOWN);
        nodes.turn("lb-2", DnsNode.State.DOWN);
        assertEquals(List.of("lb-3"), members(decide(tiers())));
        nodes.turn("lb-1", DnsNode.State.ALIVE);
        nodes.turn("lb-2", DnsNode.State.ALIVE);
        assertEquals(List.of("lb-3"), members(decide(tiers())));
        assertEquals(HOLD_DOWN.toNanos(), nextChange);
        now += HOLD_DOWN.toNanos() - 1;
        assertEquals(List.of("lb-3"), members(decide(tiers())));
        nodes.turn("lb-1", DnsNode.State.DOWN);
        nodes.turn("lb-2", DnsNode.State.DOWN);
        decide(tiers());
        nodes.turn("lb-1", DnsNode.State.ALIVE);
        nodes.turn("lb-2", DnsNode.State.ALIVE);
        now += HOLD_DOWN.toNanos() - 1;
        assertEquals(List.of("lb-3"), members(decide(tiers())), "a flap starts the hold-down again");
        now += HOLD_DOWN.toNanos() + 1;
        assertEquals(List.of("lb-1", "lb-2"), members(decide(tiers())));
        assertEquals(Long.MAX_VALUE, nextChange);
    }

    @Test
    void aTierInItsHoldDownIsBetterThanNone() {
        decide(tiers());
        nodes.turn("lb-1", DnsNode.State.DOWN);
        nodes.turn("lb-2", DnsNode.State.DOWN);
        decide(tiers());
        nodes.turn("lb-1", DnsNode.State.ALIVE);
        nodes.turn("lb-3", DnsNode.State.DOWN);
        assertEquals(List.of("lb-1"), members(decide(tiers())));
    }

    @Test
    void withoutTiersNodesFollowTheOrderOfTheNameservers() {
        assertEquals(List.of("lb-1"), members(decide(Name.of(Policy.FAILOVER))));
        nodes.turn("lb-1", DnsNode.State.DRAINING);
        assertEquals(List.of("lb-2"), members(decide(Name.of(Policy.FAILOVER))));
    }

    @Test
    void standbyServesOnlyWhenNobodyElseLives() {
        Name name = Name.of(Policy.WEIGHTED).over(List.of(
                new Member.OfNode("lb-1", 50), new Member.OfNode("lb-2", 50), new Member.OfNode("lb-3", 0)));
        Decision well = decide(name);
        assertEquals(2, ((Selection.Weighted) well.ipv4().selection()).members().size());
        assertFalse(well.degraded());
        nodes.turn("lb-1", DnsNode.State.DOWN);
        nodes.turn("lb-2", DnsNode.State.DOWN);
        Decision standby = decide(name);
        assertEquals(List.of("lb-3"),
                ((Selection.Weighted) standby.ipv4().selection()).members().stream().map(Candidate::name).toList());
        assertFalse(standby.panic());
    }

    @Test
    void aShortTtlIsNotHalvedBelowFiveSeconds() {
        nodes.turn("lb-1", DnsNode.State.DOWN);
        assertEquals(Duration.ofSeconds(5), decide(Name.of(Policy.ROUND_ROBIN).ttl(8)).ttl());
        assertEquals(Duration.ofSeconds(3), decide(Name.of(Policy.ROUND_ROBIN).ttl(3)).ttl());
    }

    @Test
    void drainingNodesAreNoIllHealth() {
        nodes.turn("lb-1", DnsNode.State.DRAINING);
        nodes.turn("lb-2", DnsNode.State.DRAINING);
        Decision decision = decide(Name.of(Policy.ROUND_ROBIN));
        assertEquals(List.of("lb-3"), members(decision));
        assertFalse(decision.degraded());
        nodes.turn("lb-3", DnsNode.State.DRAINING);
        assertEquals(3, members(decide(Name.of(Policy.ROUND_ROBIN))).size(), "nobody else is left");
    }
}
