package io.halite.dns.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.WhenAllDown;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.SampleZones;
import io.halite.dns.wire.Rcode;
import io.halite.dns.wire.RecordType;
import io.halite.health.HealthTable;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the clients of a region go that cannot serve them. */
class GeoFailoverTest {
    private final FakeNodes nodes = FakeNodes.at("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4");
    private final ZonePlanner planner = new ZonePlanner();

    private static Name near() {
        return Name.of(Policy.GEO).region("eu", Policy.WEIGHTED, List.of(node("lb-1")))
                .region("us", Policy.ROUND_ROBIN, List.of(node("lb-2"), node("lb-3"), node("lb-4")));
    }

    private static Member node(String name) {
        return new Member.OfNode(name, -1);
    }

    private Selection in(String region, Name name) {
        return in(region, name, nodes, RecordType.A);
    }

    private Selection in(String region, Name name, FakeNodes nodes, int type) {
        ConfigState state = Configs.empty().zone("lb.example.net", Configs.withMap(
                Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of("n", name.settings()))), "sites", SampleZones.MAP))
                .state();
        NamePlan plan = planner.plan(state, nodes.current(), HealthTable.EMPTY, AliasBook.EMPTY, 0).zones().getFirst()
                .names().get("n.lb.example.net");
        Decision decision = Objects.requireNonNull(plan == null ? null : plan.decision());
        return Objects.requireNonNull(((Selection.ByRegion) decision.side(type).selection()).regions().get(region));
    }

    private static List<String> members(Selection selection) {
        return ((Selection.Even) selection).members().stream().map(Candidate::name).toList();
    }

    private void down(String... names) {
        List.of(names).forEach(name -> nodes.turn(name, DnsNode.State.DOWN));
    }

    @ParameterizedTest
    @EnumSource(WhenAllDown.class)
    void aRegionWhereNobodyLivesIsServedByWhoeverLivesElsewhere(WhenAllDown way) {
        Name name = near().whenAllDown(way);
        down("lb-1");
        assertEquals(List.of("lb-2", "lb-3", "lb-4"), members(in("eu", name)));
        down("lb-2", "lb-3");
        assertEquals(List.of("lb-4"), members(in("eu", name)), "too few for their own, but nobody lives at home");
    }

    @Test
    void aRegionWithoutNodesOfItsOwnHasThoseOfAll() {
        assertEquals(List.of("lb-1", "lb-2", "lb-3", "lb-4"), members(in("asia", near())));
        Name strange = near().region("asia", Policy.ROUND_ROBIN, List.of(node("lb-9")));
        assertEquals(List.of("lb-1", "lb-2", "lb-3", "lb-4"), members(in("asia", strange)));
    }

    @Test
    void whenNobodyLivesAnywhereTheNameFailsOpenUnlessToldOtherwise() {
        down("lb-1", "lb-2", "lb-3", "lb-4");
        assertEquals(List.of("lb-2", "lb-3", "lb-4"), members(in("us", near())));
        assertEquals(new Selection.Nothing(Rcode.NOERROR), in("us", near().whenAllDown(WhenAllDown.NONE)));
        assertEquals(new Selection.Nothing(Rcode.SERVFAIL), in("us", near().whenAllDown(WhenAllDown.SERVFAIL)));
    }

    @Test
    void aRegionWithoutAddressesOfAFamilyIsNoReliefForOneThatHasThem() {
        FakeNodes mixed = FakeNodes.at("2001:db8::1", "192.0.2.2", "192.0.2.3", "192.0.2.4");
        mixed.turn("lb-1", DnsNode.State.DOWN);
        assertEquals(List.of("lb-1"), ((Selection.Weighted) in("eu", near(), mixed, RecordType.AAAA)).members().stream()
                .map(Candidate::name).toList(), "fails open");
        mixed.put(DnsNode.alive("lb-3", InetAddress.ofLiteral("2001:db8::3")));
        assertEquals(List.of("lb-3"), members(in("eu", near(), mixed, RecordType.AAAA)));
    }

    @Test
    void aPoorRegionPanicsAtHomeOnlyWhenTheRestIsPoorToo() {
        down("lb-2", "lb-3");
        assertEquals(List.of("lb-1"), members(in("us", near())));
        down("lb-1");
        assertTrue(members(in("us", near())).size() == 3, "fails open");
    }
}
