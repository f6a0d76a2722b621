package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import java.io.IOException;
import java.net.Socket;
import java.time.InstantSource;
import javax.net.ssl.SSLSocket;

/** A whole TLS handshake, never a resumed one; an expired certificate fails, one that ends soon warns. */
record TlsProber(HealthCheck.Tls check, Preamble preamble) implements Prober.Blocking {
    private static final int PARTING_MILLIS = 100;
    private static final int PARTING_READS = 8;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.open(attempt, preamble);
        SSLSocket tls = TlsHandshake.over(socket, attempt, check.serverName());
        String evidence = tls.getSession().getProtocol() + " " + tls.getSession().getCipherSuite();
        ProbeResult result =
                TlsHandshake.withExpiry(ProbeResult.passed(evidence), tls, InstantSource.system().instant(), true);
        tls.getSession().invalidate();
        partPolitely(socket, tls);
        return result;
    }

    /** A reset now could overtake the handshake's last message, and the target would log a failed handshake. */
    private static void partPolitely(Socket socket, SSLSocket tls) {
        try {
            socket.setSoLinger(false, 0);
            socket.setSoTimeout(PARTING_MILLIS);
            tls.shutdownOutput();
            for (int reads = 0; reads < PARTING_READS && tls.getInputStream().read(new byte[256]) >= 0; reads++) {
                // session tickets and last words: nothing of interest
            }
        } catch (IOException alreadyGone) {
            // The handshake succeeded; how the connection ends tells nothing of the target.
        }
    }
}
