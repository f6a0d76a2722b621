package io.halite.dns.serve;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The cookie secrets that all nodes share, as a record of the cluster: {@code seconds current previous}, the secrets in
 * hexadecimal. The leader makes the first and rolls them; everybody reads. Used by one thread.
 */
public final class ClusterCookies {
    /** The key of the record. */
    public static final String KEY = "dns/cookies";

    private static final Duration LIFETIME = Duration.ofDays(1);

    private final ConfigStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** Keeps the secrets in this store. */
    public ClusterCookies(ConfigStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The secrets of the moment, after the leader had a chance to make or roll them; to be called now and then. */
    public Optional<CookieSecrets> current() {
        if (store.leadership().leading()) {
            roll();
        }
        return store.system(KEY).flatMap(ClusterCookies::parse);
    }

    private void roll() {
        Optional<String> record = store.system(KEY).filter(text -> parse(text).isPresent());
        Instant now = clock.instant();
        boolean isFresh = record.isPresent()
                && madeAt(record.get()).plus(LIFETIME).isAfter(now) && !madeAt(record.get()).isAfter(now.plus(LIFETIME));
        if (isFresh) {
            return;
        }
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        String next = HexFormat.of().formatHex(secret);
        String before = record.map(text -> fields(text).get(1)).orElse(next);
        Origin origin = new Origin("system", "cookie secret rolled", now, UUID.randomUUID().toString());
        store.propose(new Proposal.PutSystem(KEY, now.getEpochSecond() + " " + next + " " + before, false, origin));
    }

    private static List<String> fields(String record) {
        return List.of(record.split(" ", 3));
    }

    private static Instant madeAt(String record) {
        return Instant.ofEpochSecond(Long.parseLong(fields(record).getFirst()));
    }

    private static Optional<CookieSecrets> parse(String record) {
        List<String> fields = fields(record);
        boolean isSound = fields.size() == 3 && fields.get(0).matches("\\d{1,12}")
                && fields.get(1).matches("[0-9a-f]{32}") && fields.get(2).matches("[0-9a-f]{32}");
        return isSound ? Optional.of(new CookieSecrets(key(fields.get(1)), key(fields.get(2)))) : Optional.empty();
    }

    private static CookieSecrets.Key key(String hex) {
        return CookieSecrets.Key.of(HexFormat.of().parseHex(hex));
    }
}
