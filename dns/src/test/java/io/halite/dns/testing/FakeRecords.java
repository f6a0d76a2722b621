package io.halite.dns.testing;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.RevisionRecord;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The system records of a cluster that has nothing else. */
public final class FakeRecords {
    private final TreeMap<String, String> records = new TreeMap<>();
    private int proposals;

    /** The store of a node. */
    public ConfigStore node(boolean leads) {
        return new Store(leads);
    }

    /** Writes a record past everybody. */
    public void put(String key, String value) {
        records.put(key, value);
    }

    /** How often anybody proposed a record. */
    public int proposals() {
        return proposals;
    }

    /** As a node sees them. */
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
            return new TreeMap<>(records.subMap(prefix, prefix + Character.MAX_VALUE));
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
