package io.halite.proxy.listen;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.relay.Admission;
import io.halite.proxy.relay.AcceptHandler;
import io.halite.proxy.relay.Acceptor;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.LoopListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A listening socket of one loop and the listener that its connections belong to now. Confined to the loop's thread. */
final class AcceptPoint implements AcceptHandler {
    /** Over which clients are asked to leave where nobody waits for it. */
    private static final long SPREAD_NANOS = 1_000_000_000L;

    private final AcceptHandler behindTheGate = this::enter;
    private final AcceptHandler admitted = this::admitted;
    private final Admission admission;
    /** The socket was theirs, and some of its connections still are. */
    private final List<LoopListener> former = new ArrayList<>();
    private LoopListener listener;
    private ProxyHeaderGate gate;
    private @Nullable TlsEntrance entrance;
    private @Nullable Acceptor acceptor;

    /**
     * A point without a socket yet.
     *
     * @param admission shared by the points of all loops
     * @param entrance null for a listener without TLS
     */
    AcceptPoint(Admission admission, LoopListener listener, ProxyHeaderGate gate, @Nullable TlsEntrance entrance) {
        this.admission = admission;
        this.listener = listener;
        this.gate = gate;
        this.entrance = entrance;
    }

    void listensOn(Acceptor socket) {
        acceptor = socket;
    }

    @Override
    public void accepted(Connection connection) {
        gate.admit(connection, behindTheGate);
    }

    private void enter(Connection connection) {
        Optional<String> reason = admission.admit(connection, gate.limits());
        if (reason.isPresent()) {
            gate.turnAway(connection, RelayEnd.LIMIT, reason.get());
        } else if (entrance == null) {
            admitted(connection);
        } else {
            entrance.admit(connection, admitted);
        }
    }

    /** Whoever was held up at the gate or the entrance of the former listener is served by the present one. */
    private void admitted(Connection connection) {
        listener.accepted(connection);
    }

    /** Connections that are open. */
    int open() {
        former.removeIf(one -> one.open() == 0);
        int left = former.stream().mapToInt(LoopListener::open).sum();
        return left + listener.open() + gate.waiting() + (entrance == null ? 0 : entrance.shaking());
    }

    /** New connections belong to another listener; those there are end in the old one. */
    void handTo(LoopListener next, ProxyHeaderGate nextGate, @Nullable TlsEntrance nextEntrance) {
        listener.remove(SPREAD_NANOS);
        former.removeIf(one -> one.open() == 0);
        former.add(listener);
        listener = next;
        gate = nextGate;
        entrance = nextEntrance;
    }

    /** Asks the clients that there are to leave, over this time; others may come. */
    void dismiss(long spreadNanos) {
        listener.dismiss(spreadNanos);
    }

    /** Those who were dismissed and are there still may stay. */
    void recall() {
        listener.recall();
    }

    /** The descriptor of the socket, to be handed to another process; negative where it cannot be. */
    int descriptor() {
        return acceptor == null ? -1 : acceptor.descriptor();
    }

    /** Takes what waits in the socket, then closes it; the connections end after their exchanges, over this time. */
    void close(long spreadNanos) {
        stopAccepting();
        listener.close(spreadNanos);
    }

    /** As {@link #close}, by the config: connections that outstay their time are ended. */
    void remove(long spreadNanos) {
        stopAccepting();
        listener.remove(spreadNanos);
    }

    private void stopAccepting() {
        if (acceptor != null) {
            acceptor.close();
            acceptor = null;
        }
    }
}
