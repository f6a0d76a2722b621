package io.halite.proxy.tls;

import io.halite.config.ListenerTls.ClientCertificates;
import io.halite.proxy.relay.TlsSession;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** The Java runtime's view of one listener. Its session tickets are good for this node alone. */
final class JsseServer implements SessionSource {
    private static final int SESSIONS = 20_000;
    private static final int SESSION_SECONDS = 12 * 60 * 60;

    private final ServerTls.Source source;
    private final SSLContext context;

    JsseServer(ServerTls.Source source) throws GeneralSecurityException {
        this.source = source;
        context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new SniKeys(new CertificateTable(source.certificates()))},
                source.authorities().isEmpty() ? new TrustManager[0] : Trust.in(source.authorities()), null);
        context.getServerSessionContext().setSessionCacheSize(SESSIONS);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    }

    @Override
    public TlsSession session() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Ciphers.versions(source.settings().minVersion()));
        parameters.setCipherSuites(Ciphers.suites());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(source.protocols().toArray(String[]::new));
        ClientCertificates clients = source.settings().clientCertificates();
        if (clients != null && clients.required()) {
            parameters.setNeedClientAuth(true);
        } else if (clients != null) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return new JsseSession(engine);
    }
}
