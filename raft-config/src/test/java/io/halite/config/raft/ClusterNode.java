package io.halite.config.raft;

import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.JoinToken;
import io.halite.config.membership.Joiner;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.Membership;
import io.halite.config.membership.MembershipGate;
import io.halite.config.membership.Outcome;
import io.halite.config.membership.PeersFile;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerSettings;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** One node of a {@link TestCluster}: store, links and membership, as the appliance puts them together. */
final class ClusterNode implements AutoCloseable {
    final Path path;
    final DataDirectory directory;
    final LocalMember member;
    final PeerNetwork network;
    final RaftConfigStore store;
    final Membership membership;
    private boolean open = true;

    private ClusterNode(DataDirectory directory, LocalMember member, int port, boolean founding)
            throws IOException {
        this(directory, member, loopback(port), founding, (nodeId, places) -> places, TestNode.FAST,
                RaftConfigStore.FEATURE_LEVEL);
    }

    private ClusterNode(DataDirectory directory, LocalMember member, InetSocketAddress place, boolean founding,
            AddressBook.Detour detour, RaftSettings settings, int featureLevel) throws IOException {
        this.path = directory.path();
        this.directory = directory;
        this.member = member;
        MembershipGate gate = new MembershipGate(member);
        network = PeerNetwork.open(
                PeerSettings.at(place),
                member.identity().clusterId(), member.identity().generation(), member.certificate(),
                PeersFile.read(directory, detour), gate, Ticker.SYSTEM);
        store = RaftConfigStore.open(member, network, founding, settings, Ticker.SYSTEM);
        membership = Membership.start(new Membership.Parts(member, network, gate, store, store.group(),
                store::awaitCaughtUp, new TestCluster.Facts(() -> this), certificate -> { },
                featureLevel, InstantSource.system(), Ticker.SYSTEM));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Starts a member again that dials others by detours. */
    static ClusterNode open(Path path, int port, AddressBook.Detour detour, RaftSettings settings)
            throws DirectoryException, IOException {
        return open(path, loopback(port), detour, settings);
    }

    static ClusterNode open(Path path, InetSocketAddress place, AddressBook.Detour detour, RaftSettings settings)
            throws DirectoryException, IOException {
        DataDirectory directory = DataDirectory.open(path);
        return new ClusterNode(directory, LocalMember.load(directory), place, false, detour, settings,
                RaftConfigStore.FEATURE_LEVEL);
    }

    static ClusterNode found(Path path, String name) throws DirectoryException, IOException {
        DataDirectory directory = DataDirectory.open(path);
        return new ClusterNode(directory,
                LocalMember.create(directory, name, Set.of("127.0.0.1"), Instant.now()), 0, true);
    }

    static ClusterNode join(Path path, String name, String token, ClusterNode peer)
            throws DirectoryException, IOException {
        return join(path, name, token, peer, false);
    }

    static ClusterNode join(Path path, String name, String token, ClusterNode peer, boolean witness)
            throws DirectoryException, IOException {
        return join(path, name, token, peer, witness, freePort());
    }

    /** Joins a node that listens at a port which must be known before it asks. */
    static ClusterNode join(Path path, String name, String token, ClusterNode peer, boolean witness, int port)
            throws DirectoryException, IOException {
        DataDirectory directory = DataDirectory.open(path);
        Joiner joiner = Joiner.prepare(directory, JoinToken.parse(token), new Joiner.Node(name, Set.of("127.0.0.1"),
                List.of(new HostPort("127.0.0.1", port)), "127.0.0.1", witness, "test", RaftConfigStore.FEATURE_LEVEL));
        Outcome outcome = peer.membership.join(joiner.request(Instant.now()), "test");
        if (!(outcome instanceof Outcome.Done done)) {
            directory.close();
            throw new AssertionError(outcome);
        }
        return new ClusterNode(directory, joiner.accept(done.json()), port, false);
    }

    /**
     * A port of 127.0.0.1 that is free and stays so: none of those that the system gives to whoever asks for any, as the
     * tests beside this one do all the time.
     */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }

    /** Starts a closed node again. */
    ClusterNode reopen() throws DirectoryException, IOException {
        return reopenAt(network.port());
    }

    /** Starts a closed node again as a version that understands more. */
    ClusterNode reopenAs(int featureLevel) throws DirectoryException, IOException {
        DataDirectory again = DataDirectory.open(path);
        return new ClusterNode(again, LocalMember.load(again), loopback(network.port()), false, (nodeId, places) -> places,
                TestNode.FAST, featureLevel);
    }

    /** Starts a closed node again at another port, as after its address changed; 0 takes any. */
    ClusterNode reopenAt(int port) throws DirectoryException, IOException {
        DataDirectory again = DataDirectory.open(path);
        return new ClusterNode(again, LocalMember.load(again), port, false);
    }

    String id() {
        return member.identity().nodeId();
    }

    boolean isOpen() {
        return open;
    }

    /** A token that lets one node in. */
    String token() {
        return TestCluster.await().until(() -> membership.createToken(Duration.ofHours(1), 1, "tester"),
                Outcome.Done.class::isInstance) instanceof Outcome.Done done ? field(done.json(), "token") : "";
    }

    static String field(String json, String key) {
        try {
            Tree tree = TreeText.read(json.getBytes(StandardCharsets.UTF_8), TreeLimits.REQUEST);
            return tree instanceof Tree.Mapping mapping && mapping.get(key) instanceof Tree.Text text
                    ? text.value() : "";
        } catch (TreeSyntaxException e) {
            throw new AssertionError(json, e);
        }
    }

    ProposalResult replace(long expected, ClusterConfig config) {
        return store.propose(new Proposal.Replace(new Revision(expected), config, null, TestConfigs.origin()));
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            membership.close();
            store.close();
            network.close();
            directory.close();
        }
    }
}
