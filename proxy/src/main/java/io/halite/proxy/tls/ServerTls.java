package io.halite.proxy.tls;

import io.halite.config.ListenerTls;
import io.halite.config.ListenerTls.ClientCertificates;
import io.halite.proxy.relay.TlsSession;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * How a listener speaks TLS: its certificates, the versions, whom it believes. Immutable; clients that come later get the
 * sessions of another one when the config changes, and nobody's connection ends.
 */
public final class ServerTls {
    private static final int SESSIONS = 20_000;
    private static final int SESSION_SECONDS = 12 * 60 * 60;

    private final Source source;
    private final SSLContext context;

    /**
     * What it is made of.
     *
     * @param certificates the default first; at least one
     * @param authorities who must have signed the certificates of clients; empty when clients are not asked
     */
    record Source(ListenerTls settings, List<ServedCertificate> certificates, List<X509Certificate> authorities) {
        Source {
            certificates = List.copyOf(certificates);
            authorities = List.copyOf(authorities);
        }
    }

    ServerTls(Source source) throws GeneralSecurityException {
        this.source = source;
        context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new SniKeys(new CertificateTable(source.certificates()))},
                source.authorities().isEmpty() ? new TrustManager[0] : Trust.in(source.authorities()), null);
        context.getServerSessionContext().setSessionCacheSize(SESSIONS);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    }

    /** A session for a new client. */
    public TlsSession session() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Ciphers.versions(source.settings().minVersion()));
        parameters.setCipherSuites(Ciphers.suites());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        ClientCertificates clients = source.settings().clientCertificates();
        if (clients != null && clients.required()) {
            parameters.setNeedClientAuth(true);
        } else if (clients != null) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return new JsseSession(engine);
    }

    /** Whether it was made of the same. */
    boolean isOf(Source other) {
        return source.equals(other);
    }
}
