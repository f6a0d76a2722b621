package io.halite.dns.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.Zone;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.policy.AliasBook;
import io.halite.dns.policy.DnsNode;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.policy.ZonePlanner;
import io.halite.dns.render.ZoneTableCompiler.Compiled;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.table.Answer;
import io.halite.dns.table.NameNode;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.NameHash;
import io.halite.health.Health;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Tables that take names over from the table before them, beside tables that are made anew. */
class KeptZonesTest {
    private static final NameHash HASH = new NameHash(3, 4);
    private static final List<DnsNode.State> STATES = List.of(DnsNode.State.values());
    private static final int[] TYPES = {Type.A, Type.AAAA, Type.TXT, Type.HTTPS, Type.SVCB, Type.MX, Type.SRV, Type.NS,
            Type.SOA, Type.CNAME, Type.CAA, Type.DS, Type.ANY};

    private final FakeNodes nodes = SampleZones.nodes();
    private final FakeHealth health = new FakeHealth();
    private final ZonePlanner planner = new ZonePlanner();
    private final ZoneTableCompiler compiler = new ZoneTableCompiler(HASH);
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment message = arena.allocate(FastPath.MAX_STREAM + FastPath.MAX_UDP + Bytes.PADDING);

    /** The sample zone without the one below it, with names that follow the health of a pool. */
    private static ConfigState state(long revision, int hosts) {
        Zone sample = Objects.requireNonNull(SampleZones.state().config().zones().get("lb.example.net"));
        SortedMap<String, NameSettings> names = new TreeMap<>(sample.names());
        names.put("web", Name.of(Policy.ROUND_ROBIN).over(List.of(new Member.OfPool("web"))).settings());
        names.put("*.web", Name.of(Policy.FAILOVER).over(List.of(new Member.OfPool("web"))).settings());
        names.put("x.y.web", Name.ofRecords().record("TXT", "\"below both\"").settings());
        names.put("to-web", Name.ofRecords().record("CNAME", "web").settings());
        for (int i = 0; i < hosts; i++) {
            names.put("host" + i, Name.ofRecords().record("A", "192.0.2." + i).settings());
        }
        return Configs.empty().at(revision).domain("payments", "payments.lb.example.net")
                .pool("web", "192.0.2.200", "192.0.2.201", "2001:db8::200")
                .zone("lb.example.net", new Zone(sample.nameservers(), sample.ttl(), sample.policy(), sample.geoMap(),
                        sample.soa(), names, sample.geoMaps(), null, false, 0))
                .state();
    }

    private static List<String> names() {
        return Stream.concat(SampleZones.interestingNames().stream(), Stream.of("web", "q.web", "y.web", "x.y.web", "to-web",
                "host0", "host1", "host2").map(name -> name + ".lb.example.net.")).toList();
    }

    private List<ZonePlan> plan(ConfigState state) {
        return planner.plan(state, nodes.current(), health.current(), AliasBook.EMPTY, Ticker.SYSTEM.nanos()).zones();
    }

    private List<String> answers(ZoneTable table) {
        CookieSecrets secrets = CookieSecrets.random();
        FastPath path = new FastPath(new FastPathSettings(4711, 0, 0, Networks.NONE, 100, Ticker.SYSTEM,
                InstantSource.system()), table, secrets);
        path.begin(table, secrets);
        path.client().set(InetAddress.ofLiteral("198.51.100.9"));
        List<String> answers = new ArrayList<>();
        for (String name : names()) {
            for (int type : TYPES) {
                byte[] query = Responders.query(name, type).toWire();
                query[0] = 0;
                query[1] = 0;
                MemorySegment.copy(query, 0, message, ValueLayout.JAVA_BYTE, 0, query.length);
                int size = path.answer(message, 0, query.length, true);
                answers.add(name + " " + Type.string(type) + " "
                        + HexFormat.of().formatHex(message.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return answers;
    }

    private void change(Random random) {
        switch (random.nextInt(3)) {
            case 0 -> nodes.turn("lb-" + (1 + random.nextInt(3)), STATES.get(random.nextInt(STATES.size())));
            case 1 -> health.set("web/192-0-2-20" + random.nextInt(2) + "-80",
                    random.nextBoolean() ? Health.HEALTHY : Health.UNHEALTHY);
            default -> { }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aTableAnswersAsOneThatIsMadeAnewWould(long seed) {
        Random random = new Random(seed);
        int revision = 1;
        ConfigState state = state(revision, 2);
        for (int step = 0; step < 60; step++) {
            change(random);
            if (random.nextInt(8) == 0) {
                revision++;
                state = state(revision, random.nextInt(4));
            }
            List<ZonePlan> plans = plan(state);
            Compiled mine = compiler.compile(state.revision(), plans);
            Compiled anew = new ZoneTableCompiler(HASH).compile(state.revision(), plans);
            assertEquals(answers(anew.table()), answers(mine.table()), "seed " + seed + " step " + step);
            assertEquals(copied(anew), copied(mine));
            eachAnswerHasItsOwnNumber(mine.table());
        }
    }

    private static Set<Record> copied(Compiled table) {
        return Set.copyOf(Objects.requireNonNull(table.zones().get("lb.example.net")).everything());
    }

    private void eachAnswerHasItsOwnNumber(ZoneTable table) {
        Map<Integer, Answer> byId = new HashMap<>();
        for (String name : names()) {
            NameNode node = node(table, name);
            for (int type : TYPES) {
                if (node != null) {
                    Answer answer = node.answer(type);
                    Answer other = byId.putIfAbsent(answer.id(), answer);
                    assertTrue(other == null || other == answer, "number " + answer.id() + " of " + name);
                    assertTrue(answer.id() < table.answers());
                }
            }
        }
    }

    private @Nullable NameNode node(ZoneTable table, String name) {
        byte[] wire = org.xbill.DNS.Name.fromConstantString(name).toWireCanonical();
        MemorySegment.copy(wire, 0, message, ValueLayout.JAVA_BYTE, 0, wire.length);
        return table.find(message, 0, wire.length);
    }

    @Test
    void onlyWhatChangedIsMadeAnew() {
        ConfigState state = state(1, 3);
        ZoneTable before = compiler.compile(state.revision(), plan(state)).table();
        nodes.turn("lb-3", DnsNode.State.DOWN);
        ZoneTable after = compiler.compile(state.revision(), plan(state)).table();
        for (String kept : List.of("host1", "static", "shop", "web", "mail")) {
            assertSame(node(before, kept + ".lb.example.net."), node(after, kept + ".lb.example.net."), kept);
        }
        for (String made : List.of("payments", "www", "child")) {
            assertNotSame(node(before, made + ".lb.example.net."), node(after, made + ".lb.example.net."), made);
        }
        ZoneTable next = compiler.compile(new Revision(2), plan(state(2, 3))).table();
        assertNotSame(node(after, "host1.lb.example.net."), node(next, "host1.lb.example.net."),
                "the serial is part of its answers");
        assertNull(node(compiler.compile(new Revision(2), plan(state(2, 1))).table(), "host1.lb.example.net."));
    }
}
