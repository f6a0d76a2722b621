package io.halite.config.membership;

import io.halite.config.peer.ClusterAuthority;
import io.halite.config.peer.PeerGate;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may link to this node, and what it learns about itself on the way. Made before the store is, since Raft needs
 * links; until the store is there everybody with the cluster's certificate may come in. What would end this node's
 * membership is believed only with the authority's word: one node's stolen key must not end the others.
 */
public final class MembershipGate implements PeerGate {
    private static final System.Logger LOGGER = System.getLogger(MembershipGate.class.getName());

    private final LocalMember member;
    private final AtomicReference<@Nullable Roster> roster = new AtomicReference<>();
    private final AtomicReference<@Nullable Consumer<String>> expelled = new AtomicReference<>();
    private final AtomicBoolean doubted = new AtomicBoolean();

    public MembershipGate(LocalMember member) {
        this.member = member;
    }

    void connect(Roster known, Consumer<String> onExpelled) {
        roster.set(known);
        expelled.set(onExpelled);
    }

    @Override
    public boolean isRemoved(String nodeId, String serial) {
        Roster known = roster.get();
        return known != null && known.isRemoved(nodeId);
    }

    @Override
    public String generationProof() {
        return member.generationProof();
    }

    @Override
    public String removalProof(String nodeId) {
        Roster known = roster.get();
        return known == null ? "" : known.removalProof(nodeId);
    }

    @Override
    public void newerGeneration(int generation, String proof) {
        NodeIdentity me = member.identity();
        if (isProved(Statements.generation(me.clusterId(), generation), proof)) {
            tell("the cluster was recovered without this node, to generation " + generation
                    + "; what this node has is history");
        }
    }

    @Override
    public void removed(String proof) {
        NodeIdentity me = member.identity();
        if (isProved(Statements.removal(me.clusterId(), me.nodeId()), proof)) {
            tell("this node was removed from the cluster");
        }
    }

    private boolean isProved(String statement, String proof) {
        boolean proved = ClusterAuthority.isAttested(member.certificate().authority(), statement, proof);
        if (!proved && doubted.compareAndSet(false, true)) {
            LOGGER.log(System.Logger.Level.WARNING, "claim not believed without the authority's word claim=" + statement);
        }
        return proved;
    }

    private void tell(String why) {
        Consumer<String> listener = expelled.get();
        if (listener != null) {
            listener.accept(why);
        }
    }
}
