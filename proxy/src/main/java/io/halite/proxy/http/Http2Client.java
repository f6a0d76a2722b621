package io.halite.proxy.http;

import io.halite.config.Limits;
import io.halite.config.Timeouts;
import io.halite.proxy.http2.ClientOwner;
import io.halite.proxy.relay.Connection;

/** Serves the streams of a client that speaks HTTP/2, by the rules of its listener. Confined to the thread of its loop. */
final class Http2Client implements ClientOwner {
    private final HttpListener listener;
    private final ClientConnection connection;

    Http2Client(HttpListener listener, ClientConnection connection) {
        this.listener = listener;
        this.connection = connection;
    }

    @Override
    public void accepted(Connection stream) {
        listener.serve(stream, connection);
    }

    @Override
    public Limits limits() {
        return listener.current().limits();
    }

    @Override
    public Timeouts timeouts() {
        return listener.current().timeouts();
    }

    @Override
    public void refused(String reason) {
        listener.refused(reason);
    }

    @Override
    public void ended() {
        connection.http2Ended();
    }
}
