package io.halite.proxy.http;

import io.halite.proxy.relay.TlsPeer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The header line by which a target learns whose certificate a client proved to own, in the form that Envoy made common:
 * {@code X-Forwarded-Client-Cert: Hash=…;Subject="…";DNS=…;URI=…}. Stateless.
 */
final class ClientIdentity {
    static final byte[] NAME = Ascii.bytes("x-forwarded-client-cert");
    private static final byte[] UNKNOWN = {};
    private static final int DNS = 2;
    private static final int URI = 6;

    private ClientIdentity() {}

    /** The line; empty for a client that showed no certificate. */
    static byte[] line(@Nullable TlsPeer peer) {
        X509Certificate certificate = peer == null ? null : peer.certificate();
        if (certificate == null) {
            return UNKNOWN;
        }
        StringBuilder line = new StringBuilder("X-Forwarded-Client-Cert: Hash=").append(hash(certificate));
        line.append(";Subject=\"").append(quoted(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)))
                .append('"');
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (Integer.valueOf(DNS).equals(name.getFirst())) {
                    line.append(";DNS=").append(plain(String.valueOf(name.get(1))));
                } else if (Integer.valueOf(URI).equals(name.getFirst())) {
                    line.append(";URI=").append(plain(String.valueOf(name.get(1))));
                }
            }
        } catch (CertificateParsingException unreadable) {
            return UNKNOWN;
        }
        return Ascii.bytes(line.append("\r\n").toString());
    }

    private static String hash(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException("a verified certificate has a SHA-256", impossible);
        }
    }

    private static String quoted(String text) {
        return printable(text).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Whoever signed it may have let anything pass: a name that would end its element is not told. */
    private static String plain(String text) {
        return printable(text).replaceAll("[;,=\"\\\\ ]", "?");
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
