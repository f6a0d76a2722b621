package io.halite.config.document;

import io.halite.config.Action;
import io.halite.config.Algorithm;
import io.halite.config.Algorithm.HashKey;
import io.halite.config.AutoscalingGroup;
import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.Ejection;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.PathMatch;
import io.halite.config.Pool;
import io.halite.config.Protocol;
import io.halite.config.Retries;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Sticky;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import io.halite.config.VirtualAddress;
import io.halite.config.WhenAllDown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Draws valid configs that use every record of the vocabulary, each key as often absent as present. */
final class RandomConfig {
    private static final String PEM = Documents.text("shop.pem");
    private static final String[] ODD_TEXT = {"", "true", "null", "~", "-1", "1e3", "0x1f", "a: b", "# no comment",
        " space ", "two\nlines\n", "line\n\n", "\ttab", "\"quoted\"", "'single'", "{}", "[]", "ünïcode ⚐",
        "\u0000\u0001", "*alias",
        "&anchor", "!tag", "%", "- item", "? key", "|", ">", "a\r\nb", "\u2028", "…", "yes", "0123", "1_000", "=", "@at"};

    private final Random random;
    private int ports = 1024;

    RandomConfig(long seed) {
        this.random = new Random(seed);
    }

    ClusterConfig next() {
        SortedMap<String, Pool> pools = named(4, name -> pool());
        SortedMap<String, Certificate> certificates = named(3, name -> certificate());
        SortedMap<String, VirtualAddress> addresses = virtualAddresses();
        List<String> poolNames = List.copyOf(pools.keySet());
        SortedMap<String, LoadBalancer> loadBalancers =
                named(3, name -> loadBalancer(poolNames, List.copyOf(certificates.keySet())));
        RandomZones zones = new RandomZones(this, pools, List.copyOf(addresses.keySet()));
        return new ClusterConfig(loadBalancers, pools, certificates, zones.next(), addresses,
                named(2, name -> autoscalingGroup()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean flip() {
        return random.nextBoolean();
    }

    int from(int min, int max) {
        return min + random.nextInt(max - min + 1);
    }

    /** A list's item; lists are never empty here. */
    <T> T pick(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    /** The default half the time. */
    <T> T or(T fallback, Supplier<T> other) {
        return random.nextBoolean() ? fallback : other.get();
    }

    <T> List<T> some(int most, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }

    <T> SortedMap<String, T> named(int most, Function<String, T> object) {
        SortedMap<String, T> objects = new TreeMap<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            String name = name();
            objects.put(name, object.apply(name));
        }
        return objects;
    }

    String name() {
        return pick(List.of("web", "api", "db-1", "0", "12", "1e5", "null", "true", "x--y", "a".repeat(61))) + from(0, 99);
    }

    String dnsName() {
        return pick(List.of("shop", "api-2", "_acme", "x")) + from(0, 9) + pick(List.of(".example.com", ".lan", ""));
    }

    String ip() {
        return pick(List.of("10.0.0." + from(0, 255), "2001:db8::" + Integer.toHexString(from(1, 65_535)), "::1",
                "fe80::1:0:0:1", "192.0.2.1"));
    }

    String text() {
        return pick(List.of(ODD_TEXT)) + (flip() ? "" : pick(List.of(ODD_TEXT)));
    }

    /** Text on one line. */
    String line() {
        StringBuilder line = new StringBuilder("v");
        text().codePoints().filter(c -> !Character.isISOControl(c)).forEach(line::appendCodePoint);
        return line.toString();
    }

    Duration duration(Duration min, Duration max) {
        List<Duration> round = List.of(Duration.ofMillis(250), Duration.ofSeconds(7), Duration.ofSeconds(90),
                Duration.ofMinutes(3), Duration.ofHours(1), Duration.ofDays(1));
        Duration drawn = flip() ? pick(round) : Duration.ofMillis(from(1, 100_000_000));
        return drawn.compareTo(min) < 0 ? min : drawn.compareTo(max) > 0 ? max : drawn;
    }

    private <T> List<T> unique(List<T> items, Function<T, String> name) {
        SortedMap<String, T> byName = new TreeMap<>();
        items.forEach(item -> byName.putIfAbsent(name.apply(item), item));
        return items.stream().filter(item -> byName.remove(name.apply(item), item)).toList();
    }

    private Pool pool() {
        return new Pool(or(Algorithm.DEFAULT, this::algorithm), maybe(() -> new Sticky("c" + from(0, 9))),
                or(HealthCheck.DEFAULT, this::check),
                or(Retries.DEFAULT, () -> new Retries(from(0, Retries.MAX_ATTEMPTS), from(0, 100))),
                or(Ejection.DEFAULT, () -> new Ejection(from(1, 1_000),
                        duration(Duration.ofSeconds(1), Duration.ofHours(1)), from(0, 100))),
                or(Pool.DEFAULT_SLOW_START, () -> duration(Duration.ZERO, Duration.ofMinutes(15))),
                from(0, 100), pick(List.of(WhenAllDown.ALL, WhenAllDown.LAST_KNOWN, WhenAllDown.BACKUP, WhenAllDown.NONE)),
                from(1, Pool.MAX_CHECKERS), unique(some(4, this::target), Target::name));
    }

    private Algorithm algorithm() {
        return pick(List.of(new Algorithm.RoundRobin(), new Algorithm.LeastRequest(), new Algorithm.LeastTime(),
                new Algorithm.Random(), new Algorithm.First(), new Algorithm.Hash(new HashKey.ClientAddress()),
                new Algorithm.Hash(new HashKey.Path()), new Algorithm.Hash(new HashKey.Uri()),
                new Algorithm.Hash(new HashKey.Header("x-user")), new Algorithm.Hash(new HashKey.Cookie("Session"))));
    }

    private HealthCheck check() {
        Duration interval = duration(Duration.ofMillis(100), Duration.ofHours(1));
        HealthCheck.Kind kind = checkKind();
        if (kind instanceof HealthCheck.None) {
            return HealthCheck.NONE;
        }
        Duration shorter = interval.compareTo(HealthCheck.DEFAULT_TIMEOUT) < 0 ? interval : HealthCheck.DEFAULT_TIMEOUT;
        return new HealthCheck(kind, interval, or(shorter, () -> duration(Duration.ofMillis(10), interval)),
                from(1, 5), from(1, 5));
    }

    private HealthCheck.Kind checkKind() {
        SortedMap<String, String> headers = new TreeMap<>();
        some(2, () -> headers.put("x-h" + from(0, 9), line()));
        return switch (below(9)) {
            case 0 -> new HealthCheck.None();
            case 1 -> new HealthCheck.Tcp(maybe(this::text), maybe(this::text));
            case 2 -> new HealthCheck.Tls(maybe(this::dnsName));
            case 3 -> new HealthCheck.Grpc(maybe(this::line));
            case 4 -> new HealthCheck.Dns(dnsName(), pick(List.of("A", "AAAA", "SOA")));
            case 5 -> new HealthCheck.Udp(text(), maybe(this::text));
            case 6 -> new HealthCheck.Agent(from(1, 65_535));
            default -> new HealthCheck.Http(flip(), pick(List.of("/", "/health?deep=1")), pick(List.of("GET", "HEAD")),
                    maybe(this::line), headers, pick(List.of(HealthCheck.Http.DEFAULT_EXPECT,
                            List.of(new HealthCheck.StatusRange(200, 200)),
                            List.of(new HealthCheck.StatusRange(200, 204), new HealthCheck.StatusRange(418, 418)))),
                    maybe(this::text));
        };
    }

    private Target target() {
        HostPort address = new HostPort(or(ip(), this::dnsName), from(1, 65_535));
        String name = flip() ? Target.derivedName(address) : name();
        return new Target(name, address, or(Target.DEFAULT_WEIGHT, () -> from(Target.MIN_WEIGHT, Target.MAX_WEIGHT)));
    }

    private Certificate certificate() {
        return new Certificate(some(2, () -> pick(List.of("shop.example.com", "*.example.com", "10.0.0.1"))), PEM, name());
    }

    private SortedMap<String, VirtualAddress> virtualAddresses() {
        SortedMap<String, VirtualAddress> addresses = new TreeMap<>();
        for (int i = below(3); i > 0; i--) {
            VirtualAddress.Mode mode = pick(List.of(VirtualAddress.Mode.values()));
            addresses.put("va" + i, new VirtualAddress(Documents.cidr(pick(List.of("10.1.0." + i + "/24",
                    "2001:db8:1::" + i + "/64"))), mode, mode == VirtualAddress.Mode.VRRP ? i : 0, some(3, this::name)));
        }
        return addresses;
    }

    private AutoscalingGroup autoscalingGroup() {
        int min = from(1, 10);
        return new AutoscalingGroup(pick(List.of("cpu", "memory", "connections")), from(1, 100), min, from(min, 100),
                or(AutoscalingGroup.DEFAULT_COOLDOWN, () -> duration(Duration.ofSeconds(10), Duration.ofDays(1))));
    }

    private LoadBalancer loadBalancer(List<String> pools, List<String> certificates) {
        List<Listener> listeners = unique(some(4, () -> listener(pools, certificates)), Listener::name);
        List<Route> routes = new ArrayList<>();
        for (int i = below(5); i > 0; i--) {
            String name = flip() ? "r" + (routes.size() + 1) : "n" + name() + routes.size();
            routes.add(new Route(name.length() > 63 ? "n" + routes.size() : name, or(RouteMatch.ANY, this::match),
                    action(pools)));
        }
        Supplier<Duration> timeout = () -> duration(Duration.ofMillis(1), Duration.ofDays(7));
        Timeouts timeouts = or(Timeouts.DEFAULT, () -> new Timeouts(timeout.get(), timeout.get(),
                Timeouts.DEFAULT.requestBody(), timeout.get(), timeout.get(), timeout.get()));
        Limits limits = or(Limits.DEFAULT, () -> new Limits(or(Limits.UNLIMITED, () -> (long) from(0, 1 << 30)),
                or(32 * 1024, () -> from(1 << 10, Limits.MAX_HEADERS)), from(1, Limits.MAX_HEADER_COUNT)));
        return new LoadBalancer(maybe(this::dnsName), listeners, routes, timeouts, limits);
    }

    private Listener listener(List<String> pools, List<String> certificates) {
        Protocol protocol = pick(List.of(Protocol.values()));
        boolean possible = protocol == Protocol.HTTPS ? !certificates.isEmpty() : protocol.isRouted() || !pools.isEmpty();
        Protocol drawn = possible ? protocol : Protocol.HTTP;
        HostPort address = new HostPort(pick(List.of("0.0.0.0", "::", "127.0.0.1", "::1")), flip() ? 0 : ports++);
        return new Listener(name(), address, drawn,
                drawn == Protocol.HTTPS ? List.of(pick(certificates), pick(certificates)) : List.of(),
                drawn.isRouted() ? null : pick(pools));
    }

    private RouteMatch match() {
        Supplier<SortedMap<String, String>> pairs = () -> {
            SortedMap<String, String> drawn = new TreeMap<>();
            some(2, () -> drawn.put("k-" + from(0, 9), text()));
            return drawn;
        };
        return new RouteMatch(some(3, () -> pick(List.of("shop.example.com", "*.example.com", "10.0.0.1"))),
                or(PathMatch.ANY, this::path), some(2, () -> pick(List.of("GET", "POST", "M-SEARCH"))), pairs.get(),
                pairs.get(), pairs.get(),
                some(2, () -> Documents.cidr(pick(List.of("10.0.0.0/8", "::1", "2001:db8::/32")))));
    }

    private PathMatch path() {
        return pick(List.of(new PathMatch.Exact("/old"), new PathMatch.Prefix("/app"), new PathMatch.Prefix("/a*"),
                new PathMatch.Glob("/**/*.png"), new PathMatch.Regex("/v[0-9]+/.*"), new PathMatch.Prefix("/")));
    }

    private Action action(List<String> pools) {
        return switch (below(pools.isEmpty() ? 2 : 4)) {
            case 0 -> new Action.Redirect(pick(List.of("/new", "https://example.com/?a=b")),
                    pick(List.of(301, 302, 303, 307, 308)));
            case 1 -> new Action.Respond(from(200, 599), text(),
                    or(Action.Respond.DEFAULT_CONTENT_TYPE, () -> "application/json"));
            default -> new Action.Forward(List.of(weighted(pools), weighted(pools)).subList(0, from(1, 2)));
        };
    }

    private Action.WeightedPool weighted(List<String> pools) {
        return new Action.WeightedPool(pick(pools), or(Target.DEFAULT_WEIGHT, () -> from(1, Target.MAX_WEIGHT)));
    }
}
