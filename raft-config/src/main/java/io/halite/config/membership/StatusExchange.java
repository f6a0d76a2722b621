package io.halite.config.membership;

import io.halite.config.Ticker;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.peer.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Every node tells every other how it is: at once after a change, and every second. Needs no leader and no quorum, so
 * it still works when those are gone; it also carries a node's new addresses. Safe for use by many threads.
 */
final class StatusExchange {
    private static final System.Logger LOGGER = System.getLogger(StatusExchange.class.getName());
    private static final String TOPIC = "status";
    private static final String ASK = "status/alive";
    /** A node whose links broke answers one of so many questions within this time each, or it is gone. */
    private static final Duration PROOF_OF_LIFE = Duration.ofMillis(500);
    private static final int PROOFS = 4;
    /** A node that was not heard of for so long counts as unreachable. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    private final PeerNetwork network;
    private final Roster roster;
    private final Supplier<NodeStatus> self;
    private final Ticker ticker;
    private final RaftGroup group;
    private final Runnable changed;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    /** Nodes whose links broke and that did not answer since. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    private record Heard(NodeStatus status, long at) {}

    /**
     * An exchange that is to be opened.
     *
     * @param changed called on a link's thread when a node said something new
     */
    StatusExchange(PeerNetwork network, Roster roster, Supplier<NodeStatus> self, Ticker ticker, RaftGroup group,
            Runnable changed) {
        this.group = group;
        this.network = network;
        this.roster = roster;
        this.self = self;
        this.ticker = ticker;
        this.changed = changed;
    }

    void open() {
        network.subscribe(TOPIC, this::take);
        network.handle(ASK, request -> request.answer(new byte[0]));
        network.onLoss(this::lost);
    }

    /** A process that dies breaks its links at once: whoever does not answer then is not waited for. */
    private void lost(String nodeId) {
        prove(nodeId, PROOFS);
    }

    private void prove(String nodeId, int attempts) {
        network.request(nodeId, Lane.CONTROL, ASK, new byte[0], PROOF_OF_LIFE, reply -> {
            switch (reply) {
                case Reply.Failure(Reply.Kind kind, String ignored) when attempts > 1
                        && (kind == Reply.Kind.UNKNOWN || kind == Reply.Kind.TIMED_OUT) ->
                        // Asked over a link that was breaking too, or it is busy; a dead process is found out by dialling.
                        prove(nodeId, attempts - 1);
                case Reply.Failure(Reply.Kind kind, String ignored) -> silent(nodeId, kind);
                case Reply.Answer ignored -> { }
            }
        });
    }

    private void silent(String nodeId, Reply.Kind how) {
        if (gone.add(nodeId)) {
            LOGGER.log(System.Logger.Level.INFO, "node gone node=" + nodeId + " reason=" + how);
            changed.run();
        }
        if (how == Reply.Kind.NOBODY_THERE) {
            group.ended(nodeId);
        }
    }

    private void take(String from, byte[] bytes) {
        NodeStatus status;
        try {
            status = NodeStatus.decode(from, bytes);
        } catch (IllegalArgumentException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "status unreadable node=" + from + " error=" + e.getMessage());
            return;
        }
        Heard before = heard.put(from, new Heard(status, ticker.nanos()));
        boolean isBack = gone.remove(from);
        if (!status.addresses().isEmpty() && !status.addresses().equals(network.book().of(from))) {
            network.book().put(from, status.addresses());
        }
        if (isBack) {
            group.returned(from);
        }
        if (isBack || before == null || !before.status().equals(status)) {
            changed.run();
        }
    }

    /** Tells everybody: also nodes that only the address book knows, since the store of a node that joins is empty. */
    void tell() {
        byte[] status = self.get().encode();
        TreeSet<String> all = new TreeSet<>(roster.members().keySet());
        all.addAll(network.book().all().keySet());
        for (String id : all) {
            if (!id.equals(network.self())) {
                network.send(id, Lane.CONTROL, TOPIC, status);
            }
        }
    }

    /** What a node last said; this node's own is fresh. */
    Optional<NodeStatus> of(String nodeId) {
        if (nodeId.equals(network.self())) {
            return Optional.of(self.get());
        }
        Heard last = heard.get(nodeId);
        return last == null ? Optional.empty() : Optional.of(last.status());
    }

    /** How long a node has been silent; since ever when it never spoke to this one. */
    Duration silence(String nodeId) {
        if (nodeId.equals(network.self())) {
            return Duration.ZERO;
        }
        Heard last = heard.get(nodeId);
        return last == null ? Duration.ofSeconds(Long.MAX_VALUE / 2) : Duration.ofNanos(ticker.nanos() - last.at());
    }

    boolean isAlive(String nodeId) {
        return !gone.contains(nodeId) && silence(nodeId).compareTo(SILENCE) < 0;
    }

    void forget(String nodeId) {
        heard.remove(nodeId);
        gone.remove(nodeId);
    }
}
