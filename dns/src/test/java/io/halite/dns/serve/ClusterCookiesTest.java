package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.RevisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One secret for all nodes, made and rolled by the leader. */
class ClusterCookiesTest {
    private final TreeMap<String, String> records = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int proposals;

    private ClusterCookies node(boolean leads) {
        return new ClusterCookies(new Store(leads), () -> now);
    }

    @Test
    void theLeaderMakesThemAndEverybodyHasTheSame() {
        assertTrue(node(false).current().isEmpty());
        CookieSecrets made = node(true).current().orElseThrow();
        assertEquals(made, node(false).current().orElseThrow());
        assertEquals(made, node(true).current().orElseThrow());
        assertEquals(1, proposals);
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
        assertEquals(2, proposals);
    }

    @Test
    void aDamagedRecordIsReplaced() {
        records.put(ClusterCookies.KEY, "nonsense");
        assertTrue(node(false).current().isEmpty());
        assertTrue(node(true).current().isPresent());
    }

    /** The records alone. */
    private final class Store implements ConfigStore {
        private final boolean leads;

        Store(boolean leads) {
            this.leads = leads;
        }

        @Override
        public ConfigState current() {
            return ConfigState.EMPTY;
        }

        @Override
        public ProposalResult propose(Proposal proposal) {
            Proposal.PutSystem put = (Proposal.PutSystem) proposal;
            records.put(put.key(), Objects.requireNonNull(put.value()));
            proposals++;
            return new ProposalResult.Committed(Revision.ZERO, true);
        }

        @Override
        public List<RevisionRecord> history(int limit, Optional<Revision> before) {
            return List.of();
        }

        @Override
        public Optional<RevisionRecord> record(Revision revision) {
            return Optional.empty();
        }

        @Override
        public Optional<ClusterConfig> at(Revision revision) {
            return Optional.empty();
        }

        @Override
        public Optional<String> system(String key) {
            return Optional.ofNullable(records.get(key));
        }

        @Override
        public SortedMap<String, String> systemRecords(String prefix) {
            return new TreeMap<>(records.tailMap(prefix));
        }

        @Override
        public Subscription watch(Consumer<ConfigState> listener) {
            return () -> { };
        }

        @Override
        public Leadership leadership() {
            return new Leadership("", leads, 1, 1);
        }
    }
}
