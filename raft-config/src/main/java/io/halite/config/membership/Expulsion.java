package io.halite.config.membership;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of this node's membership: it was removed, or the cluster was recovered without it. Raft stops for good, so
 * that what this node has can never overwrite what the cluster has; traffic goes on from the last known good. Safe for
 * use by many threads.
 */
final class Expulsion {
    private static final System.Logger LOGGER = System.getLogger(Expulsion.class.getName());

    private final LocalMember member;
    private final RaftGroup group;
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    Expulsion(LocalMember member, RaftGroup group) {
        this.member = member;
        this.group = group;
    }

    /** Ends it; returns at once. */
    void expel(String why) {
        if (reason.compareAndSet(null, why)) {
            Thread.ofVirtual().name("expulsion").start(() -> carryOut(why));
        }
    }

    private void carryOut(String why) {
        LOGGER.log(System.Logger.Level.ERROR, "expelled reason=" + why + " hint=" + MemberFiles.EXPELLED);
        try {
            member.expel(why);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.ERROR, "expulsion not remembered error=" + e);
        }
        group.expel(why);
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason.get());
    }
}
