package io.halite.proxy.tls;

import io.halite.config.ListenerTls;
import io.halite.proxy.relay.TlsSession;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How a listener speaks TLS: its certificates, the versions, whom it believes. Immutable; clients that come later get the
 * sessions of another one when the config changes, and nobody's connection ends.
 */
public final class ServerTls {
    private static final System.Logger LOGGER = System.getLogger(ServerTls.class.getName());

    private final Source source;
    private final SessionSource sessions;

    /**
     * What it is made of.
     *
     * @param certificates the default first; at least one
     * @param authorities who must have signed the certificates of clients; empty when clients are not asked
     * @param http2 whether clients may choose HTTP/2
     */
    record Source(ListenerTls settings, List<ServedCertificate> certificates, List<X509Certificate> authorities,
            boolean http2) {
        Source {
            certificates = List.copyOf(certificates);
            authorities = List.copyOf(authorities);
        }

        /** What clients may speak (ALPN), the best first. */
        List<String> protocols() {
            return http2 ? List.of("h2", "http/1.1") : List.of("http/1.1");
        }
    }

    ServerTls(Source source, TlsEngine engine, TicketKeys tickets) throws GeneralSecurityException {
        this.source = source;
        sessions = sessions(source, engine, tickets);
    }

    private static SessionSource sessions(Source source, TlsEngine engine, TicketKeys tickets)
            throws GeneralSecurityException {
        if (engine.resolved() == TlsEngine.OPENSSL) {
            try {
                return new OpenSslServer(source, tickets);
            } catch (GeneralSecurityException refused) {
                LOGGER.log(System.Logger.Level.WARNING, "certificates not for openssl, the java runtime serves them "
                        + "names=" + source.certificates().getFirst().names() + " reason=" + refused.getMessage());
            }
        }
        return new JsseServer(source);
    }

    /** A session for a new client. */
    public TlsSession session() {
        return sessions.session();
    }

    /** Whether it was made of the same. */
    boolean isOf(Source other) {
        return source.equals(other);
    }
}
