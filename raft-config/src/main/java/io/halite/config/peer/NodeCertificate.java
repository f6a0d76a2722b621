package io.halite.config.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;

/**
 * The key and certificate by which one node proves who it is, to its peers and to clients of its admin port.
 * Immutable; a renewed one is another object.
 *
 * @param authority the cluster's own; peers trust nothing else
 */
public record NodeCertificate(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    private static final char[] NO_PASSWORD = new char[0];

    /** Reads a node's PEM text, which holds its key and its certificate, and that of the authority. */
    public static NodeCertificate of(String nodePem, String authorityPem) {
        return new NodeCertificate(Pem.privateKey(nodePem), Pem.certificates(nodePem).getFirst(),
                Pem.certificates(authorityPem).getFirst());
    }

    /** The node it was issued to. */
    public String nodeId() {
        return nodeId(certificate);
    }

    private static String nodeId(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        return name.startsWith("CN=") ? name.substring(3) : "";
    }

    /** Who is at the other end of an authenticated session. */
    static String peerId(SSLSession session) throws SSLPeerUnverifiedException {
        return nodeId((X509Certificate) session.getPeerCertificates()[0]);
    }

    /** The serial number by which a certificate is denied. */
    static String serial(SSLSession session) throws SSLPeerUnverifiedException {
        return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber().toString(16);
    }

    /** Its own serial number, in hexadecimal. */
    public String serial() {
        return certificate.getSerialNumber().toString(16);
    }

    /** When it should be replaced: two thirds into its life. */
    public Instant renewAt() {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        return from.plusMillis((until.toEpochMilli() - from.toEpochMilli()) * 2 / 3);
    }

    /** Whether it is good for all these host names and addresses. */
    public boolean names(List<String> hosts) {
        try {
            Set<String> named = new HashSet<>();
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                named.add(normal(String.valueOf(alternative.get(1))));
            }
            return hosts.stream().allMatch(host -> named.contains(normal(host)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** An address in one spelling of many. */
    private static String normal(String host) {
        try {
            return InetAddress.ofLiteral(host).getHostAddress();
        } catch (IllegalArgumentException e) {
            return host.toLowerCase(Locale.ROOT);
        }
    }

    /** For links between nodes: both ends show a certificate of this cluster's authority, and trust no other. */
    public SSLContext peerContext() {
        return context();
    }

    /** For the admin port: this node shows its certificate. */
    public SSLContext adminContext() {
        return context();
    }

    private SSLContext context() {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("node", key, NO_PASSWORD, new X509Certificate[] {certificate, authority});
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("setting up TLS failed", e);
        }
    }

    public String certificatePem() {
        return Pem.text(List.of(certificate, authority));
    }

    public String keyPem() {
        return Pem.text(key);
    }

    @Override
    public String toString() {
        return "NodeCertificate[" + nodeId() + ", serial " + serial() + "]";
    }
}
