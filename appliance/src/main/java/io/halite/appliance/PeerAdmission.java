package io.halite.appliance;

import io.halite.appliance.cli.Version;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Refusal;
import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.JoinToken;
import io.halite.config.membership.Joiner;
import io.halite.config.membership.LocalMember;
import io.halite.config.raft.RaftConfigStore;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/** Asks a peer, by its admin port, to let this node into its cluster. Confined to one thread. */
final class PeerAdmission {
    private static final System.Logger LOGGER = System.getLogger(PeerAdmission.class.getName());
    /** How long a peer may be away while a whole cluster is started at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The same while somebody waits for the answer. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Longer than the peer waits for its own leader. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final NodeSettings settings;
    private final DataDirectory directory;
    private final InstantSource clock;
    private final Ticker ticker;
    private final int clusterPort;

    PeerAdmission(NodeSettings settings, DataDirectory directory, InstantSource clock, Ticker ticker) throws IOException {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
        this.ticker = ticker;
        int asked = settings.ports().cluster();
        this.clusterPort = asked == 0 ? freePort() : asked;
    }

    private int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(settings.bind(), 0));
            return socket.getLocalPort();
        }
    }

    /** Where the peers dial this node; they must know before it is there. */
    int clusterPort() {
        return clusterPort;
    }

    /** Becomes a member with an empty directory. */
    LocalMember join(NodeSettings.Join join) throws DirectoryException {
        Joiner joiner = Joiner.prepare(directory, join.token(), node());
        return joiner.accept(ask(joiner, join, PATIENCE));
    }

    /** Is let in, and becomes a member when the node is started next, whatever it is now. */
    void joinWhenStartedNext(NodeSettings.Join join) throws DirectoryException {
        Joiner joiner = Joiner.prepareToLeave(directory, join.token(), node());
        joiner.keep(ask(joiner, join, SHORT_PATIENCE));
    }

    private Joiner.Node node() {
        String host = Addresses.text(settings.advertise());
        return new Joiner.Node(settings.name(), Enrolment.hosts(settings), List.of(new HostPort(host, clusterPort)), host,
                settings.witness(), Version.current(), RaftConfigStore.FEATURE_LEVEL);
    }

    private String ask(Joiner joiner, NodeSettings.Join join, Duration patience) {
        URI uri = URI.create("https://" + join.peer() + "/api/v1/join");
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5)).sslContext(joiner.pinned()).build()) {
            String answer = ask(http, uri, joiner, join.token(), ticker.nanos() + patience.toNanos());
            LOGGER.log(System.Logger.Level.INFO, "joined the cluster peer=" + join.peer());
            return answer;
        }
    }

    /** Asks until the peer answers one way or the other; one that is away or has no leader may only be starting. */
    private String ask(HttpClient http, URI uri, Joiner joiner, JoinToken token, long end) {
        String told = "";
        while (true) {
            CommandFailure failure;
            try {
                HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(uri).timeout(ANSWER_LIMIT)
                        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(
                                joiner.request(clock.instant()))).build(), BodyHandlers.ofByteArray());
                if (response.statusCode() / 100 == 2) {
                    return new String(response.body(), StandardCharsets.UTF_8);
                }
                failure = Refusal.failure(response.statusCode(), response.body());
            } catch (SSLException e) {
                throw new CommandFailure(ExitCode.NOT_AUTHORIZED, "the peer " + uri.getAuthority()
                        + " does not prove that it belongs to the cluster that made the join token " + token.id(),
                        "check the address; make a new token on a member: halite token create");
            } catch (IOException e) {
                failure = new CommandFailure(ExitCode.UNREACHABLE, "the peer " + uri.getAuthority()
                        + " does not answer: " + why(e), "give the address and admin port of any member");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure(ExitCode.FAILED, "interrupted", "");
            }
            if (failure.exitCode() != ExitCode.UNREACHABLE || ticker.nanos() - end > 0) {
                throw failure;
            }
            if (!told.equals(failure.getMessage())) {
                told = String.valueOf(failure.getMessage());
                LOGGER.log(System.Logger.Level.INFO, "joining later reason=" + told);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The JDK's client often has no words for it. */
    private static String why(IOException e) {
        String message = e.getMessage();
        if (message != null) {
            return message;
        }
        return e instanceof ConnectException ? "nobody listens there, or the way is cut" : e.getClass().getSimpleName();
    }
}
