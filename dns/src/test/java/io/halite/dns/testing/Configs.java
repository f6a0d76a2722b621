package io.halite.dns.testing;

import io.halite.config.AutoscalingGroup;
import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.Revision;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import io.halite.config.VirtualAddress;
import io.halite.config.WhenAllDown;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Region;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.store.ConfigState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Configs with zones, piece by piece. */
public final class Configs {
    private final SortedMap<String, LoadBalancer> loadBalancers = new TreeMap<>();
    private final SortedMap<String, Pool> pools = new TreeMap<>();
    private final SortedMap<String, Zone> zones = new TreeMap<>();
    private final SortedMap<String, VirtualAddress> virtualAddresses = new TreeMap<>();
    private long revision = 7;

    /** A config with nothing in it. */
    public static Configs empty() {
        return new Configs();
    }

    /** Adds a load balancer that answers at a domain. */
    public Configs domain(String name, String domain) {
        loadBalancers.put(name, new LoadBalancer(domain, List.of(), List.of(), Timeouts.DEFAULT, Limits.DEFAULT));
        return this;
    }

    /** Adds a pool of these addresses, its targets named by them. */
    public Configs pool(String name, String... addresses) {
        List<Target> targets = new ArrayList<>();
        for (String address : addresses) {
            HostPort at = new HostPort(address, 80);
            targets.add(new Target(Target.derivedName(at), at, Target.DEFAULT_WEIGHT));
        }
        pools.put(name, Pool.of(targets));
        return this;
    }

    /** Adds a virtual address. */
    public Configs virtualAddress(String name, VirtualAddress address) {
        virtualAddresses.put(name, address);
        return this;
    }

    /** Adds a zone. */
    public Configs zone(String name, Zone zone) {
        zones.put(name, zone);
        return this;
    }

    /** Sets the revision. */
    public Configs at(long number) {
        revision = number;
        return this;
    }

    /** The state with all that. */
    public ConfigState state() {
        ClusterConfig config = new ClusterConfig(loadBalancers, pools,
                Collections.<String, Certificate>emptySortedMap(), zones, virtualAddresses,
                Collections.<String, AutoscalingGroup>emptySortedMap());
        return new ConfigState(new Revision(revision), config, 0, Collections.emptySortedMap());
    }

    /** A zone served by {@code lb-1} and {@code lb-2} with a TTL of 30 s. */
    public static Zone zone(Policy policy, SortedMap<String, NameSettings> names) {
        return Zone.of(List.of("lb-1", "lb-2"), Duration.ofSeconds(30), policy, names);
    }

    /** This zone with geo maps. */
    public static Zone withMap(Zone zone, String name, GeoMap map) {
        return new Zone(zone.nameservers(), zone.ttl(), zone.policy(), name, zone.soa(), zone.names(),
                new TreeMap<>(Map.of(name, map)), zone.transfer(), zone.dnssec(), zone.logEvery());
    }

    /** This zone, signed. */
    public static Zone signed(Zone zone) {
        return new Zone(zone.nameservers(), zone.ttl(), zone.policy(), zone.geoMap(), zone.soa(), zone.names(),
                zone.geoMaps(), zone.transfer(), true, zone.logEvery());
    }

    /** This zone, with one of so many queries logged. */
    public static Zone logged(Zone zone, int every) {
        return new Zone(zone.nameservers(), zone.ttl(), zone.policy(), zone.geoMap(), zone.soa(), zone.names(),
                zone.geoMaps(), zone.transfer(), zone.dnssec(), every);
    }

    /** Members at addresses with a weight each: {@code 192.0.2.1=50}. */
    public static List<Member> addresses(String... members) {
        return Arrays.stream(members).map(Configs::address).toList();
    }

    private static Member address(String text) {
        int equals = text.indexOf('=');
        String address = equals < 0 ? text : text.substring(0, equals);
        int weight = equals < 0 ? Member.DEFAULT_WEIGHT : Integer.parseInt(text.substring(equals + 1));
        return new Member.OfAddress(address, weight, null);
    }

    /** A name, set up piece by piece. */
    public static final class Name {
        private @Nullable Policy policy;
        private @Nullable Duration ttl;
        private @Nullable WhenAllDown whenAllDown;
        private int answers;
        private boolean sticky;
        private @Nullable Duration holdDown;
        private Choice choice = Choice.ALL_NODES;
        private final SortedMap<String, Region> regions = new TreeMap<>();
        private List<Member> backup = List.of();
        private final List<StaticRecord> records = new ArrayList<>();

        /** A balanced name of this policy. */
        public static Name of(Policy policy) {
            Name name = new Name();
            name.policy = policy;
            return name;
        }

        /** A name of records alone. */
        public static Name ofRecords() {
            return new Name();
        }

        /** Over these members. */
        public Name over(List<Member> members) {
            choice = new Choice(members, List.of());
            return this;
        }

        /** In these tiers. */
        public Name tiers(List<List<Member>> tiers) {
            choice = new Choice(List.of(), tiers);
            return this;
        }

        public Name ttl(int seconds) {
            ttl = Duration.ofSeconds(seconds);
            return this;
        }

        public Name answers(int most) {
            answers = most;
            return this;
        }

        public Name sticky() {
            sticky = true;
            return this;
        }

        public Name holdDown(Duration time) {
            holdDown = time;
            return this;
        }

        public Name whenAllDown(WhenAllDown way) {
            whenAllDown = way;
            return this;
        }

        public Name backup(List<Member> members) {
            backup = members;
            return this;
        }

        public Name region(String name, Policy how, List<Member> members) {
            return region(name, new Region(how, false, new Choice(members, List.of())));
        }

        public Name region(String name, Region region) {
            regions.put(name, region);
            return this;
        }

        public Name record(String type, String data) {
            records.add(new StaticRecord(type, null, data));
            return this;
        }

        public NameSettings settings() {
            return new NameSettings(policy, ttl, whenAllDown, answers, null, sticky, holdDown, choice, null, regions,
                    backup, records);
        }
    }
}
