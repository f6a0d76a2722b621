package io.halite.proxy.listen;

import io.halite.proxy.relay.AcceptHandler;
import io.halite.proxy.relay.Acceptor;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.LoopListener;
import org.jspecify.annotations.Nullable;

/** A listening socket of one loop and the listener that its connections belong to now. Confined to the loop's thread. */
final class AcceptPoint implements AcceptHandler {
    private LoopListener listener;
    private @Nullable Acceptor acceptor;

    AcceptPoint(LoopListener listener) {
        this.listener = listener;
    }

    void listensOn(Acceptor socket) {
        acceptor = socket;
    }

    @Override
    public void accepted(Connection connection) {
        listener.accepted(connection);
    }

    LoopListener listener() {
        return listener;
    }

    /** New connections belong to another listener; those there are end in the old one. */
    void handTo(LoopListener next) {
        listener.close();
        listener = next;
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
