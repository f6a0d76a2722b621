package io.halite.dns.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.halite.config.Cidr;
import io.halite.config.Zone.GeoMap;
import io.halite.dns.geo.GeoTableCompiler;
import io.halite.dns.testing.Oracle;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Address;

/** Longest prefix and shortest scope against trying everything. */
class RangesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsTheLongestPrefixAndTheShortestScope(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Cidr, String> networks = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            networks.put(network(random, random.nextInt(4) == 0), "r" + random.nextInt(5));
        }
        GeoMap map = new GeoMap(networks, null, Collections.emptySortedMap(), Collections.emptySortedMap(), "rest");
        GeoTable table = new GeoTableCompiler().compile(map, problem -> { });
        for (int i = 0; i < 1_000; i++) {
            boolean six = random.nextInt(4) == 0;
            InetAddress address = address(random, six);
            long number = number(address);
            Ranges ranges = table.ranges(six);
            int range = ranges.find(number);
            String region = table.regions().get(ranges.value(range));
            assertEquals(Oracle.region(map, address), region, () -> "seed " + seed + " " + address);
            checkScope(ranges, range, number, six ? 64 : 32);
        }
    }

    /** All of the prefix lies in one range, and one bit less would not. */
    private static void checkScope(Ranges ranges, int range, long number, int width) {
        int scope = ranges.scope(range, number);
        long low = scope == 0 ? 0 : number & (-1L << (64 - scope));
        long high = scope == 0 ? -1L : low | ~(-1L << (64 - scope));
        assertEquals(range, ranges.find(low));
        assertEquals(range, ranges.find(width == 32 ? high & (-1L << 32) : high));
        if (scope > 0) {
            long mask = scope == 1 ? 0 : -1L << (65 - scope);
            long wideLow = number & mask;
            long wideHigh = wideLow | ~mask;
            boolean wholly = ranges.find(wideLow) == range && ranges.find(wideHigh) == range;
            assertNotEquals(true, wholly, "a shorter scope would do");
        }
    }

    private static Cidr network(Random random, boolean six) throws Exception {
        int prefix = six ? 8 + random.nextInt(57) : random.nextInt(33);
        return new Cidr(Address.truncate(address(random, six), prefix).getHostAddress(), prefix);
    }

    private static InetAddress address(Random random, boolean six) throws Exception {
        byte[] bytes = new byte[six ? 16 : 4];
        random.nextBytes(bytes);
        bytes[0] = (byte) (six ? 0x20 : 10 + random.nextInt(3));
        bytes[1] = (byte) random.nextInt(4);
        return InetAddress.getByAddress(bytes);
    }

    private static long number(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? (long) bytes.getInt() << 32 : bytes.getLong();
    }
}
