package io.halite.dns.geo;

import io.halite.config.Cidr;
import io.halite.config.Zone.GeoMap;
import io.halite.dns.policy.GeoRegions;
import io.halite.dns.table.GeoTable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles geo maps to {@link GeoTable}s whose regions stand in the order of {@link GeoRegions}. A database is read
 * again only when its file changed; while it cannot be read, the networks of the map serve alone. Owned by the
 * compiling thread.
 */
public final class GeoTableCompiler {
    private final Map<GeoMap, Compiled> compiled = new HashMap<>();

    /** A table and the state of the file it was made from. */
    private record Compiled(GeoTable table, @Nullable FileTime modified, long size) {}

    /**
     * The table of a map.
     *
     * @param problem told when the database cannot be read
     */
    public GeoTable compile(GeoMap map, Consumer<String> problem) {
        FileTime modified = null;
        long size = 0;
        String database = map.database();
        if (database != null) {
            try {
                modified = Files.getLastModifiedTime(Path.of(database));
                size = Files.size(Path.of(database));
            } catch (IOException e) {
                problem.accept("the geo database " + database + " cannot be read: " + e.getMessage());
            }
        }
        Compiled known = compiled.get(map);
        boolean isFresh = known != null && known.size == size
                && (modified == null ? known.modified == null : modified.equals(known.modified));
        if (known != null && isFresh) {
            return known.table;
        }
        try {
            GeoTable table = build(map, modified == null ? null : database);
            compiled.put(map, new Compiled(table, modified, size));
            return table;
        } catch (IOException e) {
            problem.accept("the geo database " + database + " cannot be used: " + e.getMessage());
            return known == null ? networksAlone(map) : known.table;
        }
    }

    /** Forgets maps that are no longer used. */
    public void retain(Collection<GeoMap> maps) {
        compiled.keySet().retainAll(maps);
    }

    private static GeoTable networksAlone(GeoMap map) {
        try {
            return build(map, null);
        } catch (IOException e) {
            throw new IllegalStateException("no file was read", e);
        }
    }

    private static GeoTable build(GeoMap map, @Nullable String database) throws IOException {
        List<String> regions = GeoRegions.of(map);
        int otherwise = regions.indexOf(map.otherwise());
        RangePainter ipv4 = new RangePainter(otherwise);
        RangePainter ipv6 = new RangePainter(otherwise);
        if (database != null) {
            MmdbFile file = MmdbFile.read(Path.of(database));
            paint(file, map, regions, ipv4, false);
            paint(file, map, regions, ipv6, true);
        }
        map.networks().entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Cidr, String> network) -> network.getKey().prefix()))
                .forEach(network -> paint(network.getKey(), regions.indexOf(network.getValue()), ipv4, ipv6));
        return new GeoTable(regions, ipv4.ranges(), ipv6.ranges());
    }

    private static void paint(MmdbFile file, GeoMap map, List<String> regions, RangePainter painter, boolean family6)
            throws IOException {
        int otherwise = regions.indexOf(map.otherwise());
        Map<Integer, Integer> byValue = new HashMap<>(Map.of(-1, otherwise));
        file.networks(family6, (first, value) -> {
            if (!byValue.containsKey(value)) {
                byValue.put(value, regions.indexOf(region(file, map, value)));
            }
            painter.append(first, byValue.getOrDefault(value, otherwise));
        });
    }

    private static String region(MmdbFile file, GeoMap map, int value) throws IOException {
        String country = file.text(value, "country", "iso_code");
        String continent = file.text(value, "continent", "code");
        String byContinent = map.continents().getOrDefault(continent, map.otherwise());
        return map.countries().getOrDefault(country, byContinent);
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
