package io.halite.dns.sign;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The signing keys of the cluster, one record each: {@code seconds public sealed}. The leader makes a key for each zone
 * that is to be signed and has none; everybody reads. A key stays when its zone is signed no more, because a DS record
 * for it may still be in some cache. Used by one thread.
 */
public final class ClusterKeys {
    /** What the keys of the records begin with; the name of the zone follows. */
    public static final String PREFIX = "dns/keys/";

    private final ConfigStore store;
    private final Sealer sealer;
    private final InstantSource clock;

    /** Seals with the key of the cluster; implemented by the appliance. */
    public interface Sealer {
        /** Text from which only the cluster can open the bytes, and only under the same name. */
        String seal(String name, byte[] secret);

        /**
         * The bytes again.
         *
         * @throws IllegalArgumentException when they were not sealed here, under this name, or were altered
         */
        byte[] open(String name, String sealed);
    }

    public ClusterKeys(ConfigStore store, Sealer sealer, InstantSource clock) {
        this.store = store;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** The records by zone, after the leader had a chance to make the keys of these zones; to be called now and then. */
    public SortedMap<String, String> records(Collection<String> signedZones) {
        SortedMap<String, String> records = stored();
        if (!store.leadership().leading() || records.keySet().containsAll(signedZones)) {
            return records;
        }
        for (String zone : signedZones) {
            if (!records.containsKey(zone)) {
                make(zone);
            }
        }
        return stored();
    }

    private SortedMap<String, String> stored() {
        SortedMap<String, String> records = new TreeMap<>();
        store.systemRecords(PREFIX).forEach((key, record) -> records.put(key.substring(PREFIX.length()), record));
        return records;
    }

    private void make(String zone) {
        Instant now = clock.instant();
        SigningKey key = SigningKey.generate(now);
        String record = now.getEpochSecond() + " " + Base64.getEncoder().encodeToString(key.publicPart()) + " "
                + sealer.seal(PREFIX + zone, key.privatePart());
        ProposalResult ignored = store.propose(new Proposal.PutSystem(PREFIX + zone, record, false,
                new Origin("system", "signing key of zone " + zone + " made", now, UUID.randomUUID().toString())));
    }

    /** The keys that these records hold; what cannot be opened is unknown. */
    public static ZoneKeys keys(Map<String, String> records, Sealer sealer) {
        Map<String, ZoneKeys.ZoneKey> keys = new HashMap<>();
        records.forEach((zone, record) -> keys.put(zone, parse(zone, record, sealer)));
        return zone -> keys.getOrDefault(zone, new ZoneKeys.ZoneKey.None());
    }

    private static ZoneKeys.ZoneKey parse(String zone, String record, Sealer sealer) {
        List<String> fields = List.of(record.split(" ", 3));
        try {
            if (fields.size() != 3) {
                throw new IllegalArgumentException("its record is cut off");
            }
            return new ZoneKeys.ZoneKey.Here(SigningKey.of(Base64.getDecoder().decode(fields.get(1)),
                    sealer.open(PREFIX + zone, fields.get(2)), Instant.ofEpochSecond(Long.parseLong(fields.get(0)))));
        } catch (IllegalArgumentException e) {
            return new ZoneKeys.ZoneKey.Unknown("the signing key of the zone cannot be read: " + e.getMessage());
        }
    }
}
