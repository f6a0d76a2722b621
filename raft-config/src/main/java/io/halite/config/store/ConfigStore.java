package io.halite.config.store;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The replicated config of the cluster as one node sees it. Reads are from memory; a proposal returns once it is
 * fsynced on a majority and applied here, or refused. Safe for use by many threads.
 */
public interface ConfigStore {

    /** The latest state applied on this node; {@link ConfigState#EMPTY} on a new cluster. */
    ConfigState current();

    /** Proposes a change and waits for its fate; never throws for an outcome a caller can expect. */
    ProposalResult propose(Proposal proposal);

    /** The newest revisions first, at most {@code limit}, starting below {@code before} when it is present. */
    List<RevisionRecord> history(int limit, Optional<Revision> before);

    /** The record of one revision; empty when it never was or is no longer kept. */
    Optional<RevisionRecord> record(Revision revision);

    /**
     * The whole config as of a revision; empty when it never was or is no longer kept. Revision 0 is the empty
     * config.
     */
    Optional<ClusterConfig> at(Revision revision);

    /** A record of the cluster itself by its key, from memory; empty when there is none. */
    Optional<String> system(String key);

    /** All records of the cluster itself whose key starts with the prefix. */
    SortedMap<String, String> systemRecords(String prefix);

    /**
     * Calls the listener with the current state and then after each change, on one thread, conflated: a slow listener
     * skips states but always sees the last. Closing the subscription stops it.
     */
    Subscription watch(Consumer<ConfigState> listener);

    /** Where this node stands in the cluster. */
    Leadership leadership();

    /** A registration that ends when closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
