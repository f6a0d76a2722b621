package io.halite.appliance;

import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.Joiner;
import io.halite.config.membership.LocalMember;
import io.halite.config.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How a node comes to be a member: it is one already, it founds a cluster of its own, or it joins one by a peer. */
final class Enrolment {
    private final NodeSettings settings;
    private final DataDirectory directory;
    private final InstantSource clock;

    Enrolment(NodeSettings settings, DataDirectory directory, InstantSource clock) {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * The member this node is from now on.
     *
     * @param clusterPort where its peers dial it; a joining node must know before it asks
     * @param founding whether its cluster begins with it
     */
    record Member(LocalMember local, int clusterPort, boolean founding) {}

    Member enrol(Optional<InitialConfig> initial, Ticker ticker) throws DirectoryException, IOException {
        int port = settings.ports().cluster();
        NodeSettings.Join join = settings.join();
        if (directory.isJoining()) {
            // It was let in by a cluster; what it had before is no use there.
            LocalFiles.leave(settings.data());
            Joiner.resume(directory);
        }
        if (directory.isMember()) {
            boolean founding = directory.isFounding();
            LocalMember member = LocalMember.load(directory);
            if (join != null && !join.token().isOf(member.certificate().authority())) {
                throw new DirectoryException("the data directory " + directory.path()
                        + " belongs to another cluster than the join token",
                        "start the node without --join, or give it another directory with --data");
            }
            if (settings.witness() && !member.identity().witness()) {
                throw new DirectoryException("the node of the data directory " + directory.path() + " is no witness",
                        "start it without --witness; or remove it from the cluster, and join with an empty directory");
            }
            return new Member(member, port, founding);
        }
        if (join == null) {
            return new Member(found(initial), port, true);
        }
        PeerAdmission admission = new PeerAdmission(settings, directory, clock, ticker);
        return new Member(admission.join(join), admission.clusterPort(), false);
    }

    /** Makes a cluster of one; its first config is kept with it until it is in the store. */
    LocalMember found(Optional<InitialConfig> initial) throws DirectoryException, IOException {
        if (settings.witness()) {
            throw new DirectoryException("a witness cannot found a cluster", "join one: --join PEER --token T --witness");
        }
        if (initial.isPresent()) {
            DurableFile.writeSecret(LocalFiles.initialConfig(settings.data()),
                    initial.get().document().body().getBytes(StandardCharsets.UTF_8));
        }
        return LocalMember.create(directory, settings.name(), hosts(settings), clock.instant());
    }

    /** The addresses by which the node is dialled. */
    static Set<String> hosts(NodeSettings settings) {
        return new TreeSet<>(List.of(Addresses.text(settings.bind()), Addresses.text(settings.advertise())));
    }
}
