package io.halite.dns.render;

import io.halite.dns.policy.NamePlan;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.table.Answer;
import io.halite.dns.table.ServedZone;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.SOARecord;

/**
 * The zones of the last table, whose names are taken over as they are where nothing about them changed: when health changes,
 * the cost of the next table is that of the names that follow it, however large the zone. Only zones that stand alone are
 * taken over, unsigned and without another one above or below that is served here too. Owned by the compiling thread.
 */
final class KeptZones {
    /** Nothing is taken over. */
    static final KeptZones NONE = new KeptZones();

    private final Map<String, Kept> zones = new HashMap<>();

    /**
     * A zone as it stands in a table.
     *
     * @param any what all its names answer to ANY
     * @param ids the numbers of answers that belong to no name
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Kept(ZonePlan plan, ZoneContent content, ServedZone served, Answer any, int[] ids) {

        /** Whether every name that is planned as before may be answered as before; the SOA is part of most answers. */
        private boolean fits(ZonePlan now, SOARecord soa) {
            return content.soa().equals(soa) && plan.zone().logEvery() == now.zone().logEvery();
        }
    }

    /** Forgets all but these. */
    void replace(List<Kept> by) {
        zones.clear();
        by.forEach(zone -> zones.put(zone.plan.apex(), zone));
    }

    /** What the last table holds of a zone; null for nothing. */
    @Nullable Kept get(String apex) {
        return zones.get(apex);
    }

    /** What the last table holds of a zone that is now planned like this; null when nothing of it may be taken over. */
    @Nullable Kept of(ZonePlan plan, SOARecord soa) {
        Kept kept = zones.get(plan.apex());
        return kept != null && kept.fits(plan, soa) ? kept : null;
    }

    /** The names that are planned otherwise than before; empty when there are others than before. */
    static Optional<Set<String>> changed(ZonePlan before, ZonePlan now) {
        if (before.names().size() != now.names().size()) {
            return Optional.empty();
        }
        Set<String> changed = new HashSet<>();
        Iterator<Map.Entry<String, NamePlan>> old = before.names().entrySet().iterator();
        for (Map.Entry<String, NamePlan> name : now.names().entrySet()) {
            Map.Entry<String, NamePlan> other = old.next();
            if (!other.getKey().equals(name.getKey())) {
                return Optional.empty();
            }
            if (!other.getValue().equals(name.getValue())) {
                changed.add(name.getKey());
            }
        }
        return Optional.of(changed);
    }

    /** The zones that have no other one above or below. */
    static Set<String> alone(Collection<ZonePlan> plans) {
        Set<String> all = new HashSet<>();
        plans.forEach(plan -> all.add(plan.apex()));
        Set<String> alone = new HashSet<>(all);
        for (String apex : all) {
            for (int dot = apex.indexOf('.'); dot >= 0; dot = apex.indexOf('.', dot + 1)) {
                String above = apex.substring(dot + 1);
                if (all.contains(above)) {
                    alone.remove(apex);
                    alone.remove(above);
                }
            }
        }
        return alone;
    }
}
