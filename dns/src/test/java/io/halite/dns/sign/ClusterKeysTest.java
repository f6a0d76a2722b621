package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.halite.dns.sign.ZoneKeys.ZoneKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** One key for each signed zone, made by the leader, the same for all nodes. */
class ClusterKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Name APEX = Name.fromConstantString("lb.example.net.");

    private final TreeMap<String, byte[]> secrets = new TreeMap<>();
    private int made;
    private final ClusterKeys leader = new ClusterKeys(new Secrets(true), () -> NOW);
    private final ClusterKeys follower = new ClusterKeys(new Secrets(false), () -> NOW);

    /** The secrets as a node sees them; one named sealed cannot be opened. */
    private final class Secrets implements ClusterKeys.Vault {
        private final boolean leads;

        Secrets(boolean leads) {
            this.leads = leads;
        }

        @Override
        public SortedSet<String> names(String prefix) {
            return new TreeSet<>(secrets.subMap(prefix, prefix + Character.MAX_VALUE).keySet());
        }

        @Override
        public Optional<byte[]> open(String name) {
            if (name.endsWith("sealed")) {
                throw new IllegalArgumentException("sealed by another cluster");
            }
            return Optional.ofNullable(secrets.get(name));
        }

        @Override
        public void put(String name, byte[] secret, String reason) {
            secrets.put(name, secret);
            made++;
        }

        @Override
        public boolean isLeading() {
            return leads;
        }
    }

    @Test
    void theLeaderMakesEachKeyOnceAndAllHaveTheSame() {
        assertEquals(Map.of(), follower.texts(Set.of("lb.example.net")));
        Map<String, String> texts = leader.texts(Set.of("lb.example.net"));
        assertEquals(texts, follower.texts(Set.of("lb.example.net")));
        assertEquals(texts, leader.texts(Set.of("lb.example.net")));
        assertEquals(1, made);
        assertEquals(Set.of("lb.example.net", "b.example.net"), leader.texts(List.of("b.example.net")).keySet());
        SigningKey one = here(texts, "lb.example.net");
        SigningKey again = here(follower.texts(Set.of()), "lb.example.net");
        assertEquals(one.ds(APEX, 60), again.ds(APEX, 60));
        assertEquals(NOW, one.made());
        assertInstanceOf(ZoneKey.None.class, ClusterKeys.keys(texts).of("other.example.net"));
    }

    @Test
    void aKeyThatCannotBeUsedIsUnknownAndNeverReplaced() {
        secrets.put(ClusterKeys.PREFIX + "damaged", "1767225600 AAAA AAAA".getBytes(StandardCharsets.US_ASCII));
        secrets.put(ClusterKeys.PREFIX + "cut", "1767225600".getBytes(StandardCharsets.US_ASCII));
        secrets.put(ClusterKeys.PREFIX + "sealed", new byte[0]);
        ZoneKeys keys = ClusterKeys.keys(leader.texts(Set.of("damaged", "cut", "sealed")));
        assertEquals(0, made);
        for (String zone : List.of("damaged", "cut", "sealed")) {
            assertInstanceOf(ZoneKey.Unknown.class, keys.of(zone), zone);
        }
    }

    private static SigningKey here(Map<String, String> texts, String zone) {
        return assertInstanceOf(ZoneKey.Here.class, ClusterKeys.keys(texts).of(zone)).ring().signing(NOW);
    }
}
