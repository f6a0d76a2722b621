package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.LoadBalancer;
import io.halite.config.Zone;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds out where the records of zones lead, and who has a name twice. Confined to one read. */
final class ZoneTargets {
    private static final int LONGEST_CHAIN = 8;

    /** Names that are answered, absolute, without a final dot. */
    private final Set<String> known = new HashSet<>();
    /** Names that are, with all below them, for another zone to answer. */
    private final Set<String> cuts = new HashSet<>();
    private final Set<String> apexes = new HashSet<>();
    /** Where CNAME records lead. */
    private final Map<String, String> aliases = new HashMap<>();

    private ZoneTargets() {}

    static void check(ClusterConfig config, Reading reading) {
        ZoneTargets targets = new ZoneTargets();
        config.zones().forEach(targets::note);
        targets.domains(config, reading);
        config.zones().forEach((apex, zone) -> zone.names().forEach((name, settings) ->
                targets.name(lower(apex), absolute(name, apex), settings, reading)));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A name as records and keys of a zone write it. */
    private static String absolute(String name, String apex) {
        String written = lower(name);
        return written.equals(Zone.APEX) ? lower(apex)
                : written.endsWith(".") ? written.substring(0, written.length() - 1) : written + "." + lower(apex);
    }

    private void domains(ClusterConfig config, Reading reading) {
        Map<String, String> owners = new HashMap<>();
        for (Map.Entry<String, LoadBalancer> entry : config.loadBalancers().entrySet()) {
            String domain = entry.getValue().domain();
            String owner = domain == null || !isCovered(lower(domain)) ? null
                    : owners.putIfAbsent(lower(domain), entry.getKey());
            if (owner != null) {
                reading.placeOf(entry.getValue()).<Object>error("DUPLICATE_DOMAIN",
                        "the domain " + domain + " is that of '" + owner + "' already",
                        "give each load balancer a domain of its own, or join the two");
            }
        }
        known.addAll(owners.keySet());
    }

    private boolean isCovered(String domain) {
        String at = domain;
        while (!apexes.contains(at)) {
            if (at.indexOf('.') < 0) {
                return false;
            }
            at = parent(at);
        }
        return true;
    }

    private void note(String apex, Zone zone) {
        cuts.add(lower(apex));
        apexes.add(lower(apex));
        known.add(lower(apex));
        zone.nameservers().stream().filter(nameserver -> nameserver.indexOf('.') < 0)
                .forEach(nameserver -> known.add(absolute(nameserver, apex)));
        zone.names().forEach((name, settings) -> {
            known.add(absolute(name, apex));
            if (!name.equals(Zone.APEX) && settings.records().stream().anyMatch(record -> record.type().equals("NS"))) {
                cuts.add(absolute(name, apex));
            }
            settings.records().stream().filter(record -> record.type().equals("CNAME"))
                    .forEach(record -> aliases.put(absolute(name, apex), absolute(record.data().strip(), apex)));
        });
    }

    private void name(String apex, String name, NameSettings settings, Reading reading) {
        for (StaticRecord record : settings.records()) {
            Value place = reading.placeOf(record);
            String target = RecordData.target(record);
            String written = target == null ? Zone.APEX : target;
            if (!written.endsWith(".") && !isKnown(absolute(written, apex), apex)) {
                place.warning("UNKNOWN_NAME", "there is no '" + Value.abbreviated(written) + "' in the zone " + apex,
                        written.indexOf('.') < 0 ? "add it under `names` of the zone"
                                : "a name outside the zone ends in a dot: " + Value.abbreviated(written) + ".");
            }
            if (record.type().equals("CNAME") && leadsBack(name)) {
                place.<Object>error("CNAME_LOOP", "the CNAME leads back to itself", "let it lead to a name with addresses");
            }
        }
    }

    /** Itself, by a wildcard, or below a name that another server or zone has. */
    private boolean isKnown(String target, String apex) {
        if (known.contains(target)) {
            return true;
        }
        for (String above = parent(target); above.length() > apex.length(); above = parent(above)) {
            if (known.contains("*." + above) || cuts.contains(above)) {
                return true;
            }
        }
        return known.contains("*." + apex);
    }

    private static String parent(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    private boolean leadsBack(String name) {
        String at = name;
        for (int step = 0; step < LONGEST_CHAIN; step++) {
            String next = aliases.get(at);
            if (next == null) {
                return false;
            }
            if (next.equals(name)) {
                return true;
            }
            at = next;
        }
        return false;
    }
}
