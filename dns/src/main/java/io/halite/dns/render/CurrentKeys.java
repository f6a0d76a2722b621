package io.halite.dns.render;

import io.halite.dns.policy.ZonePlan;
import io.halite.dns.sign.KeyRing;
import io.halite.dns.sign.SignatureBook;
import io.halite.dns.sign.ZoneKeys;
import io.halite.dns.sign.ZoneKeys.ZoneKey;
import io.halite.dns.sign.ZoneSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** The keys of zones at the time of one table; remembers when what it told will be otherwise. */
final class CurrentKeys {
    /** Well below the time for which signatures are good beyond their renewal. */
    private static final Duration SERIAL_TURN = Duration.ofDays(3);

    private final ZoneKeys keys;
    private final SignatureBook signatures;
    private final Instant now;
    private final Map<String, ZoneKey> known = new HashMap<>();
    private long nextChange = Long.MAX_VALUE;

    CurrentKeys(ZoneKeys keys, SignatureBook signatures, Instant now) {
        this.keys = keys;
        this.signatures = signatures;
        this.now = now;
    }

    /** In how many nanoseconds a key or a serial takes its turn; {@link Long#MAX_VALUE} for never. */
    long nextChange() {
        return nextChange;
    }

    /** Asks once, so that all of a table agrees on it. */
    private ZoneKey of(String apex) {
        return known.computeIfAbsent(apex, keys::of);
    }

    /** Why a zone cannot be signed that must be; empty when all is well. */
    Optional<String> whyUnknown(ZonePlan plan) {
        return plan.zone().dnssec() && of(plan.apex()) instanceof ZoneKey.Unknown(String reason)
                ? Optional.of(reason) : Optional.empty();
    }

    /** What signs a zone; null when nothing does. */
    @Nullable ZoneSigner signer(ZonePlan plan, ZoneContent content) {
        if (!plan.zone().dnssec() || !(of(plan.apex()) instanceof ZoneKey.Here(KeyRing ring))) {
            return null;
        }
        nextChange = Math.min(nextChange, ring.nanosToChange(now));
        return new ZoneSigner(signatures, ring, now, content.apex(), content.soa().getTTL());
    }

    /**
     * How often a zone's serial rose for its signatures alone. Secondaries fetch a zone when its serial rises: so it does,
     * before the signatures of their copy expire.
     */
    long serialTurns(ZonePlan plan) {
        if (!(of(plan.apex()) instanceof ZoneKey.Here(KeyRing ring))) {
            return 0;
        }
        Duration age = Duration.between(ring.since(), now);
        if (age.isNegative()) {
            return 0;
        }
        nextChange = Math.min(nextChange, SERIAL_TURN.toNanos() - age.toNanos() % SERIAL_TURN.toNanos());
        return age.dividedBy(SERIAL_TURN);
    }

    /** What is published of the keys of zones, to be told from what it was before. */
    List<Object> published(List<ZonePlan> plans) {
        return plans.stream().<Object>map(plan ->
                List.of(plan.apex(), plan.nameservers(), plan.zone().dnssec(), published(plan.apex()))).toList();
    }

    private String published(String apex) {
        return of(apex) instanceof ZoneKey.Here(KeyRing ring)
                ? Stream.concat(Stream.of(ring.signing(now)), ring.published(now).stream())
                        .map(key -> key.dnskey(Name.root, 0).rdataToString()).collect(Collectors.joining(" ")) : "";
    }
}
