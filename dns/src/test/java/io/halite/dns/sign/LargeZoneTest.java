package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.config.Zone;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.dns.policy.AliasBook;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.policy.ZonePlanner;
import io.halite.dns.render.ZoneTableCompiler;
import io.halite.dns.render.ZoneTableCompiler.Compiled;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.wire.NameHash;
import io.halite.health.HealthTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A zone with much to sign holds up no other: it stays as it was until all its signatures are made. */
class LargeZoneTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final String LARGE = "large.example.net";
    private static final String SMALL = "small.example.net";
    private static final String ABOVE = "example.net";

    private final FakeNodes nodes = FakeNodes.at("192.0.2.1", "192.0.2.2");
    private final ZoneTableCompiler compiler =
            new ZoneTableCompiler(new NameHash(1, 2), new FixedKeys(NOW), InstantSource.system());
    private int tables;

    private static Zone zone(int names, String address, boolean isSigned) {
        SortedMap<String, NameSettings> settings = new TreeMap<>();
        for (int i = 0; i < names; i++) {
            settings.put("n" + i, Name.ofRecords().record("A", address).settings());
        }
        Zone zone = Configs.zone(Policy.ROUND_ROBIN, settings);
        return isSigned ? Configs.signed(zone) : zone;
    }

    /** Compiles with hardly any time for signatures. */
    private Compiled compile(Configs configs) {
        List<ZonePlan> plans = new ZonePlanner().plan(configs.state(), nodes.current(), HealthTable.EMPTY,
                AliasBook.EMPTY, Ticker.SYSTEM.nanos()).zones();
        tables++;
        return compiler.compile(configs.state().revision(), plans, () -> false);
    }

    private Compiled untilWhole(Configs configs) {
        Compiled compiled = compile(configs);
        while (!compiled.isWhole()) {
            assertEquals(1, compiled.nextChange(), "wants to go on at once");
            compiled = compile(configs);
        }
        return compiled;
    }

    private static String address(Compiled compiled, String zone) {
        return Objects.requireNonNull(compiled.zones().get(zone)).everything().stream()
                .filter(record -> record.getName().toString().startsWith("n0.") && record.rdataToString().startsWith("192"))
                .findFirst().orElseThrow().rdataToString();
    }

    @Test
    void otherZonesAreServedWhileALargeOneIsSigned() {
        Configs configs = Configs.empty().zone(LARGE, zone(60, "192.0.2.7", true)).zone(SMALL, zone(1, "192.0.2.7", false));
        Compiled first = compile(configs);
        assertFalse(first.isWhole());
        assertEquals(Set.of(SMALL), first.zones().keySet());
        Compiled whole = untilWhole(configs);
        assertEquals(Set.of(LARGE, SMALL), whole.zones().keySet());
        assertTrue(tables > 2, "tables: " + tables);
    }

    @Test
    void aZoneThatWasServedStaysAsItWasUntilItIsSignedAnew() {
        Compiled before = untilWhole(
                Configs.empty().zone(LARGE, zone(60, "192.0.2.7", true)).zone(SMALL, zone(1, "192.0.2.7", false)));
        assertEquals("192.0.2.7", address(before, LARGE));
        Configs changed = Configs.empty().at(8).zone(LARGE, zone(60, "192.0.2.8", true))
                .zone(SMALL, zone(1, "192.0.2.8", false));
        Compiled first = compile(changed);
        assertFalse(first.isWhole());
        assertEquals("192.0.2.7", address(first, LARGE));
        assertEquals("192.0.2.8", address(first, SMALL), "the small one has changed at once");
        assertTrue(first.table().answers() >= before.table().answers(), "answers that were kept have their numbers");
        assertEquals("192.0.2.8", address(untilWhole(changed), LARGE));
    }

    /** A table takes time by itself, so that a few signatures with each would make a very large zone wait for minutes. */
    @Test
    void theLargerAZoneTheMoreIsSignedWithEachTable() {
        untilWhole(Configs.empty().zone(LARGE, zone(150, "192.0.2.7", true)));
        int few = tables;
        untilWhole(Configs.empty().at(8).zone(LARGE, zone(600, "192.0.2.8", true)));
        assertTrue(tables - few < 3 * few, few + " tables for 150 names, " + (tables - few) + " for 600");
    }

    @Test
    void theZoneAboveNamesNoKeyThatNothingIsSignedWith() {
        untilWhole(Configs.empty().zone(ABOVE, zone(1, "192.0.2.7", true)).zone(LARGE, zone(60, "192.0.2.7", false)));
        Configs signed = Configs.empty().zone(ABOVE, zone(1, "192.0.2.7", true)).zone(LARGE, zone(60, "192.0.2.7", true));
        List<Boolean> named = new ArrayList<>();
        Compiled compiled = compile(signed);
        while (!compiled.isWhole()) {
            named.add(namesKey(compiled));
            assertTrue(Objects.requireNonNull(compiled.zones().get(LARGE)).ds().isEmpty(), "still as it was");
            compiled = compile(signed);
        }
        assertFalse(named.isEmpty());
        assertFalse(named.contains(true));
        assertTrue(namesKey(compiled));
    }

    private static boolean namesKey(Compiled compiled) {
        return Objects.requireNonNull(compiled.zones().get(ABOVE)).everything().stream()
                .anyMatch(record -> record.toString().matches("large\\.example\\.net\\.\\s.*\\sDS\\s.*"));
    }
}
