package io.halite.config.raft;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.PeerGate;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerSettings;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.awaitility.Awaitility;

/** One node of a cluster of one, in this JVM, with real files and sockets. */
final class TestNode implements AutoCloseable {
    static final RaftSettings FAST = new RaftSettings(Duration.ofSeconds(1), Duration.ofSeconds(20),
            Duration.ofMinutes(30), 0, 1 << 20);

    final DataDirectory directory;
    final LocalMember member;
    final PeerNetwork network;
    final RaftConfigStore store;

    private TestNode(DataDirectory directory, LocalMember member, PeerNetwork network, RaftConfigStore store) {
        this.directory = directory;
        this.member = member;
        this.network = network;
        this.store = store;
    }

    static TestNode open(Path path) throws DirectoryException, IOException {
        return open(path, FAST);
    }

    static TestNode open(Path path, RaftSettings settings) throws DirectoryException, IOException {
        DataDirectory directory = DataDirectory.open(path);
        PeerNetwork network = null;
        try {
            LocalMember member = directory.isMember() ? LocalMember.load(directory)
                    : LocalMember.create(directory, "lb-1", Set.of("127.0.0.1"), Instant.now());
            network = PeerNetwork.open(PeerSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                    member.identity().clusterId(), member.identity().generation(), member.certificate(),
                    new AddressBook(), PeerGate.OPEN, Ticker.SYSTEM);
            return new TestNode(directory, member, network,
                    RaftConfigStore.open(member, network, true, settings, Ticker.SYSTEM));
        } catch (DirectoryException | IOException | RuntimeException e) {
            if (network != null) {
                network.close();
            }
            directory.close();
            throw e;
        }
    }

    ProposalResult replace(long expected, ClusterConfig config) {
        return store.propose(new Proposal.Replace(new Revision(expected), config, null, TestConfigs.origin()));
    }

    void awaitLeading() {
        Awaitility.await().until(() -> store.leadership().leading());
    }

    @Override
    public void close() {
        store.close();
        network.close();
        directory.close();
    }
}
