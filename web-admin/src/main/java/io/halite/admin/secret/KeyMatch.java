package io.halite.admin.secret;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
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
            Object pem = new PEMParser(new StringReader(new String(key, StandardCharsets.ISO_8859_1))).readObject();
            if (pem instanceof PEMEncryptedKeyPair || pem instanceof PKCS8EncryptedPrivateKeyInfo) {
                return unusable("ENCRYPTED_KEY", "the key is protected by a passphrase",
                        "take it off: openssl pkey -in KEY -out PLAIN");
            }
            PrivateKey privateKey = privateKey(pem);
            if (privateKey == null) {
                return unusable("INVALID_KEY", "the secret is no private key in PEM",
                        "it begins with -----BEGIN PRIVATE KEY-----");
            }
            return belongs(privateKey, publicKey) ? new Matching()
                    : unusable("KEY_MISMATCH", "the key does not belong to the certificate",
                            "the first certificate of the chain must be the one that was made for this key");
        } catch (IOException | GeneralSecurityException e) {
            return unusable("INVALID_KEY", "the key cannot be read", "it begins with -----BEGIN PRIVATE KEY-----");
        }
    }

    private static Unusable unusable(String code, String message, String hint) {
        return new Unusable(code, message, hint);
    }

    private static @Nullable PrivateKey privateKey(@Nullable Object pem) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        return switch (pem) {
            case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
            case PrivateKeyInfo pkcs8 -> converter.getPrivateKey(pkcs8);
            case null, default -> null;
        };
    }

    private static boolean belongs(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        boolean sameKind = privateKey.getAlgorithm().equals(publicKey.getAlgorithm())
                || (privateKey.getAlgorithm().equals("ECDSA") && publicKey.getAlgorithm().equals("EC"));
        if (!sameKind) {
            return false;
        }
        byte[] proof = "halite".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(privateKey);
        signer.update(proof);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(publicKey);
        verifier.update(proof);
        return verifier.verify(signature);
    }
}
