package io.halite.dns.render;

import io.halite.dns.table.NameNode;
import io.halite.dns.table.ServedZone;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xbill.DNS.Name;

/**
 * The zones of one table. Those that could not be signed in time stay as they were in the table before, so that a large
 * zone that has everything to sign holds up no other.
 */
final class RenderedZones {
    static final RenderedZones NONE = new RenderedZones(new IdSource());

    private final SortedMap<String, One> zones = new TreeMap<>();
    private final IdSource ids;
    private int answers;

    /** @param ids which number the answers of these zones */
    RenderedZones(IdSource ids) {
        this.ids = ids;
    }

    /**
     * A zone with what is answered from it.
     *
     * @param isSigned whether no signature is missing
     */
    record One(ZoneContent content, ServedZone served, List<NameNode> nodes, boolean isSigned) {
        One {
            nodes = List.copyOf(nodes);
        }

        String name() {
            return content.apex().toString(true);
        }
    }

    void add(One zone) {
        zones.put(zone.name(), zone);
    }

    /**
     * Puts the zones of the table before in the place of those that lack signatures; true when that was not needed.
     * Zones above them stay, too: they would name a key that nothing is signed with yet.
     */
    boolean keepFrom(RenderedZones before) {
        answers = ids.limit();
        Set<String> kept = new HashSet<>();
        for (One zone : zones.values()) {
            for (int up = 0; !zone.isSigned && up < zone.content.apex().labels(); up++) {
                kept.add(new Name(zone.content.apex(), up).toString(true));
            }
        }
        kept.retainAll(zones.keySet());
        for (String name : kept) {
            One old = before.zones.get(name);
            if (old == null) {
                zones.remove(name);
            } else {
                zones.put(name, old);
                // Its answers have numbers of the other table. That some are given twice costs a turn, no more.
                answers = Math.max(answers, before.answers);
            }
        }
        return kept.isEmpty();
    }

    /** Above the number of every answer. */
    int answers() {
        return answers;
    }

    List<ServedZone> served() {
        return zones.values().stream().map(One::served).toList();
    }

    List<NameNode> nodes() {
        return zones.values().stream().flatMap(zone -> zone.nodes.stream()).toList();
    }

    SortedMap<String, ZoneContent> contents() {
        SortedMap<String, ZoneContent> contents = new TreeMap<>();
        zones.values().forEach(zone -> contents.put(zone.name(), zone.content));
        return contents;
    }
}
