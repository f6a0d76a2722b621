package io.halite.config.membership;

import io.halite.config.peer.PeerGate;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may link to this node, and what it learns about itself on the way. Made before the store is, since Raft needs
 * links; until the store is there everybody with the cluster's certificate may come in.
 */
public final class MembershipGate implements PeerGate {
    private final AtomicReference<@Nullable Predicate<String>> removed = new AtomicReference<>();
    private final AtomicReference<@Nullable Consumer<String>> expelled = new AtomicReference<>();

    void connect(Predicate<String> isRemoved, Consumer<String> onExpelled) {
        removed.set(isRemoved);
        expelled.set(onExpelled);
    }

    @Override
    public boolean isRemoved(String nodeId, String serial) {
        Predicate<String> known = removed.get();
        return known != null && known.test(nodeId);
    }

    @Override
    public void newerGeneration(int generation) {
        tell("the cluster was recovered without this node, to generation " + generation
                + "; what this node has is history");
    }

    @Override
    public void removed() {
        tell("this node was removed from the cluster");
    }

    private void tell(String why) {
        Consumer<String> listener = expelled.get();
        if (listener != null) {
            listener.accept(why);
        }
    }
}
