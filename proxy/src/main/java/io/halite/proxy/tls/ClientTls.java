package io.halite.proxy.tls;

import io.halite.config.ListenerTls.Version;
import io.halite.config.Upstream.TargetTls;
import io.halite.proxy.relay.TlsSession;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** How the targets of a pool are spoken to over TLS. Immutable. */
public final class ClientTls {
    private final Source source;
    private final SSLContext context;

    /**
     * What it is made of.
     *
     * @param authorities who must have signed the certificates of targets; empty for those that the system believes
     * @param shown the certificate shown to targets; null for none
     */
    record Source(TargetTls settings, List<X509Certificate> authorities, @Nullable ServedCertificate shown) {
        Source {
            authorities = List.copyOf(authorities);
        }
    }

    ClientTls(Source source) throws GeneralSecurityException {
        this.source = source;
        context = SSLContext.getInstance("TLS");
        ServedCertificate shown = source.shown();
        context.init(shown == null ? new KeyManager[0]
                : new KeyManager[] {new SniKeys(new CertificateTable(List.of(shown)))}, trust(source), null);
    }

    private static TrustManager[] trust(Source source) throws GeneralSecurityException {
        if (!source.settings().verify()) {
            return Trust.inEverybody();
        }
        return source.authorities().isEmpty() ? Trust.inTheSystems() : Trust.in(source.authorities());
    }

    /**
     * A session with a target.
     *
     * @param host the host of the target's address: its name, unless the pool gives another
     * @param protocols what is offered to be spoken inside; empty for nothing
     */
    public TlsSession session(String host, int port, List<String> protocols) {
        String given = source.settings().serverName();
        String name = given == null ? host : given;
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Ciphers.versions(Version.TLS_1_2));
        parameters.setCipherSuites(Ciphers.suites());
        if (isName(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (source.settings().verify()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        return new JsseSession(engine);
    }

    /** Whether it was made of the same. */
    boolean isOf(Source other) {
        return source.equals(other);
    }

    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && !host.matches("[0-9.]+");
    }
}
