package io.halite.dns.policy;

import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.document.Addresses;
import io.halite.dns.policy.Candidate.Standing;
import io.halite.dns.wire.Rcode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What ALIAS records take over: of a balanced name of ours its decision, of another one its addresses, of names elsewhere
 * those that were looked up.
 */
final class AliasTargets {
    private static final int LONGEST_CHAIN = 8;
    private static final String NOT_OURS = "no name of these zones with addresses of its own";

    private final Map<String, SortedMap<String, NamePlan>> zones;
    private final AliasBook elsewhere;

    /**
     * Of some zones.
     *
     * @param zones names by zone, all absolute
     */
    AliasTargets(Map<String, SortedMap<String, NamePlan>> zones, AliasBook elsewhere) {
        this.zones = zones;
        this.elsewhere = elsewhere;
    }

    static boolean isAlias(StaticRecord record) {
        return record.type().equalsIgnoreCase("ALIAS");
    }

    /** The absolute name in the data of a record. */
    static String target(StaticRecord record, String apex) {
        String data = record.data().strip();
        return data.endsWith(".") ? ZonePlanner.lower(data) : ZonePlanner.absolute(data, apex);
    }

    /** The names of a zone with each ALIAS replaced. */
    SortedMap<String, NamePlan> resolved(String apex) {
        SortedMap<String, NamePlan> names = zones.getOrDefault(apex, new TreeMap<>());
        SortedMap<String, NamePlan> changed = new TreeMap<>();
        names.forEach((name, plan) -> {
            StaticRecord alias = leading(plan, "ALIAS");
            if (alias != null) {
                changed.put(name, new NamePlan(decision(target(alias, apex), plan.ttl()),
                        plan.records().stream().filter(record -> !record.equals(alias)).toList(), plan.ttl()));
            }
        });
        if (changed.isEmpty()) {
            return names;
        }
        SortedMap<String, NamePlan> resolved = new TreeMap<>((Map<String, NamePlan>) names);
        resolved.putAll(changed);
        return resolved;
    }

    private static @Nullable StaticRecord leading(NamePlan plan, String type) {
        for (StaticRecord record : plan.records()) {
            if (record.type().equalsIgnoreCase(type)) {
                return record;
            }
        }
        return null;
    }

    private Decision decision(String target, Duration ttl) {
        String at = target;
        for (int step = 0; step < LONGEST_CHAIN; step++) {
            String apex = ZonePlanner.covering(at, zones.keySet());
            if (apex == null) {
                List<InetAddress> found = elsewhere.addresses(at);
                return found.isEmpty() ? nothing(target, "its address is not known yet") : addresses(target, found, ttl);
            }
            NamePlan plan = find(at, apex);
            if (plan == null) {
                return nothing(target, NOT_OURS);
            }
            Decision decision = plan.decision();
            if (decision != null) {
                return decision;
            }
            StaticRecord alias = leading(plan, "ALIAS");
            StaticRecord next = alias == null ? leading(plan, "CNAME") : alias;
            if (next == null) {
                List<InetAddress> own = addresses(plan);
                return own.isEmpty() ? nothing(target, NOT_OURS) : addresses(target, own, ttl);
            }
            at = target(next, apex);
        }
        return nothing(target, NOT_OURS);
    }

    /** The name itself, or the wildcard that stands for it. */
    private @Nullable NamePlan find(String name, String apex) {
        SortedMap<String, NamePlan> names = zones.getOrDefault(apex, new TreeMap<>());
        NamePlan plan = names.get(name);
        for (String at = name; plan == null && !at.equals(apex);) {
            at = at.substring(at.indexOf('.') + 1);
            plan = names.get("*." + at);
        }
        return plan;
    }

    private static List<InetAddress> addresses(NamePlan plan) {
        return plan.records().stream()
                .filter(record -> record.type().equalsIgnoreCase("A") || record.type().equalsIgnoreCase("AAAA"))
                .map(record -> Addresses.ip(record.data().strip())).filter(Objects::nonNull).distinct().toList();
    }

    private static Decision nothing(String target, String why) {
        return decision(Candidate.unusable(target, why), new Selection.Nothing(Rcode.SERVFAIL), Duration.ZERO);
    }

    private static Decision addresses(String target, List<InetAddress> addresses, Duration ttl) {
        Candidate candidate = new Candidate(target, addresses, 1, Standing.LIVE, "");
        return decision(candidate, new Selection.Even(List.of(candidate), NameSettings.DEFAULT_ANSWERS, false), ttl);
    }

    private static Decision decision(Candidate candidate, Selection selection, Duration ttl) {
        return new Decision(Policy.ROUND_ROBIN, side(candidate, selection, false), side(candidate, selection, true), ttl);
    }

    private static Decision.Side side(Candidate candidate, Selection selection, boolean ipv6) {
        boolean answered = candidate.addresses().stream().anyMatch(address -> address instanceof Inet6Address == ipv6);
        return new Decision.Side(selection, false, false,
                List.of(new Decision.Considered(candidate, "", "", answered)));
    }
}
