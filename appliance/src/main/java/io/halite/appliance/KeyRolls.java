package io.halite.appliance;

import io.halite.admin.node.DnsExplainer.ParentServer;
import io.halite.admin.node.DnsKeys;
import io.halite.admin.secret.SecretVault;
import io.halite.config.store.Origin;
import io.halite.dns.Delegation.KeyChange;
import io.halite.dns.Delegation.Verdict;
import io.halite.dns.sign.ClusterKeys;
import io.halite.dns.sign.KeyRing;
import io.halite.dns.sign.SigningKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Replaces signing keys, which are secrets of the cluster. Safe for use by many threads. */
final class KeyRolls implements DnsKeys {
    /** Keys are remembered for an hour, and so are answers at most, but for static records that say more. */
    private static final Duration REMEMBERED = Duration.ofHours(1);
    /** Until the last node works by a change. */
    private static final Duration SPREAD = Duration.ofMinutes(5);
    /** For DS records nobody was asked about; those of large zones live for a day. */
    private static final Duration UNASKED = Duration.ofDays(2);

    private final LocalDns dns;
    private final SecretVault secrets;
    private final InstantSource clock;
    /** How long the zone above lets its last answer be remembered, by zone. */
    private final Map<String, Duration> told = new ConcurrentHashMap<>();

    KeyRolls(LocalDns dns, SecretVault secrets, InstantSource clock) {
        this.dns = dns;
        this.secrets = secrets;
        this.clock = clock;
    }

    @Override
    public List<Key> keys(String zone) {
        return ring(name(zone)).map(ring -> keys(zone, ring, clock.instant())).orElse(List.of());
    }

    private static List<Key> keys(String zone, KeyRing ring, Instant now) {
        List<SigningKey> published = ring.published(now);
        SigningKey signing = ring.signing(now);
        return ring.keys().stream().filter(held -> published.contains(held.key()))
                .map(held -> new Key(held.key().tag(), held.key().equals(signing), held.signs(),
                        held.leaves().equals(Instant.MAX) ? null : held.leaves(), held.key().dsText(zone))).toList();
    }

    private static String name(String zone) {
        String lower = zone.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private Optional<KeyRing> ring(String zone) {
        try {
            return secrets.open(ClusterKeys.PREFIX + zone)
                    .map(bytes -> KeyRing.of(new String(bytes, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private KeyRing needed(String zone) {
        return ring(zone).orElseThrow(() -> new IllegalStateException("zone " + zone + " has no signing key"));
    }

    @Override
    public Step begin(String zone, @Nullable Duration wait, Origin origin) {
        KeyRing ring = needed(name(zone));
        Instant now = now();
        if (ring.published(now).size() > 1) {
            throw new IllegalStateException("the signing key of zone " + zone + " is being replaced already");
        }
        Instant signs = now.plus(wait == null ? REMEMBERED.plus(SPREAD) : wait);
        return put(name(zone), ring.joinedBy(SigningKey.generate(ring.since()), signs, now), now, origin);
    }

    @Override
    public Step finish(String zone, @Nullable Duration wait, Origin origin) {
        KeyRing ring = needed(name(zone));
        Instant now = now();
        if (ring.published(now).size() < 2) {
            throw new IllegalStateException("zone " + zone + " has one signing key, and no other that could leave");
        }
        if (!ring.signing(now).equals(ring.keys().getLast().key())) {
            throw new IllegalStateException("the new signing key of zone " + zone + " does not sign before "
                    + ring.keys().getLast().signs());
        }
        Duration stays = wait != null ? wait
                : Optional.ofNullable(told.get(name(zone))).map(ds -> longer(ds, REMEMBERED).plus(SPREAD)).orElse(UNASKED);
        return put(name(zone), ring.leftBy(now.plus(stays)), now, origin);
    }

    @Override
    public Step cancel(String zone, @Nullable Duration wait, Origin origin) {
        KeyRing ring = needed(name(zone));
        Instant now = now();
        if (ring.published(now).size() < 2) {
            throw new IllegalStateException("zone " + zone + " has one signing key, which nothing replaces");
        }
        if (keys(zone, ring, now).stream().anyMatch(key -> key.leaves() != null)) {
            throw new IllegalStateException("a signing key of zone " + zone + " is leaving already");
        }
        Duration stays = wait == null ? REMEMBERED.plus(SPREAD) : wait;
        return put(name(zone), ring.withdrawn(now.plus(stays), now), now, origin);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Step put(String zone, KeyRing ring, Instant now, Origin origin) {
        Step step = new Step(secrets.put(ClusterKeys.PREFIX + zone, ring.text(), origin), keys(zone, ring, now));
        dns.hurry();
        return step;
    }

    @Override
    public Optional<List<ParentServer>> askParent(String zone, List<InetSocketAddress> servers) throws IOException {
        Optional<KeyChange> change = dns.responder().checkKeyChange(zone, servers);
        change.ifPresent(found -> told.put(name(zone), found.remembered()));
        return change.map(found -> servers(found.servers()));
    }

    @Override
    public Optional<List<ParentServer>> askParentForOld(String zone, List<InetSocketAddress> servers) throws IOException {
        return dns.responder().checkKeyReturn(zone, servers).map(KeyRolls::servers);
    }

    private static List<ParentServer> servers(List<Verdict> verdicts) {
        return verdicts.stream().map(one -> new ParentServer(one.server(), one.problems())).toList();
    }
}
