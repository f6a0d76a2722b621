package io.halite.dns.policy;

import io.halite.config.LoadBalancer;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.document.Addresses;
import io.halite.config.store.ConfigState;
import io.halite.health.HealthTable;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans every zone of a config: which names exist, and what each balanced one answers right now. Remembers between two
 * plans what failover and {@code lastKnown} need. Owned by the compiling thread.
 */
public final class ZonePlanner {
    /** Nameservers and their addresses change seldom, and the parent's copy of them is as old as its own TTL. */
    public static final Duration NAMESERVER_TTL = Duration.ofHours(1);

    private final Map<String, NameMemory> memories = new HashMap<>();
    private long nextChange;

    /**
     * What a set of zones looks like now.
     *
     * @param nextChange in how many nanoseconds it may look otherwise by itself; {@link Long#MAX_VALUE} for never
     */
    public record Plans(List<ZonePlan> zones, List<Quarantined> quarantined, long nextChange) {
        public Plans {
            zones = List.copyOf(zones);
            quarantined = List.copyOf(quarantined);
        }
    }

    /**
     * Plans all zones.
     *
     * @param now the ticker's nanoseconds
     */
    public Plans plan(ConfigState state, List<DnsNode> nodes, HealthTable health, AliasBook aliases, long now) {
        nextChange = Long.MAX_VALUE;
        Members members = new Members(state, nodes, health);
        List<Quarantined> quarantined = new ArrayList<>();
        Map<String, SortedMap<String, NamePlan>> byZone = new HashMap<>();
        Map<String, List<String>> nameservers = new HashMap<>();
        Map<String, Map<String, NameSettings>> balanced = loadBalancers(state, quarantined);
        state.config().zones().forEach((name, zone) -> {
            String apex = lower(name);
            SortedMap<String, NameSettings> settings = new TreeMap<>(balanced.getOrDefault(apex, Map.of()));
            zone.names().forEach((relative, own) -> settings.put(absolute(relative, apex), own));
            SortedMap<String, NamePlan> names = new TreeMap<>();
            settings.forEach((fqdn, own) -> names.put(fqdn,
                    planName(fqdn, zone, own, balanced.getOrDefault(apex, Map.of()).containsKey(fqdn), members, now)));
            nameservers.put(apex, nameservers(apex, zone, names, members, quarantined));
            byZone.put(apex, names);
        });
        AliasTargets targets = new AliasTargets(byZone, aliases);
        List<ZonePlan> plans = new ArrayList<>();
        state.config().zones().forEach((name, zone) -> {
            String apex = lower(name);
            plans.add(new ZonePlan(apex, zone, nameservers.getOrDefault(apex, List.of()), targets.resolved(apex)));
        });
        memories.keySet().retainAll(plans.stream().flatMap(plan -> plan.names().keySet().stream())
                .collect(Collectors.toSet()));
        return new Plans(plans, quarantined, nextChange);
    }

    /** The domains of load balancers by the zone that covers them, with default settings. */
    private static Map<String, Map<String, NameSettings>> loadBalancers(
            ConfigState state, List<Quarantined> quarantined) {
        NameSettings plain = NameSettings.of(null, null, null);
        Map<String, Map<String, NameSettings>> byZone = new HashMap<>();
        for (Map.Entry<String, LoadBalancer> entry : state.config().loadBalancers().entrySet()) {
            String domain = entry.getValue().domain();
            if (domain == null) {
                continue;
            }
            String fqdn = lower(domain);
            String apex = covering(fqdn, state.config().zones().keySet());
            if (apex != null) {
                Map<String, NameSettings> names = byZone.computeIfAbsent(apex, zone -> new HashMap<>());
                if (names.put(fqdn, plain) != null) {
                    quarantined.add(new Quarantined("loadBalancer/" + entry.getKey(), "DOMAIN_TAKEN",
                            "another load balancer already has the domain " + fqdn));
                }
            }
        }
        return byZone;
    }

    /** The longest zone that holds a name, or null. */
    public static @Nullable String covering(String fqdn, Iterable<String> zones) {
        String best = null;
        for (String zone : zones) {
            String apex = lower(zone);
            boolean covers = fqdn.equals(apex) || fqdn.endsWith("." + apex);
            if (covers && (best == null || apex.length() > best.length())) {
                best = apex;
            }
        }
        return best;
    }

    static String lower(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    static String absolute(String relative, String apex) {
        return relative.equals(Zone.APEX) ? apex : lower(relative) + "." + apex;
    }

    private NamePlan planName(
            String fqdn, Zone zone, NameSettings settings, boolean isLoadBalancer, Members members, long now) {
        Duration ttl = Objects.requireNonNullElse(settings.ttl(), zone.ttl());
        boolean isBalanced = isLoadBalancer || settings.records().isEmpty() || saysMembers(settings);
        if (!isBalanced) {
            return new NamePlan(null, settings.records(), ttl);
        }
        NameMemory memory = memories.computeIfAbsent(fqdn, name -> new NameMemory());
        NameDecider decider = new NameDecider(zone, settings, members, memory, now);
        Decision decision = decider.decide();
        nextChange = Math.min(nextChange, decider.nextChange());
        return new NamePlan(decision, settings.records(), ttl);
    }

    private static boolean saysMembers(NameSettings settings) {
        return settings.policy() != null || !settings.choice().equals(Choice.ALL_NODES)
                || !settings.regions().isEmpty() || !settings.backup().isEmpty();
    }

    /** The names outside our zones that ALIAS records of a config point to. */
    public static List<String> aliasTargets(ConfigState state) {
        List<String> targets = new ArrayList<>();
        state.config().zones().forEach((name, zone) -> zone.names().values().stream()
                .flatMap(settings -> settings.records().stream())
                .filter(record -> AliasTargets.isAlias(record))
                .map(record -> AliasTargets.target(record, lower(name)))
                .filter(target -> covering(target, state.config().zones().keySet()) == null)
                .forEach(targets::add));
        return targets;
    }

    private static List<String> nameservers(
            String apex, Zone zone, SortedMap<String, NamePlan> names, Members members, List<Quarantined> quarantined) {
        List<String> absolute = new ArrayList<>();
        for (String nameserver : zone.nameservers()) {
            if (nameserver.contains(".")) {
                absolute.add(lower(nameserver));
                continue;
            }
            String fqdn = absolute(nameserver, apex);
            DnsNode node = members.node(nameserver);
            absolute.add(fqdn);
            if (names.containsKey(fqdn)) {
                continue;
            }
            if (node == null || node.addresses().isEmpty()) {
                quarantined.add(new Quarantined("zone/" + apex, "NAMESERVER_WITHOUT_ADDRESS", "nameserver " + nameserver
                        + " is neither a node that is known here nor a name of the zone with records"));
                continue;
            }
            List<StaticRecord> glue = node.addresses().stream().map(address -> new StaticRecord(
                    address instanceof Inet6Address ? "AAAA" : "A", NAMESERVER_TTL, Addresses.text(address))).toList();
            names.put(fqdn, new NamePlan(null, glue, NAMESERVER_TTL));
        }
        return absolute;
    }
}
