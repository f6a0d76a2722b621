package io.halite.config.document;

import io.halite.config.Algorithm;
import io.halite.config.Algorithm.HashKey;
import io.halite.config.AutoscalingGroup;
import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.Ejection;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.Retries;
import io.halite.config.Sticky;
import io.halite.config.Target;
import io.halite.config.Upstream;
import io.halite.config.Upstream.HttpVersion;
import io.halite.config.Upstream.KeepAlive;
import io.halite.config.Upstream.ProxyVersion;
import io.halite.config.Upstream.TargetLimits;
import io.halite.config.Upstream.TargetTls;
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

    RandomConfig(long seed) {
        this.random = new Random(seed);
    }

    ClusterConfig next() {
        SortedMap<String, Certificate> certificates = named(3, name -> certificate());
        SortedMap<String, Pool> pools = named(4, name -> pool(withKey(certificates)));
        SortedMap<String, VirtualAddress> addresses = virtualAddresses();
        List<String> poolNames = List.copyOf(pools.keySet());
        SortedMap<String, LoadBalancer> loadBalancers =
                new RandomLoadBalancers(this, poolNames, withKey(certificates)).next();
        RandomZones zones = new RandomZones(this, pools, List.copyOf(addresses.keySet()));
        return new ClusterConfig(loadBalancers, pools, certificates, zones.next(), addresses,
                named(2, name -> autoscalingGroup()));
    }

    private static List<String> withKey(SortedMap<String, Certificate> certificates) {
        return certificates.entrySet().stream().filter(entry -> entry.getValue().keySecret() != null)
                .map(entry -> entry.getKey()).toList();
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

    <T> List<T> unique(List<T> items, Function<T, String> name) {
        SortedMap<String, T> byName = new TreeMap<>();
        items.forEach(item -> byName.putIfAbsent(name.apply(item), item));
        return items.stream().filter(item -> byName.remove(name.apply(item), item)).toList();
    }

    private Pool pool(List<String> certificates) {
        return new Pool(or(Algorithm.DEFAULT, this::algorithm), maybe(() -> new Sticky("c" + from(0, 9))),
                or(HealthCheck.DEFAULT, this::check),
                or(Retries.DEFAULT, this::retries),
                or(Ejection.DEFAULT, () -> new Ejection(from(1, 1_000),
                        duration(Duration.ofSeconds(1), Duration.ofHours(1)), from(0, 100),
                        or(Ejection.DEFAULT_MAX, () -> Duration.ofMinutes(10)))),
                or(Pool.DEFAULT_SLOW_START, () -> duration(Duration.ZERO, Duration.ofMinutes(15))),
                from(0, 100), from(0, 3),
                pick(List.of(WhenAllDown.ALL, WhenAllDown.LAST_KNOWN, WhenAllDown.BACKUP, WhenAllDown.NONE)),
                from(1, Pool.MAX_CHECKERS), unique(some(4, this::target), Target::name),
                or(Upstream.DEFAULT, () -> upstream(certificates)));
    }

    private Retries retries() {
        Supplier<Duration> pause = () -> duration(Duration.ZERO, Duration.ofMinutes(1));
        return new Retries(from(0, Retries.MAX_ATTEMPTS), from(0, 100), some(3, () -> pick(List.of(500, 502, 503, 504))),
                or(Retries.DEFAULT_BACKOFF, pause), or(Retries.DEFAULT_MAX_BACKOFF, pause),
                maybe(() -> Duration.ofSeconds(from(1, 60))));
    }

    private Upstream upstream(List<String> certificates) {
        Supplier<TargetTls> tls = () -> new TargetTls(flip(),
                certificates.isEmpty() ? null : maybe(() -> pick(certificates)),
                maybe(this::dnsName), certificates.isEmpty() ? null : maybe(() -> pick(certificates)));
        return new Upstream(pick(List.of(HttpVersion.values())), maybe(() -> or(TargetTls.DEFAULT, tls)),
                maybe(() -> pick(List.of(ProxyVersion.values()))),
                or(KeepAlive.DEFAULT, () -> new KeepAlive(duration(Duration.ZERO, Duration.ofHours(1)), from(0, 99))),
                or(TargetLimits.DEFAULT, () -> new TargetLimits(or(Limits.NO_LIMIT, () -> from(1, 99)), from(1, 2_000),
                        from(0, 2_000), duration(Duration.ofMillis(1), Duration.ofHours(1)))));
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
        return new Target(name, address, or(Target.DEFAULT_WEIGHT, () -> from(Target.MIN_WEIGHT, Target.MAX_WEIGHT)),
                or(0, () -> from(0, Target.MAX_PRIORITY)));
    }

    private Certificate certificate() {
        return new Certificate(some(2, () -> pick(List.of("shop.example.com", "*.example.com", "10.0.0.1"))), PEM,
                maybe(this::name));
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
}
