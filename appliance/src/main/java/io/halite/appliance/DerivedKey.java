package io.halite.appliance;

import io.halite.config.peer.ClusterKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys that every node of a cluster derives alike from the cluster's key, one for each purpose. Stateless. */
final class DerivedKey {
    private static final String HMAC = "HmacSHA256";

    private DerivedKey() {}

    static byte[] of(ClusterKey key, String purpose) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.bytes(), HMAC));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }
}
