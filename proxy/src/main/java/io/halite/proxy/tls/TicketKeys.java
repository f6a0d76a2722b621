package io.halite.proxy.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of session tickets, new twice a day and the same on every node of a cluster: each derives them from the cluster's
 * secret and the time, so that a client resumes at any node. Safe for use by many threads.
 */
public final class TicketKeys {
    private static final String HMAC = "HmacSHA256";
    private static final long PERIOD_MILLIS = Duration.ofHours(12).toMillis();
    /** What OpenSSL wants: a name of 16 bytes, 32 to authenticate, 32 to encrypt. */
    private static final int SIZE = 80;

    private final byte[] secret;
    private final InstantSource clock;

    /** Keys that come of a secret of the cluster. */
    public TicketKeys(byte[] secret, InstantSource clock) {
        this.secret = secret.clone();
        this.clock = clock;
    }

    /** The period that it is now; its keys are new when it changes. */
    long period() {
        return clock.millis() / PERIOD_MILLIS;
    }

    /** The keys of a period. */
    byte[] keys(long period) {
        ByteBuffer keys = ByteBuffer.allocate(SIZE + 16);
        for (int part = 0; part < 3; part++) {
            keys.put(part("tls tickets " + period + " " + part));
        }
        byte[] result = new byte[SIZE];
        keys.get(0, result);
        return result;
    }

    private byte[] part(String purpose) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has " + HMAC, impossible);
        }
    }
}
