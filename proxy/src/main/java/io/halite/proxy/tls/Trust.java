package io.halite.proxy.tls;

import io.halite.config.peer.AnyCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed. Stateless. */
final class Trust {
    private Trust() {}

    /** What these signed. */
    static TrustManager[] in(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException("an empty key store cannot be made", impossible);
        }
        for (int at = 0; at < authorities.size(); at++) {
            store.setCertificateEntry(Integer.toString(at), authorities.get(at));
        }
        return of(store);
    }

    /** What the system believes. */
    static TrustManager[] inTheSystems() throws GeneralSecurityException {
        return of(null);
    }

    /** Anything at all, for pools that were told not to verify. */
    static TrustManager[] inEverybody() {
        return new TrustManager[] {new AnyCertificate()};
    }

    private static TrustManager[] of(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
