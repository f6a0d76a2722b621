package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.WhenAllDown;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Region;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsExplanation.Candidate;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.policy.DnsNode;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import io.halite.health.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Whoever an explanation marks as answered is in what clients get over the wire, and nobody else: for every policy, nested
 * or not, with members of one address family or both, in every state.
 */
class ExplanationOverTheWireTest {
    /** Enough for every turn of a rotation. */
    private static final int TURNS = 16;
    /** A member with a thirteenth of the weight is missed by all of so many draws once in 10^10. */
    private static final int DRAWS = 300;
    private static final int NAMES = 12;
    private static final List<Policy> PLAIN = List.of(Policy.ROUND_ROBIN, Policy.WEIGHTED, Policy.FAILOVER);
    private static final List<Policy> POLICIES = List.of(Policy.values());
    private static final List<String> CLIENTS =
            List.of("198.51.100.1", "203.0.113.9", "10.1.2.3", "2001:db8:e::1", "2001:db8:f::1");

    private final FakeHealth health = new FakeHealth();
    private final FakeNodes nodes = FakeNodes.at("192.0.2.1", "192.0.2.2,2001:db8::2", "2001:db8::3", "192.0.2.4");
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void marksThoseWhoseAddressesClientsGet(long seed) throws Exception {
        random = new Random(seed);
        ConfigState state = state();
        try (DnsResponder responder =
                     Responders.start(Responders.settings(Engine.AUTO, 1), state, nodes, health)) {
            compareAll(responder);
            for (int i = 1; i <= 4; i++) {
                nodes.turn("lb-" + i, any(List.of(DnsNode.State.values())));
            }
            for (String target : List.of("192-0-2-51", "192-0-2-52", "2001-db8--53")) {
                health.set("db/" + target + "-80", random.nextBoolean() ? Health.HEALTHY : Health.UNHEALTHY);
            }
            responder.activate(new ConfigState(state.revision().next(), state.config(), 0, state.adminOverrides()));
            compareAll(responder);
        }
    }

    private ConfigState state() {
        TreeMap<String, NameSettings> names = new TreeMap<>();
        for (int i = 0; i < NAMES; i++) {
            names.put((i % 4 == 0 ? "*.n" : "n") + i, name(POLICIES.get(i % POLICIES.size())).settings());
            names.put("www" + i, Name.ofRecords().record("CNAME", (i % 4 == 0 ? "any.n" : "n") + i).settings());
        }
        return Configs.empty().at(7).pool("db", "192.0.2.51", "192.0.2.52", "2001:db8::53")
                .zone("lb.example.net", Configs.withMap(Configs.zone(Policy.ROUND_ROBIN, names), "sites", SampleZones.MAP))
                .state();
    }

    private Name name(Policy policy) {
        Name name = Name.of(policy).answers(random.nextInt(4)).holdDown(Duration.ofHours(1))
                .backup(members(random.nextInt(3)))
                .whenAllDown(any(List.of(WhenAllDown.values())))
                .record("HTTPS", "1 . alpn=h2").record("TXT", "no address");
        if (random.nextInt(3) == 0) {
            name.sticky();
        }
        if (policy == Policy.GEO) {
            for (String region : List.of("eu", "us", "asia")) {
                Policy inner = any(PLAIN);
                if (random.nextInt(4) > 0) {
                    name.region(region, new Region(inner, random.nextInt(3) == 0, choice(inner)));
                }
            }
            return name;
        }
        Choice choice = choice(policy);
        return choice.tiers().isEmpty() ? name.over(choice.members()) : name.tiers(choice.tiers());
    }

    private Choice choice(Policy policy) {
        return policy == Policy.FAILOVER
                ? new Choice(List.of(), Stream.generate(() -> members(1 + random.nextInt(2))).limit(3).toList())
                : new Choice(members(random.nextInt(5)), List.of());
    }

    private List<Member> members(int count) {
        List<Member> all = new ArrayList<>(List.of(new Member.OfPool("db")));
        List.of("lb-1", "lb-2", "lb-3", "lb-4", "lb-9").forEach(node -> all.add(new Member.OfNode(node, weight())));
        List.of("192.0.2.61", "2001:db8::62", "192.0.2.63").forEach(
                address -> all.add(new Member.OfAddress(address, weight(), null)));
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, count));
    }

    private int weight() {
        return random.nextInt(4) * 50;
    }

    private void compareAll(DnsResponder responder) throws IOException {
        for (int i = 0; i < NAMES; i++) {
            String name = (i % 4 == 0 ? "any.n" : "n") + i;
            compare(responder, name, "A", any(CLIENTS));
            compare(responder, name, "AAAA", any(CLIENTS));
            compare(responder, "www" + i, any(List.of("A", "AAAA")), any(CLIENTS));
            compare(responder, name, "HTTPS", CLIENTS.getFirst());
            assertTrue(responder.explain(name + ".lb.example.net", "TXT", null).candidates().isEmpty());
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static void compare(DnsResponder responder, String relative, String type, String from) throws IOException {
        String name = relative + ".lb.example.net";
        InetAddress client = InetAddress.ofLiteral(from);
        DnsExplanation told = responder.explain(name, type, client);
        int times = told.policy().equals("weighted") || told.policy().equals("geo") ? DRAWS : TURNS;
        Set<InetAddress> held = new HashSet<>();
        byte[] query = Responders.query(name + ".", Type.value(type), client, client.getAddress().length * 8);
        for (byte[] answer : Responders.exchange(responder, query, times)) {
            held.addAll(held(new Message(answer)));
        }
        Set<InetAddress> marked =
                addresses(told.candidates().stream().filter(Candidate::answered)).collect(Collectors.toSet());
        assertEquals(held, marked.stream().filter(held::contains).collect(Collectors.toSet()), () -> "missed: " + told);
        assertEquals(names(told.candidates().stream().filter(one -> addresses(Stream.of(one)).anyMatch(held::contains))),
                names(told.candidates().stream().filter(Candidate::answered)), () -> held + " by " + told);
        told.candidates().stream().filter(one -> !one.answered())
                .forEach(one -> assertFalse(one.reason().isEmpty(), () -> one + " of " + told));
    }

    private static Stream<InetAddress> addresses(Stream<Candidate> candidates) {
        return candidates.flatMap(one -> one.addresses().stream()).map(InetAddress::ofLiteral);
    }

    private static Set<String> names(Stream<Candidate> candidates) {
        return candidates.map(Candidate::name).collect(Collectors.toSet());
    }

    private static Set<InetAddress> held(Message answer) throws IOException {
        Set<InetAddress> held = new HashSet<>();
        for (Record record : answer.getSection(Section.ANSWER)) {
            if (record instanceof ARecord four) {
                held.add(four.getAddress());
            } else if (record instanceof AAAARecord six) {
                held.add(six.getAddress());
            } else if (record instanceof SVCBBase service) {
                if (service.getSvcParamValue(SVCBBase.IPV4HINT) instanceof SVCBBase.ParameterIpv4Hint hint) {
                    held.addAll(hint.getAddresses());
                }
                if (service.getSvcParamValue(SVCBBase.IPV6HINT) instanceof SVCBBase.ParameterIpv6Hint hint) {
                    held.addAll(hint.getAddresses());
                }
            }
        }
        return held;
    }
}
