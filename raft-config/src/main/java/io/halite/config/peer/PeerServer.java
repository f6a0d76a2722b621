package io.halite.config.peer;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Accepts links from other nodes: a certificate of the cluster, the right cluster and generation, and not removed.
 * Everybody else is cut off early, cheaply and without filling the log. Safe for use by many threads.
 */
final class PeerServer implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final int MAX_LINKS_PER_NODE = 8;

    private final PeerSettings settings;
    private final ServerSocket socket;
    private final Supplier<SSLContext> context;
    private final Supplier<PeerDialer.Membership> self;
    private final PeerGate gate;
    private final RefusalLog log;
    private final ScheduledExecutorService timer;
    private final FrameSink sink;
    private final Semaphore handshakes;
    private final Set<IncomingLink> links = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Takes the frames of recognised links, on the link's reading thread. */
    interface FrameSink {
        void take(IncomingLink link, Frame frame);

        /** The last link of a node is gone. */
        void lost(String nodeId);

        /** Somebody, who need not be recognised afterwards, says which node is wanted. */
        void dialled(String from, Sought wanted);
    }

    PeerServer(PeerSettings settings, Supplier<SSLContext> context, Supplier<PeerDialer.Membership> self,
            PeerGate gate, RefusalLog log, ScheduledExecutorService timer, FrameSink sink) throws IOException {
        this.settings = settings;
        this.context = context;
        this.self = self;
        this.gate = gate;
        this.log = log;
        this.timer = timer;
        this.sink = sink;
        this.handshakes = new Semaphore(settings.maxHandshakes());
        this.socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(settings.bind(), BACKLOG);
    }

    void start() {
        Thread.ofPlatform().daemon().name("peer-accept").start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket raw = socket.accept();
                if (links.size() >= settings.maxLinks() || !handshakes.tryAcquire()) {
                    log.log("peer connection refused", host(raw), "too many connections");
                    PeerDialer.closeQuietly(raw);
                } else {
                    Thread.ofVirtual().name("peer-from-" + raw.getRemoteSocketAddress()).start(() -> serve(raw));
                }
            } catch (IOException e) {
                if (!closed) {
                    // Out of descriptors, most likely: what is open ends some time, accepting goes on.
                    log.log("peer accept failed", "any", String.valueOf(e.getMessage()));
                    pause();
                }
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** Strangers are told apart by address only: ports change with every attempt. */
    private static String host(Socket raw) {
        return String.valueOf(raw.getInetAddress().getHostAddress());
    }

    private void serve(Socket raw) {
        IncomingLink link;
        // A stranger that trickles bytes must not hold a place longer than one that sends none.
        ScheduledFuture<?> deadline = null;
        try {
            deadline = timer.schedule(() -> PeerDialer.closeQuietly(raw), settings.handshakeTimeout().toMillis(),
                    TimeUnit.MILLISECONDS);
            raw.setSoTimeout(Math.toIntExact(settings.idleTimeout().toMillis()));
            int first = raw.getInputStream().read();
            if (first < 0) {
                // Somebody knocked to see whether this machine lives.
                PeerDialer.closeQuietly(raw);
                return;
            }
            link = recognise(raw, (byte) first);
        } catch (RefusedLink e) {
            log.log("peer connection refused", host(raw), String.valueOf(e.getMessage()));
            return;
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                log.log("peer connection refused", host(raw),
                        e instanceof EOFException ? "it hung up" : String.valueOf(e.getMessage()));
            }
            PeerDialer.closeQuietly(raw);
            return;
        } finally {
            if (deadline != null) {
                deadline.cancel(false);
            }
            handshakes.release();
        }
        links.add(link);
        limit(link);
        link.onClose(() -> gone(link));
        if (closed || gate.isRemoved(link.from(), link.serial())) {
            link.close();
            return;
        }
        read(link);
    }

    private void gone(IncomingLink link) {
        links.remove(link);
        if (!closed && links.stream().noneMatch(other -> other.from().equals(link.from()))) {
            sink.lost(link.from());
        }
    }

    private IncomingLink recognise(Socket raw, byte first) throws IOException {
        raw.setTcpNoDelay(true);
        SSLSocket secure = (SSLSocket) context.get().getSocketFactory()
                .createSocket(raw, new ByteArrayInputStream(new byte[] {first}), true);
        secure.setUseClientMode(false);
        secure.setNeedClientAuth(true);
        secure.setEnabledProtocols(new String[] {"TLSv1.3"});
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setSNIMatchers(List.of(Sought.listener(node -> sink.dialled(host(raw), node))));
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        IncomingLink link = new IncomingLink(raw, secure);
        Frame word = link.read(Frame.MAX_HELLO_BYTES);
        link.startWriting();
        if (word.kind() != Frame.Kind.HELLO) {
            throw refuse(link, Refusal.Reason.OTHER, "the first word was " + word.kind() + ", not a hello");
        }
        greet(link, Hello.decode(word.payload()));
        return link;
    }

    private void greet(IncomingLink link, Hello hello) throws IOException {
        PeerDialer.Membership me = self.get();
        if (hello.protocol() != Hello.PROTOCOL) {
            throw refuse(link, Refusal.Reason.OTHER, "it speaks version " + hello.protocol() + " of the peer protocol,"
                    + " this node version " + Hello.PROTOCOL);
        }
        if (!hello.from().equals(link.from())) {
            throw refuse(link, Refusal.Reason.OTHER, "it says it is " + hello.from() + ", its certificate says "
                    + link.from());
        }
        if (!hello.clusterId().equals(me.clusterId()) || !hello.to().equals(me.nodeId())) {
            throw refuse(link, Refusal.Reason.OTHER, "it wants node " + hello.to() + " of cluster "
                    + hello.clusterId() + ", this is node " + me.nodeId() + " of cluster " + me.clusterId());
        }
        if (hello.generation() < me.generation()) {
            throw refuse(link, Refusal.Reason.OLD_GENERATION, "node " + link.from() + " is of generation "
                    + hello.generation() + ", the cluster was recovered to generation " + me.generation());
        }
        if (gate.isRemoved(link.from(), link.serial())) {
            throw refuse(link, Refusal.Reason.REMOVED, "node " + link.from() + " was removed from the cluster");
        }
        if (hello.generation() > me.generation()) {
            gate.newerGeneration(hello.generation(), hello.proof());
            throw refuse(link, Refusal.Reason.OTHER, "this node is of generation " + me.generation()
                    + ", the cluster was recovered to generation " + hello.generation());
        }
        link.send(Frame.of(Frame.Kind.WELCOME, new Hello(Hello.PROTOCOL, me.clusterId(), me.generation(), me.nodeId(),
                link.from(), gate.generationProof()).encode()));
    }

    /** Answers with a refusal; the link is closed a moment later, so that it arrives. */
    private IOException refuse(IncomingLink link, Refusal.Reason reason, String message) {
        String proof = switch (reason) {
            case OLD_GENERATION -> gate.generationProof();
            case REMOVED -> gate.removalProof(link.from());
            case OTHER -> "";
        };
        link.send(Frame.of(Frame.Kind.REFUSED, new Refusal(reason, self.get().generation(), message, proof).encode()));
        var ignored = timer.schedule(link::close, 500, TimeUnit.MILLISECONDS);
        return new RefusedLink(message);
    }

    /** A link that was refused and closes by itself. */
    private static final class RefusedLink extends IOException {
        private static final long serialVersionUID = 1;

        RefusedLink(String message) {
            super(message);
        }
    }

    /** A node that dials again and again leaves dead links behind; the oldest go. */
    private void limit(IncomingLink newest) {
        long same = links.stream().filter(link -> link.from().equals(newest.from())).count();
        if (same > MAX_LINKS_PER_NODE) {
            links.stream().filter(link -> link != newest && link.from().equals(newest.from())).findFirst()
                    .ifPresent(IncomingLink::close);
        }
    }

    private void read(IncomingLink link) {
        try {
            while (true) {
                Frame frame = link.read(Frame.MAX_BYTES);
                if (frame.kind() == Frame.Kind.PING) {
                    link.send(Frame.of(Frame.Kind.PONG));
                } else {
                    sink.take(link, frame);
                }
            }
        } catch (IOException e) {
            link.close();
        } catch (RuntimeException e) {
            log.log("peer link dropped", link.from(), String.valueOf(e));
            link.close();
        }
    }

    /** Closes the links of nodes that have been removed meanwhile. */
    void dropRemoved() {
        links.stream().filter(link -> gate.isRemoved(link.from(), link.serial())).forEach(IncomingLink::close);
    }

    /** Closes all links; nodes that are still welcome dial again. */
    void dropAll() {
        links.forEach(IncomingLink::close);
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException ignored) {
            // Closed it is.
        }
        dropAll();
    }
}
