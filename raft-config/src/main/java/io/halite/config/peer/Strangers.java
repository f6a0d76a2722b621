package io.halite.config.peer;

import io.halite.config.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where this cluster and another get into each other's way, most likely because a node was started with an empty data
 * directory and without {@code --join}: it answers where a member is looked for. Safe for use by many threads.
 */
final class Strangers {
    /** Members dial each other every second or so: whoever has not for so long has given up. */
    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

    private final Supplier<String> clusterId;
    private final RefusalLog log;
    private final Ticker ticker;
    /** Where others answer, by the id of the node that is not there. */
    private final Map<String, String> places = new ConcurrentHashMap<>();
    private volatile @Nullable Heard last;

    private record Heard(PeerNetwork.Visitor visitor, long at) {}

    Strangers(Supplier<String> clusterId, RefusalLog log, Ticker ticker) {
        this.clusterId = clusterId;
        this.log = log;
        this.ticker = ticker;
    }

    /** Somebody was dialled where a node should be. */
    void answered(String nodeId, PeerDialer.StrangerException stranger) {
        places.put(nodeId, stranger.place());
        log.log("another cluster answers", stranger.place(), "node " + nodeId + " is looked for there");
    }

    /** The node itself was. */
    void found(String nodeId) {
        places.remove(nodeId);
    }

    /** Somebody dials and says whom it wants. */
    void dialled(String from, Sought wanted) {
        if (!wanted.clusterId().equals(clusterId.get())) {
            last = new Heard(new PeerNetwork.Visitor(from, wanted), ticker.nanos());
            log.log("another cluster looks for its node here", from,
                    "it wants node " + wanted.nodeId() + " of cluster " + wanted.clusterId());
        }
    }

    Optional<String> placeOf(String nodeId) {
        return Optional.ofNullable(places.get(nodeId));
    }

    Optional<PeerNetwork.Visitor> visitor() {
        Heard heard = last;
        return heard == null || ticker.nanos() - heard.at() > FRESH_NANOS ? Optional.empty() : Optional.of(heard.visitor());
    }
}
