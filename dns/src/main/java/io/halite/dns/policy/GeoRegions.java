package io.halite.dns.policy;

import io.halite.config.Zone.GeoMap;
import java.util.List;
import java.util.TreeSet;

/** The regions that a geo map can yield. */
public final class GeoRegions {
    private GeoRegions() {}

    /** Sorted, without doubles. */
    public static List<String> of(GeoMap map) {
        TreeSet<String> regions = new TreeSet<>(map.networks().values());
        regions.addAll(map.countries().values());
        regions.addAll(map.continents().values());
        regions.add(map.otherwise());
        return List.copyOf(regions);
    }
}
