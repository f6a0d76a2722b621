package io.halite.config.peer;

import io.halite.config.HostPort;
import io.halite.config.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Dials nodes by id: finds an address, proves both certificates, and says hello. Safe for use by many threads. */
final class PeerDialer {
    private final PeerSettings settings;
    private final AddressBook book;
    private final Supplier<SSLContext> context;
    private final Supplier<Membership> self;
    private final PeerGate gate;
    private final Ticker ticker;
    private final ScheduledExecutorService timer;

    /** At every address of a node its machine says at once that nobody listens: a cut wire says nothing. */
    static final class NobodyThereException extends IOException {
        private static final long serialVersionUID = 1;

        NobodyThereException(IOException failure) {
            super(failure.getMessage(), failure);
        }
    }

    /** At the address of a node answers one whose certificate is of another authority. */
    static final class StrangerException extends IOException {
        private static final long serialVersionUID = 1;

        private final String place;

        StrangerException(HostPort place, IOException failure) {
            super("a node of another cluster answers there", failure);
            this.place = place.toString();
        }

        String place() {
            return place;
        }
    }

    /** Who this node says it is. */
    record Membership(String clusterId, int generation, String nodeId) {}

    PeerDialer(PeerSettings settings, AddressBook book, Supplier<SSLContext> context, Supplier<Membership> self,
            PeerGate gate, Ticker ticker, ScheduledExecutorService timer) {
        this.settings = settings;
        this.book = book;
        this.context = context;
        this.self = self;
        this.gate = gate;
        this.ticker = ticker;
        this.timer = timer;
    }

    OutgoingConnection dial(String nodeId) throws IOException {
        List<HostPort> places = book.ways(nodeId);
        if (places.isEmpty()) {
            throw new IOException("no address of " + nodeId + " is known");
        }
        IOException failure = null;
        List<HostPort> doors = book.doors(nodeId);
        boolean nobodyThere = true;
        for (HostPort place : places) {
            try {
                return dial(nodeId, place);
            } catch (IOException e) {
                nobodyThere &= e instanceof ConnectException || !doors.contains(place);
                if (failure == null) {
                    failure = new IOException(place + ": " + e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure == null) {
            throw new IOException("no address of " + nodeId + " is known");
        }
        if (nobodyThere) {
            throw new NobodyThereException(failure);
        }
        throw failure.getCause() instanceof StrangerException stranger ? stranger : failure;
    }

    /** Whether the machine of a node answers, which its kernel does however busy its processes are. */
    Presence knock(String nodeId, Duration limit) {
        List<HostPort> places = book.doors(nodeId);
        boolean nobodyThere = !places.isEmpty();
        for (HostPort place : places) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(place.host(), place.port()), Math.toIntExact(limit.toMillis()));
                return Presence.LISTENING;
            } catch (IOException e) {
                nobodyThere &= e instanceof ConnectException;
            }
        }
        return nobodyThere ? Presence.NOBODY_THERE : Presence.SILENT;
    }

    private OutgoingConnection dial(String nodeId, HostPort place) throws IOException {
        Socket raw = new Socket();
        // A node that trickles bytes must not hold the dial longer than one that sends none.
        ScheduledFuture<?> deadline = null;
        try {
            raw.setTcpNoDelay(true);
            raw.connect(new InetSocketAddress(place.host(), place.port()),
                    Math.toIntExact(settings.connectTimeout().toMillis()));
            deadline = timer.schedule(() -> closeQuietly(raw), settings.handshakeTimeout().toMillis(),
                    TimeUnit.MILLISECONDS);
            raw.setSoTimeout(Math.toIntExact(settings.idleTimeout().toMillis()));
            SSLSocket secure = (SSLSocket) context.get().getSocketFactory()
                    .createSocket(raw, nodeId, place.port(), true);
            secure.setUseClientMode(true);
            secure.setEnabledProtocols(new String[] {"TLSv1.3"});
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new Sought(self.get().clusterId(), nodeId).serverName()));
            secure.setSSLParameters(parameters);
            shakeHands(secure, place);
            String found = NodeCertificate.peerId(secure.getSession());
            if (!found.equals(nodeId)) {
                throw new IOException("the node there is " + found + ", not " + nodeId);
            }
            OutgoingConnection connection =
                    new OutgoingConnection(nodeId, raw, secure, settings.idleTimeout(), ticker);
            greet(connection, nodeId);
            return connection;
        } catch (IOException | RuntimeException e) {
            closeQuietly(raw);
            if (e instanceof SocketException && deadline != null && deadline.isDone()) {
                throw new IOException("no handshake within " + settings.handshakeTimeout().toMillis() + " ms", e);
            }
            throw e;
        } finally {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }

    private static void shakeHands(SSLSocket secure, HostPort place) throws IOException {
        try {
            secure.startHandshake();
        } catch (SSLHandshakeException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                // No path leads to this cluster's authority; one that has run out fails otherwise.
                if (cause instanceof CertPathBuilderException) {
                    throw new StrangerException(place, e);
                }
            }
            throw e;
        }
    }

    private void greet(OutgoingConnection connection, String nodeId) throws IOException {
        Membership me = self.get();
        connection.send(Frame.of(Frame.Kind.HELLO,
                new Hello(Hello.PROTOCOL, me.clusterId(), me.generation(), me.nodeId(), nodeId,
                        gate.generationProof()).encode()));
        Frame answer = connection.readFirst();
        if (answer.kind() == Frame.Kind.WELCOME) {
            return;
        }
        connection.close();
        if (answer.kind() != Frame.Kind.REFUSED) {
            throw new IOException(nodeId + " answered a hello with " + answer.kind());
        }
        Refusal refusal = Refusal.decode(answer.payload());
        switch (refusal.reason()) {
            case OLD_GENERATION -> gate.newerGeneration(refusal.generation(), refusal.proof());
            case REMOVED -> gate.removed(refusal.proof());
            case OTHER -> { }
        }
        throw new IOException(nodeId + " refused the link: " + refusal.message());
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Closed it is.
        }
    }
}
