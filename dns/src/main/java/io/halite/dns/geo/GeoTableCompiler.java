package io.halite.dns.geo;

import io.halite.config.Cidr;
import io.halite.config.Zone.GeoMap;
import io.halite.dns.policy.GeoRegions;
import io.halite.dns.table.GeoTable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Compiles a geo map to a {@link GeoTable} whose regions stand in the order of {@link GeoRegions}. */
public final class GeoTableCompiler {
    private GeoTableCompiler() {}

    /** The map's networks over everybody else's region. */
    public static GeoTable compile(GeoMap map) {
        List<String> regions = GeoRegions.of(map);
        int otherwise = regions.indexOf(map.otherwise());
        RangePainter ipv4 = new RangePainter(otherwise);
        RangePainter ipv6 = new RangePainter(otherwise);
        map.networks().entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Cidr, String> network) -> network.getKey().prefix()))
                .forEach(network -> paint(network.getKey(), regions.indexOf(network.getValue()), ipv4, ipv6));
        return new GeoTable(regions, ipv4.ranges(), ipv6.ranges());
    }

    private static void paint(Cidr network, int region, RangePainter ipv4, RangePainter ipv6) {
        InetAddress address = InetAddress.ofLiteral(network.address());
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean family6 = address instanceof Inet6Address;
        long number = family6 ? bytes.getLong() : (long) bytes.getInt() << 32;
        int prefix = Math.min(network.prefix(), family6 ? 64 : 32);
        long mask = prefix == 0 ? 0 : -1L << (64 - prefix);
        (family6 ? ipv6 : ipv4).paint(number & mask, prefix, region);
    }
}
