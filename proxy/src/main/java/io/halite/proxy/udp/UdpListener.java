package io.halite.proxy.udp;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.relay.Admission;
import io.halite.proxy.relay.DatagramHandler;
import io.halite.proxy.relay.DatagramPeer;
import io.halite.proxy.relay.DatagramPort;
import io.halite.proxy.relay.HandedSocket;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import io.halite.proxy.upstream.LoopUpstreams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@code udp} listener within one loop: it keeps a session per sender, and a socket per session, so that each reply of
 * a target finds its way back. The kernel gives a sender's datagrams to the same loop each time. Sessions live through
 * changes of the config. Confined to the thread of its loop.
 *
 * <p>Anybody can send under any address, so sessions are bounded in number: beyond, one that was never answered gives way,
 * the oldest first, as those of made-up senders to a target that answers its protocol only. When all were answered, senders
 * without a session are not served until others ended.
 */
public final class UdpListener implements DatagramHandler {
    /** Sessions of one listener in one loop; each costs a descriptor and about a kilobyte. */
    public static final int MAX_SESSIONS = 16_384;
    /** Datagrams taken in one go, so that a flood of them does not starve the rest. */
    private static final int BATCH = 64;
    /** What a listener that closes leaves its targets for replies under way. */
    private static final long LAST_REPLIES_NANOS = 2_000_000_000L;

    private final LoopUpstreams upstreams;
    private final int maxSessions;
    private final Admission admission;
    private final @Nullable RelayLog log;
    private final Map<DatagramPeer, UdpSession> sessions = new HashMap<>();
    /** Those of the sessions that no target has answered, the oldest first. */
    private final SequencedSet<UdpSession> unanswered = new LinkedHashSet<>();
    private ListenerView view;
    private ListenerCounters counters;
    private @Nullable DatagramPort port;
    private boolean closing;

    /**
     * A listener without a socket.
     *
     * @param table as it stands when the listener opens
     * @param admission counts sessions over all loops
     * @param log of its sessions; null for none
     */
    public UdpListener(LoopUpstreams upstreams, ListenerTable table, int maxSessions, Admission admission,
            @Nullable RelayLog log) {
        this.upstreams = upstreams;
        this.log = log;
        this.maxSessions = maxSessions;
        this.admission = admission;
        view = new ListenerView(upstreams, table);
        counters = upstreams.traffic().listener(table.label());
    }

    /** Opens the socket; where it is bound. */
    public InetSocketAddress open(InetSocketAddress address) throws IOException {
        DatagramPort opened = upstreams.loop().bind(address, this);
        port = opened;
        return opened.address();
    }

    /** Receives from a socket that another process bound; where. */
    public InetSocketAddress adopt(HandedSocket socket) throws IOException {
        DatagramPort opened = upstreams.loop().adopt(socket, this);
        port = opened;
        return opened.address();
    }

    /** The descriptor of the socket, to be handed to another process; negative where it cannot be. */
    public int descriptor() {
        return port == null ? -1 : port.descriptor();
    }

    /** Another process receives from the socket: this one only sends the replies that are under way. */
    public void leave() {
        if (port != null) {
            port.stopReceiving();
        }
        close();
    }

    /** The socket and its sessions belong to another listener of the document. */
    public void becomes(ListenerTable table) {
        view = new ListenerView(upstreams, table);
        ListenerCounters before = counters;
        counters = upstreams.traffic().listener(table.label());
        for (int moved = sessions.size(); moved > 0; moved--) {
            before.closed();
            counters.accepted();
        }
    }

    /** Sessions that are open. */
    public int sessions() {
        return sessions.size();
    }

    /** Serves no new sender, and ends as soon as the replies under way have come. */
    public void close() {
        closing = true;
        for (UdpSession session : new ArrayList<>(sessions.values())) {
            session.endSoon(LAST_REPLIES_NANOS);
        }
        closeIfDone();
    }

    /** Ends everything now. */
    public void abandon() {
        closing = true;
        new ArrayList<>(sessions.values()).forEach(session -> session.end(RelayEnd.DRAIN, null));
        closeIfDone();
    }

    private void closeIfDone() {
        if (closing && sessions.isEmpty() && port != null) {
            port.close();
        }
    }

    @Override
    public void arrived(DatagramPort from) {
        IoBuffer input = upstreams.loop().input();
        for (int taken = 0; taken < BATCH; taken++) {
            int got = from.receive(input);
            if (got == DatagramPort.AGAIN) {
                return;
            }
            if (got >= 0) {
                counters.received(got);
                UdpSession session = session(from.sender());
                if (session != null) {
                    session.fromClient(input, got);
                }
            }
        }
    }

    private @Nullable UdpSession session(DatagramPeer client) {
        UdpSession known = sessions.get(client);
        if (known != null || closing) {
            return known;
        }
        if (!table().rules().access().admits(client.address())) {
            upstreams.traffic().refused("FORBIDDEN");
            return null;
        }
        if (isFull()) {
            displaceOne();
        }
        if (isFull()) {
            upstreams.traffic().refused("UDP_SESSIONS_FULL");
            return null;
        }
        UdpSession session = new UdpSession(this, client);
        Optional<String> refused = admission.admit(client.address(), table().limits(), session::whenEnded);
        if (refused.equals(Admission.FULL) && displaceOne()) {
            refused = admission.admit(client.address(), table().limits(), session::whenEnded);
        }
        if (refused.isPresent()) {
            upstreams.traffic().refused(refused.get());
            return null;
        }
        if (log != null) {
            session.logged(log.began(table(), client.address()));
        }
        sessions.put(client, session);
        unanswered.add(session);
        counters.accepted();
        return session;
    }

    /** Ends the oldest session that no target answered; false when there is none. */
    private boolean displaceOne() {
        if (unanswered.isEmpty()) {
            return false;
        }
        upstreams.traffic().refused("UDP_SESSION_DISPLACED");
        unanswered.getFirst().end(RelayEnd.LIMIT, "UDP_SESSION_DISPLACED");
        return true;
    }

    /** Sends a target's reply to a client, from the address that the client sent to. */
    void reply(IoBuffer from, int length, DatagramPeer client) {
        if (port != null && port.reply(from, length, client) >= 0) {
            counters.sent(length);
        }
    }

    private boolean isFull() {
        return sessions.size() >= maxSessions || !upstreams.loop().mayConverse();
    }

    /** A target answers the session. */
    void answered(UdpSession session) {
        unanswered.remove(session);
    }

    void forget(DatagramPeer client) {
        UdpSession ended = sessions.remove(client);
        if (ended != null) {
            unanswered.remove(ended);
            ended.left();
            counters.closed();
            closeIfDone();
        }
    }

    @Nullable PoolTable pool() {
        return upstreams.table().pool(table().pool());
    }

    ListenerTable table() {
        return view.current();
    }

    LoopUpstreams upstreams() {
        return upstreams;
    }

    Loop loop() {
        return upstreams.loop();
    }

    /** One datagram was more than this code could bear: the next may do better, so the socket opens anew. */
    @Override
    public void failed(DatagramPort broken) {
        InetSocketAddress address = broken.address();
        broken.close();
        if (!closing) {
            try {
                open(address);
            } catch (IOException gone) {
                abandon();
            }
        }
    }
}
