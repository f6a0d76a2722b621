package io.halite.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads certificates and keys in PEM. Stateless. */
final class PemFiles {
    private static final byte[] PROOF = "halite".getBytes(StandardCharsets.US_ASCII);

    private PemFiles() {}

    /** The certificates of a text, in its order; at least one. */
    static List<X509Certificate> certificates(String pem) throws CertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate one : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            if (one instanceof X509Certificate certificate) {
                chain.add(certificate);
            }
        }
        if (chain.isEmpty()) {
            throw new CertificateException("it holds no certificate");
        }
        return chain;
    }

    /**
     * A private key as PKCS #8, or in OpenSSL's older forms for RSA and EC.
     *
     * @param owner the public key, whose curve is meant where an EC key does not name its own
     */
    static PrivateKey key(byte[] pem, PublicKey owner) throws IOException {
        PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)));
        Object found = parser.readObject();
        // OpenSSL puts the curve before an EC key.
        while (found instanceof ASN1ObjectIdentifier || found instanceof X9ECParameters) {
            found = parser.readObject();
        }
        PrivateKeyInfo key = switch (found) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo pkcs8 -> pkcs8;
            case null, default -> throw new IOException("it is no private key in PEM without a passphrase");
        };
        if (key.getPrivateKeyAlgorithm().getParameters() == null && owner.getAlgorithm().equals("EC")) {
            key = new PrivateKeyInfo(
                    SubjectPublicKeyInfo.getInstance(owner.getEncoded()).getAlgorithm(), key.parsePrivateKey());
        }
        return new JcaPEMKeyConverter().getPrivateKey(key);
    }

    /** Whether the private key is the one of the public key: what it signs, the other verifies. */
    static boolean belong(PrivateKey privateKey, PublicKey publicKey) {
        if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(switch (publicKey.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> publicKey.getAlgorithm();
            });
            signature.initSign(privateKey);
            signature.update(PROOF);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROOF);
            return signature.verify(signed);
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }
}
