package io.halite.config.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that every node of a cluster holds on its own disk and that seals secrets wherever they are stored or sent:
 * in the Raft log, in the state, in a backup. AES-256-GCM. Immutable.
 */
public final class ClusterKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private ClusterKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a cluster key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        this.key = key.clone();
    }

    public static ClusterKey create() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new ClusterKey(key);
    }

    /** The key of these bytes. */
    public static ClusterKey of(byte[] key) {
        return new ClusterKey(key);
    }

    /** Its bytes, for the node's own disk and for a joining node. */
    public byte[] bytes() {
        return key.clone();
    }

    /**
     * Seals a secret.
     *
     * @param purpose what it is for; it opens for nothing else
     */
    public String seal(String secret, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, secret.getBytes(StandardCharsets.UTF_8), purpose);
        byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, both, NONCE_BYTES, sealed.length);
        return Base64.getEncoder().encodeToString(both);
    }

    /**
     * Opens a sealed secret.
     *
     * @throws IllegalArgumentException when it was sealed with another key, for another purpose, or is damaged
     */
    public String open(String sealed, String purpose) {
        byte[] both = Base64.getDecoder().decode(sealed);
        if (both.length < NONCE_BYTES) {
            throw new IllegalArgumentException("no sealed secret for " + purpose);
        }
        byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
        byte[] secret = crypt(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(both, NONCE_BYTES, both.length), purpose);
        return new String(secret, StandardCharsets.UTF_8);
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] text, String purpose) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the sealed secret for " + purpose + " does not open with this cluster's key", e);
        }
    }

    @Override
    public String toString() {
        return "ClusterKey[***]";
    }
}
