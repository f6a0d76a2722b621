package io.halite.config.peer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of one cluster, made when the cluster is. It signs the certificates of nodes and nothing
 * else; nobody outside the cluster is asked to trust it but clients that hold {@code ca.pem}. Immutable.
 */
public final class ClusterAuthority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** How long a node's certificate holds; renewed when two thirds are over. */
    public static final Duration NODE_LIFE = Duration.ofDays(90);
    /** Clocks of a cluster may differ; a certificate counts from this much earlier. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private ClusterAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** Makes the authority of a new cluster. */
    public static ClusterAuthority create(String clusterId, Instant now) {
        KeyPair pair = Pem.newKeyPair();
        X500Principal name = new X500Principal("CN=Halite cluster " + clusterId);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(),
                Date.from(now.minus(CLOCK_TOLERANCE)), Date.from(now.plus(AUTHORITY_LIFE)), name, pair.getPublic());
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    extensions.createSubjectKeyIdentifier(pair.getPublic()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("building the authority's certificate failed", e);
        }
        return new ClusterAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
    }

    /** The authority of these PEM texts. */
    public static ClusterAuthority of(String certificatePem, String keyPem) {
        return new ClusterAuthority(Pem.certificates(certificatePem).getFirst(), Pem.privateKey(keyPem));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String certificatePem() {
        return Pem.text(List.of(certificate));
    }

    /** The private key, to be kept sealed. */
    public String keyPem() {
        return Pem.text(key);
    }

    /**
     * Signs the certificate of a node.
     *
     * @param names the node's id, its name and everything it is dialled by: host names and addresses
     */
    public X509Certificate sign(PublicKey nodeKey, String nodeId, Set<String> names, Instant now) {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(certificate, serial(),
                Date.from(now.minus(CLOCK_TOLERANCE)), Date.from(now.plus(NODE_LIFE)),
                new X500Principal("CN=" + nodeId), nodeKey);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                    new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
            builder.addExtension(Extension.subjectAlternativeName, false, alternatives(nodeId, names));
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    extensions.createAuthorityKeyIdentifier(certificate));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("building a node's certificate failed", e);
        }
        return sign(builder, key);
    }

    /** The authority's word for a statement, to be told to others. */
    public String attest(String statement) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(key);
            signature.update(statement.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing a statement failed", e);
        }
    }

    /** Whether this is the word of an authority for a statement. */
    public static boolean isAttested(X509Certificate authority, String statement, String word) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initVerify(authority.getPublicKey());
            signature.update(statement.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(word));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static GeneralNames alternatives(String nodeId, Set<String> names) {
        List<GeneralName> alternatives = new ArrayList<>();
        alternatives.add(new GeneralName(GeneralName.dNSName, nodeId));
        for (String name : names) {
            boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
            alternatives.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        return new GeneralNames(alternatives.toArray(GeneralName[]::new));
    }

    private static BigInteger serial() {
        return new BigInteger(127, RANDOM).setBit(126);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key) {
        try {
            ContentSigner signer = new JcaContentSignerBuilder(SIGNATURE).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("signing a certificate failed", e);
        }
    }
}
