package io.halite.proxy.listen;

import io.halite.proxy.relay.AcceptHandler;
import io.halite.proxy.relay.Acceptor;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.LoopListener;
import org.jspecify.annotations.Nullable;

/** A listening socket of one loop and the listener that its connections belong to now. Confined to the loop's thread. */
final class AcceptPoint implements AcceptHandler {
    private final AcceptHandler behindTheGate = this::admitted;
    private LoopListener listener;
    private ProxyHeaderGate gate;
    private @Nullable Acceptor acceptor;

    AcceptPoint(LoopListener listener, ProxyHeaderGate gate) {
        this.listener = listener;
        this.gate = gate;
    }

    void listensOn(Acceptor socket) {
        acceptor = socket;
    }

    @Override
    public void accepted(Connection connection) {
        gate.admit(connection, behindTheGate);
    }

    /** Whoever was held up at the gate of the former listener is served by the present one. */
    private void admitted(Connection connection) {
        listener.accepted(connection);
    }

    /** Connections that are open. */
    int open() {
        return listener.open() + gate.waiting();
    }

    /** New connections belong to another listener; those there are end in the old one. */
    void handTo(LoopListener next, ProxyHeaderGate nextGate) {
        listener.close();
        listener = next;
        gate = nextGate;
    }

    /** Takes what waits in the socket, then closes it; the connections end after their exchanges. */
    void close() {
        if (acceptor != null) {
            acceptor.close();
            acceptor = null;
        }
        listener.close();
    }
}
