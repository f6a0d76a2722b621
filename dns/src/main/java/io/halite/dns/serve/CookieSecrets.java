package io.halite.dns.serve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The keys of server cookies: one to make them with, and the one before, which is still accepted. All nodes share them,
 * because clients reach any node at one address.
 */
public record CookieSecrets(Key current, Key previous) {

    /** Sixteen secret bytes as SipHash reads them. */
    public record Key(long high, long low) {

        /** From sixteen bytes. */
        public static Key of(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return new Key(buffer.getLong(), buffer.getLong());
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** Secrets of one node alone, until the cluster has some. */
    public static CookieSecrets random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        Key key = Key.of(bytes);
        return new CookieSecrets(key, key);
    }
}
