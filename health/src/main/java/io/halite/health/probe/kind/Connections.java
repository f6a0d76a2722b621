package io.halite.health.probe.kind;

import java.io.IOException;
import java.net.Socket;

/** Opens a probe's connections. Stateless. */
final class Connections {
    private Connections() {}

    /** Connects; the watchdog's close of the socket is the only time-out, which spares a timer per call. */
    static Socket open(Attempt attempt) throws IOException {
        Socket socket = prepare(attempt);
        socket.connect(attempt.socketAddress());
        return socket;
    }

    /** A socket not yet connected, under the watchdog. */
    static Socket prepare(Attempt attempt) throws IOException {
        attempt.phase("connecting");
        Socket socket = attempt.guard(new Socket());
        socket.setTcpNoDelay(true);
        // As HAProxy's checks: a probe ends with a reset, so that thousands of them leave no TIME_WAIT behind.
        socket.setSoLinger(true, 0);
        return socket;
    }
}
