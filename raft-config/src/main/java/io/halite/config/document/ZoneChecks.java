package io.halite.config.document;

import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.shape.Value;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks what the parts of a zone say together, as zonemaster would judge it. Stateless. */
final class ZoneChecks {
    /** RFC 1912, section 2.2. */
    private static final Duration SHORTEST_EXPIRE = Duration.ofDays(7);

    private static final Set<String> DELEGATION = Set.of("NS", "DS", "A", "AAAA");

    private ZoneChecks() {}

    static void check(Zone zone, Value place) {
        if (zone.soa().retry().compareTo(zone.soa().refresh()) >= 0) {
            place.warning("SOA_TIMERS", "retry of the SOA is not below refresh", "RFC 1912 asks for it");
        }
        if (zone.soa().expire().compareTo(SHORTEST_EXPIRE) < 0) {
            place.warning("SOA_TIMERS", "expire of the SOA is below a week",
                    "secondaries would give up during a long outage");
        }
        if (zone.policy() == Policy.GEO) {
            mapGiven(zone, null, place);
        }
        zone.names().forEach((name, settings) -> name(zone, name, settings, place.reading().placeOf(settings)));
    }

    /** Policy geo needs a map: the one that is named, or the only one. */
    private static void mapGiven(Zone zone, @Nullable String named, Value place) {
        if (named == null && zone.geoMap() == null && zone.geoMaps().size() != 1) {
            place.<Object>error("MISSING_KEY", "'geoMap' is missing", zone.geoMaps().isEmpty()
                    ? "policy geo needs a map of clients to regions: put one under `geoMaps` of the zone"
                    : "name one of " + String.join(", ", zone.geoMaps().keySet()));
        }
    }

    static void mapExists(Zone zone, String map, Value place) {
        if (!zone.geoMaps().containsKey(map)) {
            place.<Object>error("DANGLING_REFERENCE", "there is no '" + map + "' among the geoMaps of the zone",
                    zone.geoMaps().isEmpty() ? "the zone has none; put it under `geoMaps` of the zone"
                            : place.hint(map, zone.geoMaps().keySet()));
        }
    }

    private static void name(Zone zone, String name, NameSettings settings, Value place) {
        Policy policy = Objects.requireNonNullElse(settings.policy(), zone.policy());
        if (!settings.choice().tiers().isEmpty() && policy != Policy.FAILOVER && settings.policy() == null) {
            place.<Object>error("TIERS_NOT_ALLOWED", "the zone's policy " + policy.key() + " has no tiers",
                    "use policy failover");
        }
        if (settings.geoMap() != null) {
            mapExists(zone, settings.geoMap(), place);
        }
        if (policy == Policy.GEO) {
            regions(zone, settings, place);
        } else if (!settings.regions().isEmpty()) {
            place.<Object>error("REGIONS_NOT_ALLOWED", "policy " + policy.key() + " has no regions", "use policy geo");
        }
        records(name, settings, place);
    }

    private static void regions(Zone zone, NameSettings settings, Value place) {
        GeoMap map = zone.geoMaps().get(mapName(zone, settings));
        mapGiven(zone, settings.geoMap(), place);
        if (settings.regions().isEmpty() || map == null) {
            return;
        }
        SortedSet<String> known = new TreeSet<>(map.networks().values());
        known.addAll(map.countries().values());
        known.addAll(map.continents().values());
        known.add(map.otherwise());
        for (String region : settings.regions().keySet()) {
            if (!known.contains(region)) {
                place.<Object>error("UNKNOWN_REGION", "no client is in the region '" + region + "'",
                        place.hint(region, known));
            }
        }
        known.removeAll(settings.regions().keySet());
        if (!known.isEmpty()) {
            place.<Object>error("MISSING_REGION", "the regions " + String.join(", ", known) + " of the map have no entry",
                    "clients there would get no answer");
        }
    }

    /** As the responder looks it up: the name's, else the zone's, else the only one. */
    private static String mapName(Zone zone, NameSettings settings) {
        String named = settings.geoMap() == null ? zone.geoMap() : settings.geoMap();
        return named == null && zone.geoMaps().size() == 1 ? zone.geoMaps().firstKey()
                : Objects.requireNonNullElse(named, "");
    }

    private static void records(String name, NameSettings settings, Value place) {
        List<String> types = settings.records().stream().map(StaticRecord::type).toList();
        boolean balanced = isBalanced(settings);
        if (types.contains("CNAME") && (types.size() > 1 || balanced)) {
            place.<Object>error("CNAME_ALONE", "a name with a CNAME has nothing else",
                    "remove the CNAME, or the rest (RFC 1034, section 3.6.2)");
        }
        if (types.contains("CNAME") && name.equals(Zone.APEX)) {
            place.<Object>error("CNAME_AT_APEX", "the zone itself cannot be a CNAME", "use an ALIAS record");
        }
        if (types.contains("ALIAS") && (balanced || types.contains("A") || types.contains("AAAA"))) {
            place.<Object>error("ALIAS_ALONE", "a name with an ALIAS has no addresses of its own",
                    "remove the ALIAS, or the addresses beside it");
        }
        if (balanced && (types.contains("A") || types.contains("AAAA"))) {
            place.<Object>error("ADDRESSES_TWICE", "a balanced name has the addresses of its members alone",
                    "remove its A and AAAA records, or make them members");
        }
        if (types.contains("NS") && !name.equals(Zone.APEX) && (balanced || !DELEGATION.containsAll(types))) {
            place.<Object>error("NS_ALONE", "a name with NS records is another server's, and has nothing else here",
                    "remove the NS records, or the rest; DS and the addresses of its servers may stay");
        }
    }

    private static boolean isBalanced(NameSettings settings) {
        return !settings.choice().equals(Choice.ALL_NODES) || !settings.regions().isEmpty() || settings.policy() != null;
    }
}
