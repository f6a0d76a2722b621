package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.testing.FakeRecords;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One secret for all nodes, made and rolled by the leader. */
class ClusterCookiesTest {
    private final FakeRecords records = new FakeRecords();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private ClusterCookies node(boolean leads) {
        return new ClusterCookies(records.node(leads), () -> now);
    }

    @Test
    void theLeaderMakesThemAndEverybodyHasTheSame() {
        assertTrue(node(false).current().isEmpty());
        CookieSecrets made = node(true).current().orElseThrow();
        assertEquals(made, node(false).current().orElseThrow());
        assertEquals(made, node(true).current().orElseThrow());
        assertEquals(1, records.proposals());
        assertEquals("CookieSecrets[current=***, previous=***]", made.toString());
    }

    @Test
    void afterADayTheyRollAndTheOldOneIsStillAccepted() {
        CookieSecrets first = node(true).current().orElseThrow();
        now = now.plus(Duration.ofHours(25));
        assertEquals(first, node(false).current().orElseThrow(), "a follower does not roll");
        CookieSecrets second = node(true).current().orElseThrow();
        assertNotEquals(first.current(), second.current());
        assertEquals(first.current(), second.previous());
        assertEquals(2, records.proposals());
    }

    @Test
    void aDamagedRecordIsReplaced() {
        records.put(ClusterCookies.KEY, "nonsense");
        assertTrue(node(false).current().isEmpty());
        assertTrue(node(true).current().isPresent());
    }
}
