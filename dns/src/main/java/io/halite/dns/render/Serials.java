package io.halite.dns.render;

import io.halite.config.Revision;
import io.halite.config.Zone;
import io.halite.dns.policy.NamePlan;
import io.halite.dns.policy.ZonePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/**
 * The serials of zones. That of a zone which nobody copies is the revision, the same on every node. A zone that is copied
 * changes with health too, and its copies follow only a serial that rises (RFC 1982), on every node and across restarts:
 * it is the time of the last change in seconds, rounded down to {@link #STEP}, so that nodes which see a change at nearly
 * the same moment give it the same number, and secondaries are told at most once in each step. Owned by the compiling
 * thread.
 */
final class Serials {
    static final Duration STEP = Duration.ofSeconds(5);

    private final Map<String, Given> given = new HashMap<>();
    private Revision revision = Revision.ZERO;
    private Instant now = Instant.EPOCH;
    private long pending;

    /** What a zone held when it got its serial. */
    private record Given(long serial, List<Object> content) {}

    /** Begins a table. */
    void begin(Revision of, Instant at, List<ZonePlan> plans) {
        revision = of;
        now = at;
        pending = Long.MAX_VALUE;
        given.keySet().retainAll(plans.stream().map(ZonePlan::apex).toList());
    }

    /** In how many nanoseconds a zone may get the serial that its content already deserves. */
    long nextChange() {
        return pending;
    }

    /**
     * The serial of a zone.
     *
     * @param turns how often its signatures went stale so far
     * @param keys what it is signed with, and the zones below it that are served here too
     */
    long of(ZonePlan plan, long turns, List<Object> keys) {
        Zone.Transfer transfer = plan.zone().transfer();
        if (transfer == null) {
            given.remove(plan.apex());
            return revision.number() + turns;
        }
        List<Object> content = content(plan, turns, keys);
        Given before = given.get(plan.apex());
        if (before != null && before.content().equals(content)) {
            return before.serial();
        }
        long step = STEP.toSeconds();
        long serial = now.getEpochSecond() / step * step;
        if (before != null && serial == before.serial()) {
            pending = Math.min(pending, TimeUnit.SECONDS.toNanos(serial + step) - sinceEpoch(now));
            return serial;
        }
        if (before != null && serial < before.serial()) {
            // The clock was set back.
            serial = before.serial() + 1;
        }
        given.put(plan.apex(), new Given(serial, content));
        return serial;
    }

    private static long sinceEpoch(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private static List<Object> content(ZonePlan plan, long turns, List<Object> keys) {
        List<Object> content = new ArrayList<>(List.of(plan.nameservers(), plan.zone().soa(), turns, keys));
        plan.names().forEach((name, planned) -> content.add(List.of(name, planned.records(), planned.ttl(),
                balanced(name, planned))));
        return content;
    }

    /** Records are equal whatever their TTL, which counts too. */
    private static List<Object> balanced(String name, NamePlan planned) {
        if (planned.decision() == null) {
            return List.of();
        }
        try {
            List<List<Record>> sets = AddressItem.sets(Name.fromString(name + "."), planned.decision());
            return List.of(sets, planned.decision().ttl());
        } catch (TextParseException e) {
            return List.of();
        }
    }
}
