package io.halite.dns.sign;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The signing keys of the cluster, a secret for each zone: the text of its {@link KeyRing}. The leader makes a key for each
 * zone that is to be signed and has none; everybody reads. A key stays when its zone is signed no more, because a DS record
 * for it may still be in some cache; being a secret, it is in backups. Used by one thread.
 */
public final class ClusterKeys {
    /** What the names of the secrets begin with; the name of the zone follows. People cannot give such a name. */
    public static final String PREFIX = "dnssec/";

    /** How long a zone may have two keys before that is called a trouble. */
    private static final Duration PATIENCE = Duration.ofDays(7);

    private final Vault vault;
    private final InstantSource clock;

    /** Where secrets are kept, sealed; implemented by the appliance. */
    public interface Vault {
        /** The names of all secrets that begin so. */
        SortedSet<String> names(String prefix);

        /**
         * A secret.
         *
         * @throws IllegalArgumentException when it cannot be opened by this cluster's key
         */
        Optional<byte[]> open(String name);

        /** Proposes a secret; whether that succeeded, the next look tells. */
        void put(String name, byte[] secret, String reason);

        /** Whether this node leads. */
        boolean isLeading();
    }

    public ClusterKeys(Vault vault, InstantSource clock) {
        this.vault = vault;
        this.clock = clock;
    }

    /** The keys as text by zone, after the leader had a chance to make those of these zones; to be called now and then. */
    public SortedMap<String, String> texts(Collection<String> signedZones) {
        SortedSet<String> names = vault.names(PREFIX);
        for (String zone : signedZones) {
            if (vault.isLeading() && !names.contains(PREFIX + zone)) {
                make(zone);
            }
        }
        SortedMap<String, String> texts = new TreeMap<>();
        vault.names(PREFIX).forEach(name -> texts.put(name.substring(PREFIX.length()), text(name)));
        return texts;
    }

    private void make(String zone) {
        Instant now = clock.instant();
        vault.put(PREFIX + zone, KeyRing.of(SigningKey.generate(now)).text(), "signing key of zone " + zone + " made");
    }

    /** No key for one that cannot be opened: its zone is then not served. */
    private String text(String name) {
        try {
            return vault.open(name).map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The keys that these texts hold; what cannot be read is unknown. */
    public static ZoneKeys keys(Map<String, String> texts) {
        Map<String, ZoneKeys.ZoneKey> keys = new HashMap<>();
        texts.forEach((zone, text) -> keys.put(zone, parse(text)));
        return zone -> keys.getOrDefault(zone, new ZoneKeys.ZoneKey.None());
    }

    /**
     * The roll-overs among these keys that somebody forgot: the new key of the zone has signed for long, and the old one was
     * not let go. A sentence each.
     */
    public static List<String> forgotten(Map<String, String> texts, Instant now) {
        List<String> sentences = new ArrayList<>();
        texts.forEach((zone, text) -> {
            if (parse(text) instanceof ZoneKeys.ZoneKey.Here(KeyRing ring)) {
                ring.waitingSince(now).filter(since -> since.plus(PATIENCE).isBefore(now))
                        .ifPresent(since -> sentences.add(forgotten(zone, since)));
            }
        });
        return sentences;
    }

    private static String forgotten(String zone, Instant since) {
        return "zone " + zone + ": its new signing key signs since " + since + ", and the old one stays trusted until"
                + " someone lets it leave: give the zone above the DS record of the new one (halite dns ds " + zone
                + "), then halite dns roll " + zone + " --finish; or --cancel";
    }

    private static ZoneKeys.ZoneKey parse(String text) {
        if (text.isEmpty()) {
            return new ZoneKeys.ZoneKey.Unknown("the signing key of the zone cannot be opened");
        }
        try {
            return new ZoneKeys.ZoneKey.Here(KeyRing.of(text));
        } catch (IllegalArgumentException e) {
            return new ZoneKeys.ZoneKey.Unknown("the signing key of the zone is damaged");
        }
    }
}
