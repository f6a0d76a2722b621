package io.halite.dns.render;

import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.render.KeptZones.Kept;
import io.halite.dns.sign.ZoneSigner;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The zones of one table as records, each with a serial, keys where it is signed, and a delegation to every zone below it
 * that is served here too. A zone that cannot be served is left out and told.
 */
final class ReadZones {
    private final CurrentKeys keys;
    private final Serials serials;
    private final KeptZones kept;
    private final List<Quarantined> quarantined;
    private final ZoneMap<One> zones = new ZoneMap<>();

    /** Those of plans for which a table is begun. */
    ReadZones(
            List<ZonePlan> plans, CurrentKeys keys, Serials serials, KeptZones kept, List<Quarantined> quarantined) {
        this.keys = keys;
        this.serials = serials;
        this.kept = kept;
        this.quarantined = quarantined;
        List<Object> published = keys.published(plans);
        Set<String> alone = KeptZones.alone(plans);
        plans.forEach(plan -> read(plan, published, alone.contains(plan.apex())));
        zones.all().forEach(this::delegate);
        zones.all().forEach(zone -> zone.content.finish());
    }

    /**
     * A zone that was read.
     *
     * @param before what its unchanged names are taken over from; null when it is made anew
     * @param mayBeKept whether the next table may take its names over
     */
    record One(ZonePlan plan, ZoneContent content, @Nullable Kept before, boolean mayBeKept) {}

    private void read(ZonePlan plan, List<Object> published, boolean isAlone) {
        Optional<String> whyUnknown = keys.whyUnknown(plan);
        if (whyUnknown.isPresent()) {
            quarantined.add(new Quarantined("zone/" + plan.apex(), "SIGNING_KEY_UNKNOWN", whyUnknown.get()
                    + "; unsigned answers would be taken for forged, so the zone is not served"));
            return;
        }
        int faults = quarantined.size();
        boolean standsAlone = isAlone && !plan.zone().dnssec();
        long serial = serials.of(plan, keys.serialTurns(plan), published);
        ZoneContent content = new ContentReader(quarantined).read(plan, serial, standsAlone ? kept : KeptZones.NONE);
        if (content == null) {
            return;
        }
        ZoneSigner signer = keys.signer(plan, content);
        if (signer != null) {
            content.signBy(signer);
        }
        zones.put(content.apex(), new One(plan, content, content.isTakenOver() ? kept.get(plan.apex()) : null,
                standsAlone && quarantined.size() == faults));
    }

    private void delegate(One zone) {
        One above = zones.above(zone.content.apex());
        if (above != null) {
            above.content.delegateTo(zone.content);
        }
    }

    Collection<One> all() {
        return zones.all();
    }

    /** Their records by any name. */
    ZoneMap<ZoneContent> contents() {
        ZoneMap<ZoneContent> contents = new ZoneMap<>();
        zones.all().forEach(zone -> contents.put(zone.content.apex(), zone.content));
        return contents;
    }

    /** Numbers for their answers; what is taken over keeps its own. */
    IdSource ids() {
        IdSource ids = new IdSource();
        for (One zone : zones.all()) {
            if (zone.before != null) {
                ids.keep(zone.before.ids());
                zone.content.names().stream().map(NameContent::rendering).filter(Objects::nonNull)
                        .forEach(rendering -> ids.keep(rendering.ids()));
            }
        }
        return ids;
    }
}
