package io.halite.dns.render;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** One thing for each zone of a table, found by any name in the zone; zones may lie within each other. */
final class ZoneMap<T> {
    private final Map<Name, T> things = new LinkedHashMap<>();

    void put(Name apex, T thing) {
        things.put(apex, thing);
    }

    /** In the order in which they were put. */
    Collection<T> all() {
        return things.values();
    }

    boolean isApex(Name name) {
        return things.containsKey(name);
    }

    /** That of the zone which a name is in; null for no zone. */
    @Nullable T holding(Name name) {
        return nearest(name, 0);
    }

    /** That of the zone which the name right above is in; null for no zone. */
    @Nullable T above(Name name) {
        return nearest(name, 1);
    }

    private @Nullable T nearest(Name name, int from) {
        for (int up = from; up < name.labels(); up++) {
            T thing = things.get(new Name(name, up));
            if (thing != null) {
                return thing;
            }
        }
        return null;
    }
}
