package io.halite.dns.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Cidr;
import io.halite.config.Zone.GeoMap;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.Ranges;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions by country and continent out of a database file. */
class GeoDatabaseTest {
    @TempDir
    private Path dir = Path.of("");

    private final GeoTableCompiler compiler = new GeoTableCompiler();
    private final List<String> problems = new ArrayList<>();

    private static GeoMap map(Path file) {
        return new GeoMap(Map.of(new Cidr("10.9.0.0", 16), "lab"), file.toString(),
                new TreeMap<>(Map.of("DE", "eu-central", "FR", "eu-west")),
                new TreeMap<>(Map.of("EU", "eu", "NA", "us")), "rest");
    }

    private static String region(GeoTable table, String address) {
        InetAddress parsed = InetAddress.ofLiteral(address);
        ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress());
        boolean six = bytes.remaining() == 16;
        Ranges ranges = table.ranges(six);
        return table.regions().get(ranges.value(ranges.find(six ? bytes.getLong() : (long) bytes.getInt() << 32)));
    }

    private Path database(int recordSize) throws IOException {
        Path file = dir.resolve("country-" + recordSize + ".mmdb");
        Files.write(file, new MmdbBuilder(recordSize)
                .add("1.2.0.0", 20, "IT", "EU").add("1.2.3.0", 24, "DE", "EU").add("5.0.0.0", 8, "US", "NA")
                .add("10.0.0.0", 8, "FR", "EU").add("77.0.0.0", 9, "CN", "AS").add("2001:db8::", 32, "DE", "EU")
                .add("2001:db9::", 48, "CA", "NA").build());
        return file;
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32})
    void placesClientsByCountryThenContinentThenNobody(int recordSize) throws IOException {
        GeoTable table = compiler.compile(map(database(recordSize)), problems::add);
        assertEquals(List.of(), problems);
        assertEquals("eu-central", region(table, "1.2.3.4"));
        assertEquals("eu", region(table, "1.2.4.4"));
        assertEquals("us", region(table, "5.255.0.1"));
        assertEquals("eu-west", region(table, "10.1.2.3"));
        assertEquals("lab", region(table, "10.9.2.3"), "a network of the map goes before the database");
        assertEquals("rest", region(table, "77.1.1.1"));
        assertEquals("rest", region(table, "9.9.9.9"));
        assertEquals("eu-central", region(table, "2001:db8:1::1"));
        assertEquals("us", region(table, "2001:db9::1"));
        assertEquals("rest", region(table, "2001:db9:1::1"));
    }

    @Test
    void aDatabaseThatIsGoneOrDamagedLeavesTheNetworksAndIsTold() throws IOException {
        GeoTable none = compiler.compile(map(dir.resolve("none.mmdb")), problems::add);
        assertEquals("lab", region(none, "10.9.2.3"));
        assertEquals("rest", region(none, "1.2.3.4"));
        assertEquals(1, problems.size());
        Path text = dir.resolve("text.mmdb");
        Files.writeString(text, "this is no database");
        assertEquals("lab", region(compiler.compile(map(text), problems::add), "10.9.2.3"));
        assertTrue(problems.getLast().contains("not an MMDB file"), problems::toString);
    }

    @Test
    void aChangedFileIsReadAgainAndADamagedOneKeepsTheLastGood() throws IOException {
        Path file = database(24);
        GeoMap map = map(file);
        assertEquals("eu-central", region(compiler.compile(map, problems::add), "1.2.3.4"));
        Files.write(file, new MmdbBuilder(24).add("1.2.3.0", 24, "US", "NA").build());
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals("us", region(compiler.compile(map, problems::add), "1.2.3.4"));
        Files.writeString(file, "broken");
        assertEquals("us", region(compiler.compile(map, problems::add), "1.2.3.4"));
        assertEquals(1, problems.size());
    }

    @Test
    void damagedFilesAreRefusedAndNeverCrash() throws IOException {
        byte[] good = Files.readAllBytes(database(28));
        Random random = new Random(5);
        Path file = dir.resolve("damaged.mmdb");
        for (int i = 0; i < 500; i++) {
            byte[] damaged = good.clone();
            for (int n = random.nextInt(8); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            Files.setLastModifiedTime(file, FileTime.fromMillis(i * 1000L));
            compiler.compile(map(file), problem -> { });
        }
    }
}
