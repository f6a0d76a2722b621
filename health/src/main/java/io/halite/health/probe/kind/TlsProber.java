package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import java.io.IOException;
import java.time.InstantSource;
import javax.net.ssl.SSLSocket;

/** A whole TLS handshake, never a resumed one; an expired certificate fails, one that ends soon warns. */
record TlsProber(HealthCheck.Tls check) implements Prober {

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        SSLSocket tls = TlsHandshake.over(Connections.open(attempt), attempt, check.serverName());
        String evidence = tls.getSession().getProtocol() + " " + tls.getSession().getCipherSuite();
        ProbeResult result =
                TlsHandshake.withExpiry(ProbeResult.passed(evidence), tls, InstantSource.system().instant(), true);
        tls.getSession().invalidate();
        return result;
    }
}
