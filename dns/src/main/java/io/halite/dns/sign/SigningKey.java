package io.halite.dns.sign;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import org.xbill.DNS.CDNSKEYRecord;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The key of a zone, which signs everything in it and which the parent's DS record names (a combined signing key):
 * ECDSA P-256 with SHA-256, algorithm 13 (RFC 6605). Immutable.
 */
public final class SigningKey {
    /** Zone key and secure entry point (RFC 4034 section 2.1.1). */
    private static final int FLAGS = 257;
    private static final long DS_TTL = 3600;

    private final PublicKey publicKey;
    private final PrivateKey privateKey;
    private final Instant made;

    private SigningKey(PublicKey publicKey, PrivateKey privateKey, Instant made) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
        this.made = made;
    }

    /** A new key of this age. */
    public static SigningKey generate(Instant made) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new SigningKey(pair.getPublic(), pair.getPrivate(), made);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /**
     * A key from what {@link #publicPart} and {@link #privatePart} gave.
     *
     * @throws IllegalArgumentException when they are none
     */
    public static SigningKey of(byte[] publicPart, byte[] privatePart, Instant made) {
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new SigningKey(factory.generatePublic(new X509EncodedKeySpec(publicPart)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(privatePart)), made);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no signing key", e);
        }
    }

    byte[] publicPart() {
        return publicKey.getEncoded();
    }

    byte[] privatePart() {
        return privateKey.getEncoded();
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SigningKey key && key.publicKey.equals(publicKey);
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    /** The number that DS records and signatures call it by; two keys may share it. */
    public int tag() {
        return dnskey(Name.root, 0).getFootprint();
    }

    /** When it was made; a key that follows another takes over its age, by which serials rise. */
    public Instant made() {
        return made;
    }

    /** The key as the zone publishes it. */
    public DNSKEYRecord dnskey(Name apex, long ttl) {
        try {
            return new DNSKEYRecord(apex, DClass.IN, ttl, FLAGS, DNSKEYRecord.Protocol.DNSSEC,
                    DNSSEC.Algorithm.ECDSAP256SHA256, publicKey);
        } catch (DNSSECException e) {
            throw new IllegalStateException("dnsjava writes P-256 keys", e);
        }
    }

    /** What the parent publishes. */
    public DSRecord ds(Name apex, long ttl) {
        return new DSRecord(apex, DClass.IN, ttl, DNSSEC.Digest.SHA256, dnskey(apex, ttl));
    }

    /**
     * What the parent publishes, in master file notation.
     *
     * @throws IllegalArgumentException when the zone is no name
     */
    public String dsText(String zone) {
        try {
            return ds(Name.fromString(zone, Name.root), DS_TTL).toString();
        } catch (TextParseException e) {
            throw new IllegalArgumentException("no name: " + zone, e);
        }
    }

    /** What a parent that follows RFC 7344 should publish. */
    public CDSRecord cds(Name apex, long ttl) {
        return new CDSRecord(apex, DClass.IN, ttl, DNSSEC.Digest.SHA256, dnskey(apex, ttl));
    }

    /** The key for parents that make their DS themselves. */
    public CDNSKEYRecord cdnskey(Name apex, long ttl) {
        DNSKEYRecord key = dnskey(apex, ttl);
        return new CDNSKEYRecord(apex, DClass.IN, ttl, key.getFlags(), key.getProtocol(), key.getAlgorithm(),
                key.getKey());
    }
}
