package io.halite.config.membership;

import io.halite.config.peer.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a joining node brings: which authority the cluster must show, so that nothing is told to an impostor, and the
 * secret by which it proves that it was invited. The secret itself is never sent. Written
 * {@code HAL1.<authority>.<id>.<secret>.<check>}. Immutable.
 */
public final class JoinToken {
    private static final String PREFIX = "HAL1";
    private static final int PIN_BYTES = 20;
    private static final int SECRET_BYTES = 20;
    private static final int ID_BYTES = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] pin;
    private final String id;
    private final byte[] secret;

    private JoinToken(byte[] pin, String id, byte[] secret) {
        this.pin = pin;
        this.id = id;
        this.secret = secret;
    }

    /** A new token of a cluster. */
    public static JoinToken create(X509Certificate authority) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(id);
        RANDOM.nextBytes(secret);
        return new JoinToken(pin(authority), Base32.encode(id), secret);
    }

    private static byte[] pin(X509Certificate authority) {
        return Arrays.copyOf(Pem.keyHash(authority), PIN_BYTES);
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException saying what is wrong with it, for people
     */
    public static JoinToken parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        if (parts.length != 5 || !parts[0].equals(PREFIX)) {
            throw new IllegalArgumentException("not a join token: one begins with " + PREFIX + ". and has five parts");
        }
        if (!parts[4].equals(check(parts[1] + "." + parts[2] + "." + parts[3]))) {
            throw new IllegalArgumentException("a character of the join token is missing or wrong: copy it again");
        }
        byte[] pin = Base32.decode(parts[1]);
        byte[] secret = Base32.decode(parts[3]);
        if (pin.length != PIN_BYTES || secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("not a join token of this version");
        }
        return new JoinToken(pin, parts[2], secret);
    }

    private static String check(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /** Its text, which is a secret. */
    public String text() {
        String middle = Base32.encode(pin) + "." + id + "." + Base32.encode(secret);
        return PREFIX + "." + middle + "." + check(middle);
    }

    /** Its public part. */
    public String id() {
        return id;
    }

    /** Whether this is the authority of the cluster that made it. */
    public boolean isOf(X509Certificate authority) {
        return MessageDigest.isEqual(pin, pin(authority));
    }

    /** What the cluster keeps, sealed, to check proofs. */
    byte[] verifier() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("halite join token\n".getBytes(StandardCharsets.US_ASCII));
            return digest.digest(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The proof that whoever says this knows the secret. */
    static byte[] proof(byte[] verifier, byte[] transcript) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(verifier, "HmacSHA256"));
            return mac.doFinal(transcript);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + ".***." + id + ".***";
    }
}
