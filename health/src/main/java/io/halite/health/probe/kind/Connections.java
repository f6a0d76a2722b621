package io.halite.health.probe.kind;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens the connections of blocking probes. Stateless. */
final class Connections {
    private Connections() {}

    /**
     * Connects and says the preamble; the watchdog's close of the socket is the only time-out, which spares a timer per
     * call.
     */
    static Socket open(Attempt attempt, Preamble preamble) throws IOException {
        Socket socket = prepare(attempt);
        socket.connect(attempt.socketAddress());
        if (preamble != Preamble.NONE) {
            socket.getOutputStream().write(preamble.bytes());
        }
        return socket;
    }

    /** Opens a connection of HTTP/2; over TLS the target must agree to it, as it must for the pool's requests. */
    static Socket openHttp2(Attempt attempt, Preamble preamble, boolean tls, @Nullable String serverName)
            throws IOException {
        Socket socket = open(attempt, preamble);
        if (!tls) {
            return socket;
        }
        SSLSocket secured = TlsHandshake.over(socket, attempt, serverName, "h2");
        if (!secured.getApplicationProtocol().equals("h2")) {
            throw new ProtocolException("the target does not agree to HTTP/2 (ALPN)");
        }
        return secured;
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
