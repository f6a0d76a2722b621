package io.halite.appliance;

import io.halite.admin.access.AccessTokens;
import io.halite.admin.node.ClusterActions.Cause;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.admin.setup.SetupActions;
import io.halite.admin.setup.SetupCode;
import io.halite.admin.setup.SetupServer;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.peer.ClusterAuthority;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.Pem;
import io.halite.config.store.DurableFile;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A node that belongs to no cluster: it serves nothing but its own setup, to whoever knows the code that its console
 * shows. It is over once it has founded a cluster or was let into one. Safe for use by many threads.
 */
final class UnclaimedNode implements AutoCloseable {
    private static final String NODE_ID = "unclaimed";

    private final NodeSettings settings;
    private final Optional<InitialConfig> initial;
    private final InstantSource clock;
    private final Ticker ticker;
    private final DataDirectory directory;
    private final SetupServer server;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean claimed;

    private UnclaimedNode(NodeSettings settings, Optional<InitialConfig> initial, InstantSource clock, Ticker ticker,
            PrintWriter out) throws DirectoryException, IOException {
        this.settings = settings;
        this.initial = initial;
        this.clock = clock;
        this.ticker = ticker;
        this.directory = DataDirectory.open(settings.data());
        try {
            NodeCertificate certificate = certificate();
            SetupCode code = SetupCode.open(LocalFiles.setupCode(settings.data()), DurableFile::writeSecret,
                    shown -> announce(shown, out));
            server = SetupServer.start(new SetupServer.Place(settings.bind(), settings.ports().admin(),
                    settings.data().resolve("audit.log")), certificate.adminContext(), new Actions(), code, clock, ticker);
            LocalFiles.writeLocal(settings.data(), url(), LocalFiles.setupAuthority(settings.data()),
                    new NodeSettings.Ports(server.port(), settings.ports().cluster(), settings.ports().dns()));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Whether a node that is started so has to be claimed first. */
    static boolean isNeeded(NodeSettings settings) throws DirectoryException {
        if (!settings.unclaimed() || settings.join() != null) {
            return false;
        }
        try (DataDirectory directory = DataDirectory.open(settings.data())) {
            return !directory.isMember() && !directory.isJoining();
        }
    }

    /** Opens the setup and shows its code. */
    static UnclaimedNode start(NodeSettings settings, Optional<InitialConfig> initial, InstantSource clock, Ticker ticker,
            PrintWriter out) throws DirectoryException, IOException {
        UnclaimedNode node = new UnclaimedNode(settings, initial, clock, ticker, out);
        out.println("halite: node " + settings.name() + " is unclaimed; set it up at " + node.url());
        out.println("  or on this machine: HALITE_DATA=" + settings.data() + " halite join PEER --token TOKEN");
        out.flush();
        return node;
    }

    private static void announce(String code, PrintWriter out) {
        out.println("halite: setup code " + code);
        out.flush();
    }

    /** For this setup alone; clients on this machine know it by the authority's file. */
    private NodeCertificate certificate() throws IOException {
        ClusterAuthority authority = ClusterAuthority.create("setup", clock.instant());
        KeyPair key = Pem.newKeyPair();
        NodeCertificate certificate = new NodeCertificate(key.getPrivate(), authority.sign(key.getPublic(), NODE_ID,
                LocalMember.names(settings.name(), Enrolment.hosts(settings)), clock.instant()), authority.certificate());
        DurableFile.write(LocalFiles.setupAuthority(settings.data()),
                authority.certificatePem().getBytes(StandardCharsets.US_ASCII));
        return certificate;
    }

    /** Where it is set up. */
    String url() {
        return LocalNode.url(settings.bind(), server.port());
    }

    /** Whether it knows now what it shall be. */
    boolean isClaimed() {
        return claimed;
    }

    private final class Actions implements SetupActions {
        @Override
        public Outcome create() {
            return once(() -> {
                String token = AccessTokens.make();
                DurableFile.writeSecret(LocalFiles.nextToken(settings.data()),
                        (token + "\n").getBytes(StandardCharsets.US_ASCII));
                LocalMember member = new Enrolment(settings, directory, clock).found(initial);
                return new Outcome.Done(TreeText.json(Tree.mapping().put("created", true)
                        .put("cluster", member.identity().clusterId()).put("token", token)
                        .put("ca", Files.readString(directory.authority())).build()));
            });
        }

        @Override
        public Outcome join(String peer, String token) {
            return once(() -> JoinOutcome.of(peer, token, join ->
                    new PeerAdmission(settings, directory, clock, ticker).joinWhenStartedNext(join)));
        }
    }

    @FunctionalInterface
    private interface Step {
        Outcome take() throws DirectoryException, IOException;
    }

    /** A node is claimed once, whoever else tries at the same moment. */
    private Outcome once(Step step) {
        if (claimed || !lock.tryLock()) {
            return new Outcome.Refused(Cause.CONFLICT, "CLAIMED", "this node is being set up already", "look again");
        }
        try {
            Outcome outcome = step.take();
            if (outcome instanceof Outcome.Done) {
                LocalFiles.endSetup(settings.data());
                claimed = true;
            }
            return outcome;
        } catch (DirectoryException e) {
            return new Outcome.Refused(Cause.CONFLICT, "DATA_DIRECTORY", String.valueOf(e.getMessage()), e.hint());
        } catch (IOException e) {
            return new Outcome.Refused(Cause.CONFLICT, "DATA_DIRECTORY", "the data directory cannot be written: "
                    + e.getMessage(), "check the disk's free space and the directory's owner");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        server.close();
        directory.close();
    }
}
