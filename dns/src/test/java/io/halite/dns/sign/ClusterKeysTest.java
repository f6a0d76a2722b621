package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.halite.dns.sign.ZoneKeys.ZoneKey;
import io.halite.dns.testing.FakeRecords;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** One key for each signed zone, made by the leader, the same for all nodes, never in the clear. */
class ClusterKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Name APEX = Name.fromConstantString("lb.example.net.");

    private final FakeRecords records = new FakeRecords();
    private final ClusterKeys leader = new ClusterKeys(records.node(true), new Upside(), () -> NOW);
    private final ClusterKeys follower = new ClusterKeys(records.node(false), new Upside(), () -> NOW);

    /** Seals by turning the bytes over. */
    private static final class Upside implements ClusterKeys.Sealer {
        @Override
        public String seal(String name, byte[] secret) {
            return name + ":" + Base64.getEncoder().encodeToString(turned(secret));
        }

        @Override
        public byte[] open(String name, String sealed) {
            if (!sealed.startsWith(name + ":")) {
                throw new IllegalArgumentException("sealed under another name");
            }
            return turned(Base64.getDecoder().decode(sealed.substring(name.length() + 1)));
        }

        private static byte[] turned(byte[] bytes) {
            byte[] turned = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                turned[i] = (byte) ~bytes[i];
            }
            return turned;
        }
    }

    @Test
    void theLeaderMakesEachKeyOnceAndAllHaveTheSame() {
        assertEquals(Map.of(), follower.records(Set.of("lb.example.net")));
        Map<String, String> made = leader.records(Set.of("lb.example.net"));
        assertEquals(made, follower.records(Set.of("lb.example.net")));
        assertEquals(made, leader.records(Set.of("lb.example.net")));
        assertEquals(1, records.proposals());
        assertEquals(Set.of("lb.example.net", "b.example.net"), leader.records(List.of("b.example.net")).keySet());
        SigningKey one = here(made, "lb.example.net");
        SigningKey again = here(follower.records(Set.of()), "lb.example.net");
        assertEquals(one.ds(APEX, 60), again.ds(APEX, 60));
        assertEquals(NOW, one.made());
        assertInstanceOf(ZoneKey.None.class, ClusterKeys.keys(made, new Upside()).of("other.example.net"));
    }

    @Test
    void theRecordHoldsNoPrivateKeyInTheClear() {
        Map<String, String> made = leader.records(Set.of("lb.example.net"));
        String clear = Base64.getEncoder().encodeToString(here(made, "lb.example.net").privatePart());
        assertFalse(made.toString().contains(clear));
    }

    @Test
    void aKeyThatCannotBeOpenedIsUnknownAndNeverReplaced() {
        records.put(ClusterKeys.PREFIX + "lb.example.net", "1767225600 AAAA nonsense");
        records.put(ClusterKeys.PREFIX + "b.example.net", "cut");
        Map<String, String> kept = leader.records(Set.of("lb.example.net", "b.example.net"));
        assertEquals(0, records.proposals());
        ZoneKeys keys = ClusterKeys.keys(kept, new Upside());
        assertInstanceOf(ZoneKey.Unknown.class, keys.of("lb.example.net"));
        assertInstanceOf(ZoneKey.Unknown.class, keys.of("b.example.net"));
    }

    private static SigningKey here(Map<String, String> records, String zone) {
        return assertInstanceOf(ZoneKey.Here.class, ClusterKeys.keys(records, new Upside()).of(zone)).key();
    }
}
