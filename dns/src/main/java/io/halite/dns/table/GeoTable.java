package io.halite.dns.table;

import io.halite.dns.wire.Client;
import java.util.List;

/**
 * A map from client networks to regions as two lists of disjoint, sorted ranges, one for each family. IPv6 is told
 * apart by its upper 64 bits, because smaller networks have one place.
 */
public final class GeoTable {
    /** A map without regions. */
    public static final GeoTable NONE = new GeoTable(List.of(), Ranges.ALL_FIRST, Ranges.ALL_FIRST);

    private final List<String> regions;
    private final Ranges ipv4;
    private final Ranges ipv6;

    /**
     * @param regions names by index
     * @param ipv4 ranges of addresses shifted to the top of 64 bits
     * @param ipv6 ranges of the upper 64 bits
     */
    public GeoTable(List<String> regions, Ranges ipv4, Ranges ipv6) {
        this.regions = List.copyOf(regions);
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    public List<String> regions() {
        return regions;
    }

    /** The region of a client. */
    String region(Client client) {
        Ranges ranges = ranges(client.isIpv6());
        return regions.get(ranges.value(ranges.find(client.high())));
    }

    /** The ranges of a family. */
    public Ranges ranges(boolean family6) {
        return family6 ? ipv6 : ipv4;
    }
}
