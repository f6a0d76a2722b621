package io.halite.dns.testing;

import io.halite.dns.sign.KeyRing;
import io.halite.dns.sign.SigningKey;
import io.halite.dns.sign.ZoneKeys;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A key for every zone, made when first asked for and never on disk. */
public final class FixedKeys implements ZoneKeys {
    private final Instant made;
    private final Map<String, SigningKey> keys = new ConcurrentHashMap<>();

    /** Keys made at this time. */
    public FixedKeys(Instant made) {
        this.made = made;
    }

    /** The key of a zone. */
    public SigningKey key(String zone) {
        return keys.computeIfAbsent(zone, name -> SigningKey.generate(made));
    }

    @Override
    public ZoneKey of(String zone) {
        return new ZoneKey.Here(KeyRing.of(key(zone)));
    }
}
