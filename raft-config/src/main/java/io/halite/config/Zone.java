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
 * @param names settings of single names, relative to the zone
 */
public record Zone(List<String> nameservers, Duration ttl, Policy policy, SortedMap<String, NameSettings> names) {
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(30);

    public Zone {
        nameservers = List.copyOf(nameservers);
        names = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, NameSettings>) names));
    }

    /** How the answer is chosen among the nodes. */
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

    /** What one name does otherwise than its zone; null takes the zone's. */
    public record NameSettings(@Nullable Policy policy, @Nullable Duration ttl, @Nullable WhenAllDown whenAllDown) {}
}
