package io.halite.admin.node;

import io.halite.admin.node.DnsExplainer.ParentServer;
import io.halite.config.store.Origin;
import io.halite.config.store.ProposalResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The signing keys of zones, and how one follows another. */
public interface DnsKeys {
    /** No zone has a key. */
    DnsKeys NONE = new DnsKeys() {
        @Override
        public List<Key> keys(String zone) {
            return List.of();
        }

        @Override
        public Step begin(String zone, @Nullable Duration wait, Origin origin) {
            throw new IllegalStateException("zone " + zone + " has no key");
        }

        @Override
        public Optional<List<ParentServer>> askParent(String zone, List<InetSocketAddress> servers) {
            return Optional.empty();
        }

        @Override
        public Step finish(String zone, @Nullable Duration wait, Origin origin) {
            throw new IllegalStateException("zone " + zone + " has no key");
        }

        @Override
        public Optional<List<ParentServer>> askParentForOld(String zone, List<InetSocketAddress> servers) {
            return Optional.empty();
        }

        @Override
        public Step cancel(String zone, @Nullable Duration wait, Origin origin) {
            throw new IllegalStateException("zone " + zone + " has no key");
        }
    };

    /**
     * A key of a zone.
     *
     * @param tag its number in DS and RRSIG records
     * @param signing whether the zone is signed with it at present
     * @param signs from when on it signs
     * @param leaves when it is published no more; null for never
     * @param ds what the zone above may hold of it
     */
    record Key(int tag, boolean signing, Instant signs, @Nullable Instant leaves, String ds) {}

    /**
     * A step of a roll-over.
     *
     * @param keys how they stand when it is committed
     */
    record Step(ProposalResult result, List<Key> keys) {
        public Step {
            keys = List.copyOf(keys);
        }
    }

    /** The keys of a zone, the oldest first; none when it has none. */
    List<Key> keys(String zone);

    /**
     * Publishes a new key, which takes over later.
     *
     * @param wait until it signs; null for as long as caches need
     * @throws IllegalStateException when the zone has no key or already two; the message is one sentence
     */
    Step begin(String zone, @Nullable Duration wait, Origin origin);

    /**
     * Asks whether servers of the zone above name the new key alone; empty when no such signed zone is served.
     *
     * @throws IOException when they cannot be found; the message is one sentence
     */
    Optional<List<ParentServer>> askParent(String zone, List<InetSocketAddress> servers) throws IOException;

    /**
     * Lets the old key leave.
     *
     * @param wait until it has left; null for as long as caches need
     * @throws IllegalStateException when there is none, or the new one does not sign yet; the message is one sentence
     */
    Step finish(String zone, @Nullable Duration wait, Origin origin);

    /**
     * Asks whether servers of the zone above name the old key, or none; empty when no such signed zone is served.
     *
     * @throws IOException when they cannot be found; the message is one sentence
     */
    Optional<List<ParentServer>> askParentForOld(String zone, List<InetSocketAddress> servers) throws IOException;

    /**
     * Lets the new key leave and the old one sign again.
     *
     * @param wait until it has left; null for as long as caches need
     * @throws IllegalStateException when there is none, or one is leaving already; the message is one sentence
     */
    Step cancel(String zone, @Nullable Duration wait, Origin origin);
}
