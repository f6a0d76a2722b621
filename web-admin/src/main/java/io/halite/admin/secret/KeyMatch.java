package io.halite.admin.secret;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** Whether a private key belongs to a certificate. */
public sealed interface KeyMatch {
    /** It does. */
    record Matching() implements KeyMatch {}

    /** It does not, or cannot be used. */
    record Unusable(String code, String message, String hint) implements KeyMatch {}

    /**
     * Compares by a signature, which works for every kind of key.
     *
     * @param chain the certificates in PEM, leaf first
     * @param key the private key in PEM
     */
    static KeyMatch of(String chain, byte[] key) {
        PublicKey publicKey;
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
            if (certificates.isEmpty()) {
                return unusable("INVALID_CERTIFICATE", "the certificate is no PEM", "");
            }
            publicKey = certificates.iterator().next().getPublicKey();
        } catch (GeneralSecurityException e) {
            return unusable("INVALID_CERTIFICATE", "the certificate cannot be read: " + e.getMessage(), "");
        }
        try {
            Object pem = read(new String(key, StandardCharsets.ISO_8859_1));
            if (pem instanceof PEMEncryptedKeyPair || pem instanceof PKCS8EncryptedPrivateKeyInfo) {
                return unusable("ENCRYPTED_KEY", "the key is protected by a passphrase",
                        "take it off: openssl pkey -in KEY -out PLAIN");
            }
            PrivateKeyInfo info = info(pem);
            if (info == null) {
                return unusable("INVALID_KEY", "the secret is no private key in PEM",
                        "it begins with -----BEGIN PRIVATE KEY-----");
            }
            return belongs(info, publicKey) ? new Matching()
                    : unusable("KEY_MISMATCH", "the key does not belong to the certificate",
                            "the first certificate of the chain must be the one that was made for this key");
        } catch (IOException | GeneralSecurityException e) {
            return unusable("INVALID_KEY", "the key cannot be read", "it begins with -----BEGIN PRIVATE KEY-----");
        }
    }

    private static Unusable unusable(String code, String message, String hint) {
        return new Unusable(code, message, hint);
    }

    /** The first object of a PEM text that is not what OpenSSL puts before an EC key; null when there is none. */
    private static @Nullable Object read(String text) throws IOException {
        PEMParser parser = new PEMParser(new StringReader(text));
        Object pem = parser.readObject();
        while (pem instanceof ASN1ObjectIdentifier || pem instanceof X9ECParameters) {
            pem = parser.readObject();
        }
        return pem;
    }

    private static @Nullable PrivateKeyInfo info(@Nullable Object pem) {
        return switch (pem) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo pkcs8 -> pkcs8;
            case null, default -> null;
        };
    }

    private static boolean belongs(PrivateKeyInfo info, PublicKey publicKey)
            throws IOException, GeneralSecurityException {
        PrivateKey privateKey;
        try {
            privateKey = KeyFactory.getInstance(publicKey.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (InvalidKeySpecException anotherKind) {
            return false;
        }
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] proof = "halite".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(proof);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(proof);
        return signature.verify(signed);
    }
}
