package io.halite.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A zone the DNS responder is authoritative for.
 *
 * @param nameservers node names or labels below the zone, or absolute names (those with a dot)
 * @param policy how balanced names choose unless they say otherwise
 * @param geoMap the map that {@link Policy#GEO} uses unless a name says otherwise, or null
 * @param names settings and records of single names, relative to the zone; {@code @} is the zone itself
 * @param geoMaps maps from client networks to regions, by name
 * @param transfer who may copy the zone, or null for nobody
 * @param dnssec whether the zone is signed, by a key that the cluster makes
 * @param logEvery one of how many queries is logged; 0 for none
 */
public record Zone(
        List<String> nameservers, Duration ttl, Policy policy, @Nullable String geoMap, Soa soa,
        SortedMap<String, NameSettings> names, SortedMap<String, GeoMap> geoMaps, @Nullable Transfer transfer,
        boolean dnssec, int logEvery) {
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(30);
    /** The key of the zone itself among its {@link #names}. */
    public static final String APEX = "@";

    public Zone {
        nameservers = List.copyOf(nameservers);
        names = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, NameSettings>) names));
        geoMaps = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, GeoMap>) geoMaps));
    }

    /** A zone with every default but these. */
    public static Zone of(
            List<String> nameservers, Duration ttl, Policy policy, SortedMap<String, NameSettings> names) {
        return new Zone(nameservers, ttl, policy, null, Soa.DEFAULT, names, Collections.emptySortedMap(), null, false,
                0);
    }

    /** How the answer is chosen among the members. */
    public enum Policy {
        ROUND_ROBIN("roundRobin"), WEIGHTED("weighted"), FAILOVER("failover"), GEO("geo");

        private final String key;

        Policy(String key) {
            this.key = key;
        }

        /** The spelling of the document. */
        public String key() {
            return key;
        }
    }

    /**
     * The timers of the zone's SOA record; serial and nameserver are derived.
     *
     * @param contact a mail address, or null for hostmaster at the zone
     * @param negativeTtl how long a resolver may remember that a name or type does not exist
     */
    public record Soa(
            @Nullable String contact, Duration refresh, Duration retry, Duration expire, Duration negativeTtl) {
        /** Refresh, retry and expire as zonemaster wants them; a short negative TTL, because names come and go. */
        public static final Soa DEFAULT = new Soa(null, Duration.ofHours(4), Duration.ofHours(1),
                Duration.ofDays(14), Duration.ofSeconds(30));
    }

    /**
     * What one name does otherwise than its zone, and what else it holds; null takes the zone's or the default.
     *
     * @param answers addresses in one answer, 1–8; 0 for the default ({@link #DEFAULT_ANSWERS}, weighted 1)
     * @param panicBelow percent of live weight below which health is ignored as {@code whenAllDown} says
     * @param sticky whether a client network keeps its member while that lives
     * @param holdDown how long a better tier must be well before failover returns to it
     * @param choice over which members; geo has one choice per region
     * @param backup members used when all are down and {@code whenAllDown} is {@code backup}
     * @param records static records beside the balanced addresses
     */
    public record NameSettings(
            @Nullable Policy policy, @Nullable Duration ttl, @Nullable WhenAllDown whenAllDown, int answers,
            @Nullable Integer panicBelow, boolean sticky, @Nullable Duration holdDown, Choice choice,
            @Nullable String geoMap, SortedMap<String, Region> regions, List<Member> backup,
            List<StaticRecord> records) {
        public static final int DEFAULT_ANSWERS = 8;
        public static final int MAX_ANSWERS = 8;
        public static final int DEFAULT_PANIC_BELOW = 50;
        public static final Duration DEFAULT_HOLD_DOWN = Duration.ofSeconds(60);

        public NameSettings {
            regions = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Region>) regions));
            backup = List.copyOf(backup);
            records = List.copyOf(records);
        }

        /** Settings with every default but these. */
        public static NameSettings of(
                @Nullable Policy policy, @Nullable Duration ttl, @Nullable WhenAllDown whenAllDown) {
            return new NameSettings(policy, ttl, whenAllDown, 0, null, false, null, Choice.ALL_NODES, null,
                    Collections.emptySortedMap(), List.of(), List.of());
        }
    }

    /**
     * The members that a policy chooses among; both lists empty for every node of the cluster.
     *
     * @param members of roundRobin and weighted
     * @param tiers of failover, best first
     */
    public record Choice(List<Member> members, List<List<Member>> tiers) {
        public static final Choice ALL_NODES = new Choice(List.of(), List.of());

        public Choice {
            members = List.copyOf(members);
            tiers = tiers.stream().map(List::copyOf).toList();
        }
    }

    /**
     * The choice of one region of a geo name.
     *
     * @param policy any but geo
     */
    public record Region(Policy policy, boolean sticky, Choice choice) {}

    /** Something whose addresses a balanced name may answer. */
    public sealed interface Member {
        int DEFAULT_WEIGHT = 100;

        /**
         * The advertised addresses of a node.
         *
         * @param weight 0 for standby; {@link #NODE_WEIGHT} for the node's own
         */
        record OfNode(String node, int weight) implements Member {
            public static final int NODE_WEIGHT = -1;
        }

        /**
         * A literal address.
         *
         * @param health the target whose health it shares; null for always healthy
         */
        record OfAddress(String address, int weight, @Nullable TargetRef health) implements Member {}

        /** Every target of a pool that is written as an address, with its weight, admin state and health. */
        record OfPool(String pool) implements Member {}

        /** A virtual address by name; always healthy. */
        record OfVirtualAddress(String virtualAddress, int weight) implements Member {}
    }

    /**
     * A record in master file notation.
     *
     * @param type such as {@code TXT}; {@code ALIAS} copies the addresses of the name in its data
     * @param ttl null for the name's
     * @param data the right hand side; names in it are absolute with a final dot, else relative to the zone
     */
    public record StaticRecord(String type, @Nullable Duration ttl, String data) {}

    /**
     * Where clients are.
     *
     * @param networks region by network; the longest prefix wins and goes before the database
     * @param database path of an MMDB file on each node, or null
     * @param countries region by ISO 3166 code of the database
     * @param continents region by continent code of the database, for countries not listed
     * @param otherwise the region of everybody else
     */
    public record GeoMap(
            Map<Cidr, String> networks, @Nullable String database, SortedMap<String, String> countries,
            SortedMap<String, String> continents, String otherwise) {
        public GeoMap {
            networks = Map.copyOf(networks);
            countries = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) countries));
            continents = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) continents));
        }
    }

    /**
     * Zone transfer to secondaries.
     *
     * @param allow networks that may ask
     * @param key the TSIG key they must sign with, or null for none
     * @param secondaries told of each change; the key {@code notify} of the document
     */
    public record Transfer(List<Cidr> allow, @Nullable TsigKey key, List<HostPort> secondaries) {
        public Transfer {
            allow = List.copyOf(allow);
            secondaries = List.copyOf(secondaries);
        }
    }

    /**
     * A shared key for signed transfers.
     *
     * @param algorithm {@code hmac-sha256}, {@code hmac-sha384} or {@code hmac-sha512}
     * @param secret the name of the secret that holds the key in base 64
     */
    public record TsigKey(String name, String algorithm, String secret) {}
}
