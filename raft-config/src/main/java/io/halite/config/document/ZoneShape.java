package io.halite.config.document;

import io.halite.config.WhenAllDown;
import io.halite.config.Zone;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Zones of the DNS responder. Stateless. */
final class ZoneShape {
    private static final Type<Duration> TTL_TYPE = Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(7));
    private static final Type<Policy> POLICY_TYPE = Scalars.choice(List.of(Policy.values()), Policy::key);

    private static final Key<NameSettings, Policy> NAME_POLICY = Key.optional("policy", NameSettings::policy, POLICY_TYPE,
            "how the answer is chosen; by default as the zone says");
    private static final Key<NameSettings, Duration> NAME_TTL = Key.optional("ttl", NameSettings::ttl, TTL_TYPE,
            "how long resolvers may keep the answer; by default as the zone says");
    private static final Key<NameSettings, WhenAllDown> NAME_WHEN_ALL_DOWN = Key.optional("whenAllDown",
            NameSettings::whenAllDown, Scalars.choice(List.of(WhenAllDown.values()), WhenAllDown::key),
            "the answer when too few nodes are eligible; by default all");
    private static final Shape<NameSettings> NAME_SHAPE = Shape.of(fields -> NameSettings.of(fields.find(NAME_POLICY),
            fields.find(NAME_TTL), fields.find(NAME_WHEN_ALL_DOWN)), NAME_POLICY, NAME_TTL, NAME_WHEN_ALL_DOWN);

    private static final Key<Zone, List<String>> NAMESERVERS = Key.of("nameservers", Zone::nameservers,
            Composites.list(HttpWords.DNS_NAME), List.of(),
            "nodes, labels below the zone, or absolute names (those with a dot)");
    private static final Key<Zone, Duration> TTL = Key.of("ttl", Zone::ttl, TTL_TYPE, Zone.DEFAULT_TTL,
            "how long resolvers may keep an answer");
    private static final Key<Zone, Policy> POLICY = Key.of("policy", Zone::policy, POLICY_TYPE, Policy.ROUND_ROBIN,
            "how an answer is chosen among the nodes");
    private static final Key<Zone, SortedMap<String, NameSettings>> NAMES = Key.of("names", Zone::names,
            Composites.map(Scalars.checked(Scalars.text(), ZoneShape::relativeName), NAME_SHAPE),
            Collections.emptySortedMap(), "what single names do otherwise, relative to the zone; @ is the zone itself");

    static final Shape<Zone> ZONE = Shape.of(ZoneShape::zone, NAMESERVERS, TTL, POLICY, NAMES);

    private ZoneShape() {}

    private static Zone zone(Fields fields) {
        List<String> nameservers = fields.get(NAMESERVERS);
        if (nameservers.stream().distinct().count() < 2) {
            Value list = fields.at(NAMESERVERS);
            (list == null ? fields.owner() : list).warning("FEW_NAMESERVERS", "the zone has fewer than two nameservers",
                    "parents of a zone ask for two or more, so that one may fail");
        }
        return Zone.of(nameservers, fields.get(TTL), fields.get(POLICY), fields.get(NAMES));
    }

    private static @Nullable String relativeName(String text, Value value) {
        String name = text.toLowerCase(Locale.ROOT);
        boolean valid = name.equals("@") || name.equals("*")
                || Addresses.isDnsName(name.startsWith("*.") ? name.substring(2) : name);
        return valid ? name : value.error("INVALID_DNS_NAME", "'" + Value.abbreviated(text) + "' is no name in a zone",
                "write it relative to the zone: shop, *.shop or @ for the zone itself");
    }
}
