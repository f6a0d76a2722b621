package io.halite.proxy.testing;

import io.halite.proxy.tls.KeySource;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test with the certificates that it signed, and the secrets that hold their keys. */
public final class Keyring implements KeySource {
    private static final char[] NO_PASSWORD = new char[0];

    private final AtomicLong serial = new AtomicLong(1);
    private final Identity authority;
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();

    /** A certificate and its key. */
    public record Identity(X509Certificate certificate, KeyPair keys) {
        /** The certificate in PEM. */
        public String pem() {
            return text(certificate);
        }

        /** The key in PEM. */
        public byte[] key() {
            return text(keys.getPrivate()).getBytes(StandardCharsets.US_ASCII);
        }

        private static String text(Object object) {
            StringWriter text = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
                writer.writeObject(object);
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
            return text.toString();
        }
    }

    /** A keyring with an authority and nothing else. */
    public Keyring() {
        KeyPair keys = pair("EC");
        X500Name name = new X500Name("CN=halite test authority");
        authority = new Identity(signed(builder(name, name, keys), keys, true), keys);
    }

    /** The one who signs. */
    public Identity authority() {
        return authority;
    }

    /** A certificate for DNS names or addresses, the first also its subject. */
    public Identity issue(String... names) {
        return issue(pair("EC"), names);
    }

    /** A certificate with an RSA key. */
    public Identity issueRsa(String... names) {
        return issue(pair("RSA"), names);
    }

    private Identity issue(KeyPair keys, String... names) {
        X509v3CertificateBuilder builder = builder(
                new X500Name("CN=halite test authority"), new X500Name("CN=" + names[0]), keys);
        try {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(Arrays.stream(names)
                    .map(name -> new GeneralName(
                            name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new)));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Identity(signed(builder, authority.keys(), false), keys);
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(issuer, BigInteger.valueOf(serial.getAndIncrement()),
                Date.from(now.minus(Duration.ofHours(1))), Date.from(now.plus(Duration.ofDays(30))), subject,
                keys.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair signer, boolean authority) {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Sets a secret. */
    public void set(String secret, byte[] key) {
        secrets.put(secret, key);
    }

    @Override
    public Optional<byte[]> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    /** Lines of the section `certificates` for one certificate, whose key is put into a secret of the same name. */
    public String served(String name, Identity identity) {
        set(name, identity.key());
        return "  " + name + ":\n" + pem(identity) + "    key: { secret: " + name + " }\n";
    }

    /** Lines of the section `certificates` for an authority. */
    public String trusted(String name) {
        return "  " + name + ":\n" + pem(authority);
    }

    private static String pem(Identity identity) {
        return "    certificate:\n      pem: |\n" + identity.pem().indent(8);
    }

    /** A context that believes the authority and shows an identity, if one is given. */
    public SSLContext context(Identity... shown) {
        try {
            KeyStore trust = store();
            trust.setCertificateEntry("authority", authority.certificate());
            TrustManagerFactory believes = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            believes.init(trust);
            KeyStore own = store();
            for (Identity identity : shown) {
                own.setKeyEntry("own", identity.keys().getPrivate(), NO_PASSWORD,
                        new X509Certificate[] {identity.certificate()});
            }
            KeyManagerFactory shows = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shows.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shows.getKeyManagers(), believes.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyStore store() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }
}
