package io.halite.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The index against a matcher that tries route after route on strings. Names and paths come from a small alphabet, so
 * that routes overlap as often as possible.
 */
class RouteTableDifferentialTest {
    private static final String[] HOSTS = {"a.test", "b.test", "x.a.test", "y.x.a.test", "test", "c.b.test"};
    private static final String[] WILDCARDS = {"*.test", "*.a.test", "*.x.a.test", "*.b.test"};
    private static final String[] SEGMENTS = {"a", "b", "ab", "abc", "", "a.b", "ba"};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRequestTakesTheRouteTheNaiveMatcherFinds(long seed) throws UnknownHostException {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            RouteMatch[] matches = Stream.generate(() -> randomMatch(random))
                    .limit(1 + random.nextInt(round % 3 == 0 ? 200 : 12)).toArray(RouteMatch[]::new);
            RouteTable table = Routes.table(matches);
            for (int i = 0; i < 200; i++) {
                DescribedRequest request = randomRequest(random);
                CompiledRoute route = table.match(request.head());
                int found = route == null ? -1 : route.id();
                assertEquals(naive(matches, request), found,
                        () -> "seed " + seed + ", " + request + " over " + List.of(matches));
                assertEquals(found, lastTrial(table, request), "trial of " + request);
            }
        }
    }

    /** Many routes that only fields tell apart, and requests that repeat, quote and encode them. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void fieldsTakeTheRouteTheNaiveMatcherFinds(long seed) throws UnknownHostException {
        Random random = new Random(seed);
        int values = 1 + random.nextInt(40);
        for (int round = 0; round < 12; round++) {
            RouteMatch[] matches = Stream.generate(() -> randomFields(random, values))
                    .limit(9 + random.nextInt(300)).toArray(RouteMatch[]::new);
            RouteTable table = Routes.table(matches);
            for (int i = 0; i < 80; i++) {
                DescribedRequest request = requestOfFields(random, values);
                CompiledRoute route = table.match(request.head());
                int found = route == null ? -1 : route.id();
                assertEquals(naive(matches, request), found,
                        () -> "seed " + seed + ", " + request + " over " + List.of(matches));
            }
        }
    }

    private static RouteMatch randomFields(Random random, int values) {
        Routes.Builder match = Routes.match().path(any(random, PathMatch.ANY, PathMatch.ANY, new PathMatch.Prefix("/a"),
                new PathMatch.Exact("/a/b"), new PathMatch.Glob("/*"), new PathMatch.Regex("/a.*")));
        if (random.nextInt(4) == 0) {
            match.hosts(any(random, "a.test", "*.test"));
        }
        if (random.nextInt(20) == 0) {
            return match.methods("PUT").build();
        }
        for (int conditions = 1 + random.nextInt(3); conditions > 0; conditions--) {
            String name = any(random, "x", "y", "x y", "long-name", "n" + random.nextInt(values));
            String value = any(random, "", "a b", "v" + random.nextInt(values));
            switch (random.nextInt(3)) {
                case 0 -> match.header(name.replace(' ', '-'), value);
                case 1 -> match.query(name, value);
                default -> match.cookie(name.replace(' ', '-'), value);
            }
        }
        return match.build();
    }

    private static DescribedRequest requestOfFields(Random random, int values) throws UnknownHostException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int lines = random.nextInt(5); lines > 0; lines--) {
            String name = any(random, "x", "X-Y", "x-y", "Y", "Long-Name", "n" + random.nextInt(values));
            headers.add(Map.entry(name, any(random, "", "a b", "v" + random.nextInt(values))));
        }
        for (int lines = random.nextInt(3); lines > 0; lines--) {
            headers.add(Map.entry("Cookie", Stream.generate(() -> any(random, "x", "y", "x-y", "n" + random.nextInt(values))
                            + any(random, "=", "=\"a b\"", "=v" + random.nextInt(values)))
                    .limit(1 + random.nextInt(4)).collect(Collectors.joining(any(random, "; ", ";", " ;\t")))));
        }
        String query = Stream.generate(() -> any(random, "x", "%78", "x+y", "x%20y", "n" + random.nextInt(values))
                + any(random, "", "=", "=a+b", "=a%20b", "=%76" + random.nextInt(values), "=v" + random.nextInt(values)))
                .limit(random.nextInt(5)).collect(Collectors.joining("&"));
        return new DescribedRequest(any(random, "GET", "PUT"), any(random, "a.test", "b.test", "other"),
                any(random, "/", "/a", "/a/b", "/c") + (query.isEmpty() ? "" : "?" + query), headers,
                InetAddress.getByAddress(new byte[] {10, 0, 0, 1}));
    }

    private static int lastTrial(RouteTable table, DescribedRequest request) {
        List<RouteTable.Trial> trials = table.tryAll(request.head());
        return trials.isEmpty() || trials.getLast().unmet() != null ? -1 : trials.getLast().route().id();
    }

    private static RouteMatch randomMatch(Random random) {
        Routes.Builder match = Routes.match().path(randomPath(random));
        if (random.nextInt(3) > 0) {
            match.hosts(Stream.generate(() -> random.nextInt(3) == 0 ? any(random, WILDCARDS) : any(random, HOSTS))
                    .limit(1 + random.nextInt(3)).toArray(String[]::new));
        }
        if (random.nextInt(5) == 0) {
            match.methods(any(random, "GET", "POST"));
        }
        if (random.nextInt(5) == 0) {
            match.header(any(random, "x", "y"), any(random, "1", "2"));
        }
        if (random.nextInt(6) == 0) {
            match.query(any(random, "x", "y"), any(random, "1", "2"));
        }
        if (random.nextInt(6) == 0) {
            match.cookie(any(random, "x", "y"), any(random, "1", "2"));
        }
        if (random.nextInt(6) == 0) {
            match.sources(new Cidr("10." + random.nextInt(3) + ".0.0", 15 + random.nextInt(3)));
        }
        return match.build();
    }

    private static PathMatch randomPath(Random random) {
        String path = randomPathText(random);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new PathMatch.Exact(path);
            case 2, 3 -> new PathMatch.Prefix(path);
            case 4 -> new PathMatch.Glob(withStars(random, path));
            default -> new PathMatch.Regex(path.replace(".", any(random, "\\.", ".", ".*", "[a-b]?"))
                    + any(random, "", ".*", "(a|b)", "b+", "/?"));
        };
    }

    private static String withStars(Random random, String path) {
        StringBuilder glob = new StringBuilder("/");
        for (char c : path.substring(1).toCharArray()) {
            glob.append(random.nextInt(3) == 0 ? any(random, "*", "**", "?", c + "*") : String.valueOf(c));
        }
        return glob.append(any(random, "", "*", "**", "/**")).toString().replace("***", "**");
    }

    private static String randomPathText(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.append('/').append(any(random, SEGMENTS));
        }
        return path.toString();
    }

    private static DescribedRequest randomRequest(Random random) throws UnknownHostException {
        String host = any(random, HOSTS) + any(random, "", ":80", ".");
        String query = any(random, "", "?x=1", "?y=2&x=2", "?x=%31", "?x");
        List<Map.Entry<String, String>> headers = Stream.of("x", "y").filter(name -> random.nextBoolean())
                .map(name -> Map.entry(any(random, name, name.toUpperCase(Locale.ROOT)), any(random, "1", "2")))
                .toList();
        if (random.nextBoolean()) {
            headers = Stream.concat(headers.stream(), Stream.of(Map.entry("Cookie",
                    any(random, "x=1", "y=1; x=2", "z=3;y=2")))).toList();
        }
        return new DescribedRequest(any(random, "GET", "POST"), random.nextBoolean() ? host : host.toUpperCase(Locale.ROOT),
                randomPathText(random) + query, headers,
                InetAddress.getByAddress(new byte[] {10, (byte) random.nextInt(4), (byte) random.nextInt(256), 1}));
    }

    @SafeVarargs
    private static <T> T any(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static int naive(RouteMatch[] matches, DescribedRequest request) {
        for (int i = 0; i < matches.length; i++) {
            if (NaiveMatcher.matches(matches[i], request)) {
                return i;
            }
        }
        return -1;
    }
}
