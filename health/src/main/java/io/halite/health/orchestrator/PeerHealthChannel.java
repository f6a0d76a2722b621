package io.halite.health.orchestrator;

import io.halite.config.peer.PeerLink;
import io.halite.config.store.Leadership;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Health messages over the authenticated links between nodes; what a node says to itself never leaves it. */
public final class PeerHealthChannel implements HealthChannel {
    private static final String TOPIC = "health";

    private final PeerLink peers;
    private final UnaryOperator<String> name;
    private final Predicate<String> isDraining;
    private volatile @Nullable Receiver receiver;

    /**
     * Uses these links.
     *
     * @param name the name of a node by its id; the id itself when it is not known
     * @param isDraining whether a node is about to leave or restart
     */
    public PeerHealthChannel(PeerLink peers, UnaryOperator<String> name, Predicate<String> isDraining) {
        this.peers = peers;
        this.name = name;
        this.isDraining = isDraining;
    }

    @Override
    public Standing standing() {
        Leadership leadership = peers.leadership();
        List<Member> members = new ArrayList<>();
        members.add(member(peers.self()));
        peers.others().forEach(id -> members.add(member(id)));
        return new Standing(peers.self(), leadership.leader(), leadership.term(), members);
    }

    private Member member(String id) {
        return new Member(id, name.apply(id), isDraining.test(id));
    }

    @Override
    public void send(String node, byte[] message) {
        Receiver here = receiver;
        if (!node.equals(peers.self())) {
            peers.send(node, TOPIC, message);
        } else if (here != null) {
            here.received(node, message);
        }
    }

    @Override
    public void receive(Receiver next) {
        receiver = next;
        peers.subscribe(TOPIC, next::received);
    }
}
