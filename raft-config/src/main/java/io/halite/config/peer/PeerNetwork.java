package io.halite.config.peer;

import io.halite.config.Ticker;
import io.halite.config.peer.PeerDialer.Membership;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * This node's links to all others, by node id. Requests and messages have a topic; each lane of a link keeps its own
 * order and its own connection, so that bulk on one never delays the other. Safe for use by many threads.
 *
 * <p>Whatever is received is handed over on the link's reading thread: handlers pass on work that takes time.
 */
public final class PeerNetwork implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PeerNetwork.class.getName());

    private static final long RENEWAL_MILLIS = 1_000;

    /** What may wait for what. */
    public enum Lane {
        /** Short: votes, proposals, messages. */
        CONTROL,
        /** The log's entries and its heartbeats, which must stay in order. */
        LOG,
        /** Whole files. */
        BULK
    }

    private final AddressBook book;
    private final Ticker ticker;
    private final ScheduledThreadPoolExecutor timer;
    private final PeerDialer dialer;
    private final PeerServer server;
    private final Strangers strangers;
    private final Map<String, Consumer<IncomingRequest>> requestHandlers = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, byte[]>> messageHandlers = new ConcurrentHashMap<>();
    private final Map<String, OutgoingLink> links = new ConcurrentHashMap<>();
    private volatile Membership self;
    private volatile SSLContext context;
    private volatile Consumer<String> lossListener = nodeId -> { };
    private volatile boolean closed;

    private PeerNetwork(PeerSettings settings, Membership self, NodeCertificate certificate, AddressBook book,
            PeerGate gate, Ticker ticker) throws IOException {
        this.book = book;
        this.ticker = ticker;
        this.self = self;
        this.context = certificate.peerContext();
        // A dial that is under way as this node stops has no deadline any more, and needs none.
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("peer-timer").factory(), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        RefusalLog refusals = new RefusalLog(ticker);
        this.strangers = new Strangers(self::clusterId, refusals, ticker);
        this.dialer = new PeerDialer(settings, book, () -> context, () -> this.self, gate, ticker, timer);
        this.server = new PeerServer(settings, () -> context, () -> this.self, gate, refusals, timer,
                new Sink());
    }

    /** Where the server's links end. */
    private final class Sink implements PeerServer.FrameSink {
        @Override
        public void take(IncomingLink link, Frame frame) {
            received(link, frame);
        }

        @Override
        public void lost(String nodeId) {
            lossListener.accept(nodeId);
        }

        @Override
        public void dialled(String from, Sought wanted) {
            strangers.dialled(from, wanted);
        }
    }

    /**
     * Listens; what comes in is refused until its handler is there.
     *
     * @throws IOException when the address is taken or not this machine's
     */
    public static PeerNetwork open(PeerSettings settings, String clusterId, int generation,
            NodeCertificate certificate, AddressBook book, PeerGate gate, Ticker ticker) throws IOException {
        PeerNetwork network = new PeerNetwork(settings, new Membership(clusterId, generation, certificate.nodeId()),
                certificate, book, gate, ticker);
        network.server.start();
        return network;
    }

    /** This node's id. */
    public String self() {
        return self.nodeId();
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    public AddressBook book() {
        return book;
    }

    /** Answers requests of a topic. */
    public void handle(String topic, Consumer<IncomingRequest> handler) {
        requestHandlers.put(topic, handler);
    }

    /** Takes messages of a topic, with the id of the node that sends. */
    public void subscribe(String topic, BiConsumer<String, byte[]> receiver) {
        messageHandlers.put(topic, receiver);
    }

    /** Stops answering and taking a topic. */
    public void unsubscribe(String topic) {
        requestHandlers.remove(topic);
        messageHandlers.remove(topic);
    }

    /** Calls the listener when the last link that a node dialled has broken; it may be dead, or about to dial again. */
    public void onLoss(Consumer<String> listener) {
        lossListener = listener;
    }

    private void received(IncomingLink link, Frame frame) {
        if (frame.kind() == Frame.Kind.REQUEST) {
            IncomingRequest request = new IncomingRequest(frame.payload(), link, frame.id());
            Consumer<IncomingRequest> handler = requestHandlers.get(frame.topic());
            if (handler == null) {
                request.fail("this node does not answer '" + frame.topic() + "'");
            } else {
                handler.accept(request);
            }
        } else if (frame.kind() == Frame.Kind.MESSAGE) {
            BiConsumer<String, byte[]> receiver = messageHandlers.get(frame.topic());
            if (receiver != null) {
                receiver.accept(link.from(), frame.payload());
            }
        }
    }

    /** Asks another node; the reply comes on a link's or the timer's thread, always exactly once. */
    public void request(String nodeId, Lane lane, String topic, byte[] payload, Duration limit,
            Consumer<Reply> callback) {
        if (closed) {
            callback.accept(new Reply.Failure(Reply.Kind.NOT_SENT, "this node is stopping"));
            return;
        }
        link(nodeId, lane).request(topic, payload, limit, callback);
    }

    /** Dials another node's port, and no more; waits for the outcome. */
    public Presence knock(String nodeId, Duration limit) {
        return dialer.knock(nodeId, limit);
    }

    /** Tells another node, without knowing whether it hears. */
    public void send(String nodeId, Lane lane, String topic, byte[] payload) {
        if (!closed) {
            link(nodeId, lane).message(topic, payload);
        }
    }

    private OutgoingLink link(String nodeId, Lane lane) {
        OutgoingLink link = links.computeIfAbsent(nodeId + "/" + lane,
                key -> new OutgoingLink(key, () -> dial(nodeId), ticker, timer));
        if (closed) {
            // It may have come after the last look of close.
            link.close();
        }
        return link;
    }

    private OutgoingConnection dial(String nodeId) throws IOException {
        try {
            OutgoingConnection connection = dialer.dial(nodeId);
            strangers.found(nodeId);
            return connection;
        } catch (PeerDialer.StrangerException e) {
            strangers.answered(nodeId, e);
            throw e;
        }
    }

    /** Where a node of another cluster answers instead of this one; empty when none does. */
    public Optional<String> strangerInPlaceOf(String nodeId) {
        return strangers.placeOf(nodeId);
    }

    /**
     * Somebody who looks for a node of another cluster here. Nothing of it is proved.
     *
     * @param from the address that dials
     */
    public record Visitor(String from, Sought wanted) {}

    /** Who lately looked for a node of another cluster here. */
    public Optional<Visitor> visitor() {
        return strangers.visitor();
    }

    /** Shows another certificate from now on; what is open is made anew within a few seconds. */
    public void use(NodeCertificate certificate) {
        context = certificate.peerContext();
        links.values().forEach(OutgoingLink::renew);
        // The others saw the old one on the links that they dialled; theirs to dial again.
        var ignored = timer.schedule(server::dropAll, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
        LOGGER.log(System.Logger.Level.INFO, "peer certificate replaced serial=" + certificate.serial());
    }

    /** Speaks for another generation from now on; all links are dialled anew. */
    public void enter(int generation) {
        self = new Membership(self.clusterId(), generation, self.nodeId());
        server.dropAll();
        links.values().forEach(OutgoingLink::reset);
    }

    /** Closes the links of nodes that the gate calls removed. */
    public void dropRemoved() {
        server.dropRemoved();
    }

    /** Dials a node anew when there is next something to say, as after its address changed. */
    public void redial(String nodeId) {
        for (Lane lane : Lane.values()) {
            OutgoingLink link = links.get(nodeId + "/" + lane);
            if (link != null) {
                link.reset();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        server.close();
        links.values().forEach(OutgoingLink::close);
        timer.shutdownNow();
    }
}
