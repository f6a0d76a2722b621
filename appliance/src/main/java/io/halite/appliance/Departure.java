package io.halite.appliance;

import io.halite.admin.node.ClusterActions.Cause;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.config.ClusterConfig;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.Membership;
import io.halite.config.store.ConfigStore;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Leaves a cluster of one that has nothing to lose for the cluster of a peer. The other lets this node in while it still
 * is what it was; what it was is forgotten when it is started anew, which it then asks for. Safe for use by many threads.
 */
final class Departure {
    private final NodeSettings settings;
    private final DataDirectory directory;
    private final LocalMember member;
    private final ConfigStore store;
    private final InstantSource clock;
    private final Ticker ticker;
    private final ReentrantLock one = new ReentrantLock();
    private volatile boolean due;

    Departure(NodeSettings settings, DataDirectory directory, LocalMember member, ConfigStore store, InstantSource clock,
            Ticker ticker) {
        this.settings = settings;
        this.directory = directory;
        this.member = member;
        this.store = store;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Whether the node is to be started anew as a member of another cluster. */
    boolean isDue() {
        return due;
    }

    Outcome join(Membership membership, String peer, String token) {
        int members = membership.members().size();
        if (members != 1) {
            return new Outcome.Refused(Cause.CONFLICT, "NOT_ALONE", "this node is a member of a cluster of " + members
                    + " nodes",
                    "remove it there (halite node remove), then start it with an empty data directory and --join");
        }
        if (!store.current().config().equals(ClusterConfig.EMPTY) || !store.systemRecords("secret/").isEmpty()) {
            return new Outcome.Refused(Cause.CONFLICT, "NOT_EMPTY",
                    "this node has a config or secrets that joining would lose",
                    "save them (halite backup FILE), then start the node with an empty data directory and --join");
        }
        if (!one.tryLock()) {
            return new Outcome.Refused(Cause.CONFLICT, "JOINING", "this node is joining already", "");
        }
        try {
            return JoinOutcome.of(peer, token, join -> {
                if (join.token().isOf(member.certificate().authority())) {
                    throw new DirectoryException("the join token is of this node's own cluster",
                            "give the token of the cluster to join, and the address of one of its members");
                }
                new PeerAdmission(settings, directory, clock, ticker).joinWhenStartedNext(join);
                due = true;
            });
        } finally {
            one.unlock();
        }
    }
}
