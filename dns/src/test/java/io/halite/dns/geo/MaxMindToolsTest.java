package io.halite.dns.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone.GeoMap;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.Ranges;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that MaxMind's own writer makes are read as MaxMind's own reader reads them. */
@Tag("peers")
class MaxMindToolsTest {
    /** Reads networks and countries from its input; the values are laid out as in a country database, and of all types. */
    private static final String WRITER = """
            use strict; use MaxMind::DB::Writer::Tree;
            my %type = (continent => 'map', country => 'map', names => 'map', code => 'utf8_string',
                iso_code => 'utf8_string', en => 'utf8_string',
                geoname_id => 'uint32', is_in_european_union => 'boolean', latitude => 'double',
                accuracy => 'float', offset => 'int32', big => 'uint128', raw => 'bytes', list => ['array', 'uint16']);
            my $tree = MaxMind::DB::Writer::Tree->new(ip_version => 6, record_size => $ARGV[1],
                database_type => 'Test-Country',
                languages => ['en'], description => { en => 'x' x 300 }, map_key_type_callback => sub { $type{ $_[0] } },
                remove_reserved_networks => 0, alias_ipv6_to_ipv4 => 1);
            while (<STDIN>) {
                my ($network, $country, $continent) = split;
                $tree->insert_network($network, { accuracy => 1.5, big => '340282366920938463463374607431768211455',
                    latitude => 52.1, list => [1, 2, 3], offset => -3600, raw => 'r' x 70000,
                    continent => { code => $continent, geoname_id => 7, names => { en => "Continent $continent" } },
                    country => { geoname_id => 9, iso_code => $country, is_in_european_union => 1,
                        names => { en => "Country $country " . $country x 200 } } });
            }
            open my $file, '>:raw', $ARGV[0] or die; $tree->write_tree($file); close $file or die;
            """;

    private static final Map<String, String> CONTINENTS = Map.of("DE", "EU", "FR", "EU", "PL", "EU", "US", "NA", "CA", "NA",
            "JP", "AS");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\" <utf8_string>");
    private static final int NETWORKS = 60;

    @TempDir
    private Path dir = Path.of("");

    private final Random random = new Random(11);

    @BeforeEach
    void tools() throws Exception {
        need("libmaxmind-db-writer-perl", "perl -MMaxMind::DB::Writer::Tree -e 0");
        need("mmdb-bin", "command -v mmdblookup");
    }

    private void need(String debianPackage, String test) throws Exception {
        Process process = start("sh", "-c", test).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Assumptions.assumeTrue(process.waitFor() == 0, "skipped: needs " + debianPackage);
    }

    private ProcessBuilder start(String... words) {
        return new ProcessBuilder(words).directory(dir.toFile()).redirectInput(ProcessBuilder.Redirect.from(
                Path.of("/dev/null").toFile()));
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32})
    void everyAddressIsPlacedWhereTheirReaderPlacesIt(int recordSize) throws Exception {
        Path database = dir.resolve("country.mmdb");
        List<InetAddress> asked = write(database, recordSize);
        List<String> problems = new ArrayList<>();
        GeoTable table = new GeoTableCompiler().compile(new GeoMap(Map.of(), database.toString(),
                new TreeMap<>(Map.of("DE", "de", "US", "us")), new TreeMap<>(Map.of("EU", "eu", "NA", "na")), "rest"),
                problems::add);
        assertEquals(List.of(), problems);
        int placed = 0;
        for (InetAddress address : asked) {
            String theirs = region(lookup(database, address, "country", "iso_code"),
                    lookup(database, address, "continent", "code"));
            assertEquals(theirs, region(table, address), address.toString());
            placed += theirs.equals("rest") ? 0 : 1;
        }
        assertTrue(placed > asked.size() / 3, placed + " of " + asked.size());
    }

    /** Writes random networks; some addresses at and beside their edges. */
    private List<InetAddress> write(Path database, int recordSize) throws Exception {
        List<InetAddress> asked = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        List<String> countries = CONTINENTS.keySet().stream().sorted().toList();
        for (int i = 0; i < NETWORKS; i++) {
            boolean isIpv4 = random.nextBoolean();
            long bits = isIpv4 ? (long) random.nextInt() << 32 : 0x2A00_0000_0000_0000L | random.nextLong() >>> 8;
            int prefix = isIpv4 ? 4 + random.nextInt(29) : 16 + random.nextInt(49);
            long first = bits & -1L << (64 - prefix);
            String country = countries.get(random.nextInt(countries.size()));
            lines.append(address(isIpv4, first).getHostAddress()).append('/').append(prefix).append(' ').append(country)
                    .append(' ').append(CONTINENTS.get(country)).append('\n');
            long step = isIpv4 ? 1L << 32 : 1;
            long past = first + (1L << (64 - prefix));
            asked.addAll(List.of(address(isIpv4, first), address(isIpv4, first - step), address(isIpv4, past - step)));
        }
        Path input = Files.writeString(dir.resolve("networks"), lines);
        Path script = Files.writeString(dir.resolve("writer.pl"), WRITER);
        Path output = dir.resolve("output");
        int code = start("perl", script.toString(), database.toString(), Integer.toString(recordSize))
                .redirectInput(input.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        assertEquals(0, code, () -> read(output));
        return asked;
    }

    private static InetAddress address(boolean isIpv4, long bits) throws IOException {
        return InetAddress.getByAddress(isIpv4 ? ByteBuffer.allocate(4).putInt((int) (bits >>> 32)).array()
                : ByteBuffer.allocate(16).putLong(bits).array());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String lookup(Path database, InetAddress address, String... path) throws Exception {
        List<String> words = new ArrayList<>(List.of("mmdblookup", "--file", database.toString(), "--ip",
                address.getHostAddress()));
        words.addAll(List.of(path));
        Path output = dir.resolve("output");
        start(words.toArray(String[]::new)).redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        Matcher text = TEXT.matcher(Files.readString(output));
        return text.find() ? text.group(1) : "";
    }

    private static String region(String country, String continent) {
        String byContinent = Map.of("EU", "eu", "NA", "na").getOrDefault(continent, "rest");
        return Map.of("DE", "de", "US", "us").getOrDefault(country, byContinent);
    }

    private static String region(GeoTable table, InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean six = bytes.remaining() == 16;
        Ranges ranges = table.ranges(six);
        return table.regions().get(ranges.value(ranges.find(six ? bytes.getLong() : (long) bytes.getInt() << 32)));
    }
}
