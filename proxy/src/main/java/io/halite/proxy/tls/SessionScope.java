package io.halite.proxy.tls;

import io.halite.config.ListenerTls.ClientCertificates;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;

/**
 * Where a session may be resumed: a resumed session shows no certificate of the client again, so one that began under
 * other rules for clients must not count. The same for all listeners with the same rules, on all nodes. Stateless.
 */
final class SessionScope {
    private SessionScope() {}

    /** The scope of a listener's sessions: 32 bytes, the most that OpenSSL takes. */
    static byte[] of(ServerTls.Source source) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ClientCertificates clients = source.settings().clientCertificates();
        digest.update((byte) (clients == null ? 0 : clients.required() ? 2 : 1));
        for (X509Certificate authority : source.authorities()) {
            digest.update(MessageDigest.getInstance("SHA-256").digest(authority.getEncoded()));
        }
        return digest.digest();
    }
}
