package io.halite.config.document;

import io.halite.config.Algorithm;
import io.halite.config.Algorithm.HashKey;
import io.halite.config.Ejection;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
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
import io.halite.config.WhenAllDown;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pools: algorithm, stickiness and targets; checks, retries and connections have shapes of their own. Stateless. */
final class PoolShape {
    /** Algorithms that need no more than their name, by it. */
    private static final Map<String, Algorithm> PLAIN_ALGORITHMS = new TreeMap<>(Map.of(
            "roundRobin", new Algorithm.RoundRobin(), "leastRequest", new Algorithm.LeastRequest(),
            "leastTime", new Algorithm.LeastTime(), "random", new Algorithm.Random(), "first", new Algorithm.First()));
    /** Hash keys that need no more than their name, by it. */
    private static final Map<String, HashKey> PLAIN_HASH_KEYS = new TreeMap<>(Map.of(
            "clientAddress", new HashKey.ClientAddress(), "path", new HashKey.Path(), "uri", new HashKey.Uri()));
    private static final List<WhenAllDown> FOR_POOLS =
            List.of(WhenAllDown.ALL, WhenAllDown.LAST_KNOWN, WhenAllDown.BACKUP, WhenAllDown.NONE);

    private static final Key<Algorithm, HashKey> HASH = Key.required("hash",
            algorithm -> algorithm instanceof Algorithm.Hash hash ? hash.key() : null,
            Scalars.spelled(PoolShape::hashKey, PoolShape::spelling, "INVALID_HASH", "hash key",
                    "write clientAddress, path, uri, header:NAME or cookie:NAME"),
            "what is hashed: clientAddress, path, uri, header:NAME or cookie:NAME");
    private static final Type<Algorithm> ALGORITHM_TYPE = Composites.shortOr(
            Scalars.choice(PLAIN_ALGORITHMS.values(), PoolShape::spelling),
            algorithm -> !(algorithm instanceof Algorithm.Hash),
            Shape.of(fields -> {
                HashKey key = fields.find(HASH);
                return key == null ? null : new Algorithm.Hash(key);
            }, HASH));

    private static final Key<Sticky, String> COOKIE = Key.required("cookie", Sticky::cookie,
            Scalars.checked(Scalars.line("a cookie name"), HttpWords::cookieName), "the name of the cookie");
    private static final Shape<Sticky> STICKY_SHAPE = Shape.of(fields -> {
        String cookie = fields.find(COOKIE);
        return cookie == null ? null : new Sticky(cookie);
    }, COOKIE);

    private static final Key<Target, String> TARGET_NAME = Key.optional("name",
            target -> target.name().equals(Target.derivedName(target.address())) ? null : target.name(),
            Scalars.name(), "its name; by default derived from the address: 10.0.0.11:8080 gives 10-0-0-11-8080");
    private static final Key<Target, HostPort> ADDRESS = Key.required("address", Target::address,
            Scalars.checked(Scalars.spelled(Addresses::hostPort, HostPort::toString, "INVALID_ADDRESS",
                    "address of a target",
                    "write host:port, where host is an IPv4 address, an [IPv6] address or a DNS name"),
                    PoolShape::noPortZero), "where it listens, such as \"10.0.0.11:8080\"");
    private static final Key<Target, Integer> WEIGHT = Key.of("weight", Target::weight,
            Scalars.integer(Target.MIN_WEIGHT, Target.MAX_WEIGHT), Target.DEFAULT_WEIGHT,
            "its share of the pool; 0 takes part in nothing");
    private static final Key<Target, Integer> PRIORITY = Key.of("priority", Target::priority,
            Scalars.integer(0, Target.MAX_PRIORITY), 0,
            "0 for the first choice; a later one takes what the earlier cannot carry");
    private static final Shape<Target> TARGET_SHAPE =
            Shape.of(PoolShape::target, TARGET_NAME, ADDRESS, WEIGHT, PRIORITY);
    private static final Type<Target> TARGET = Composites.shortOr(new TargetAddress(),
            target -> target.equals(byAddress(target.address())), TARGET_SHAPE);

    private static final Key<Pool, Algorithm> ALGORITHM = Key.of("algorithm", Pool::algorithm, ALGORITHM_TYPE,
            Algorithm.DEFAULT, "how a target is chosen");
    private static final Key<Pool, Sticky> STICKY = Key.optional("sticky", Pool::sticky, STICKY_SHAPE,
            "keeps a client at its target by a cookie");
    private static final Key<Pool, HealthCheck> CHECK = Key.of("check", Pool::check, CheckShape.CHECK,
            HealthCheck.DEFAULT, "how targets are probed; none for not at all");
    private static final Key<Pool, Retries> RETRIES = Key.of("retries", Pool::retries,
            ResilienceShape.RETRIES, Retries.DEFAULT, "when a request is tried again");
    private static final Key<Pool, Ejection> EJECTION = Key.of("ejection", Pool::ejection,
            ResilienceShape.EJECTION, Ejection.DEFAULT, "when real traffic alone takes a target out");
    private static final Key<Pool, Duration> SLOW_START = Key.of("slowStart", Pool::slowStart,
            Scalars.duration(Duration.ZERO, Duration.ofMinutes(15)), Pool.DEFAULT_SLOW_START,
            "how long the share of a recovered target grows to its full weight; 0s for at once");
    private static final Key<Pool, Integer> PANIC_THRESHOLD = Key.of("panicThreshold", Pool::panicThreshold,
            Scalars.percent(0, 100), Pool.DEFAULT_PANIC_THRESHOLD,
            "share of eligible targets below which health is ignored as whenAllDown says");
    private static final Key<Pool, Integer> MINIMUM_HEALTHY = Key.of("minimumHealthy", Pool::minimumHealthy,
            Scalars.integer(0, 10_000), 0,
            "number of eligible targets below which, while any is unhealthy, health is ignored as whenAllDown says; "
                    + "0 leaves it to panicThreshold");
    private static final Key<Pool, WhenAllDown> WHEN_ALL_DOWN = Key.of("whenAllDown", Pool::whenAllDown,
            Scalars.choice(FOR_POOLS, WhenAllDown::key), Pool.DEFAULT_WHEN_ALL_DOWN,
            "who gets requests when too few targets are eligible");
    private static final Key<Pool, Integer> CHECKERS = Key.of("checkers", Pool::checkers,
            Scalars.integer(1, Pool.MAX_CHECKERS), Pool.DEFAULT_CHECKERS, "nodes that probe each target");
    private static final Key<Pool, List<Target>> TARGETS = Key.of("targets", Pool::targets, Composites.list(TARGET),
            List.of(), "the backend servers, in the order that `first` uses");

    private static final Key<Pool, HttpVersion> PROTOCOL = Key.of("protocol", pool -> pool.upstream().protocol(),
            UpstreamShape.HTTP_VERSION, Upstream.DEFAULT.protocol(),
            "the version of HTTP that targets are spoken to in; http2 over TLS by ALPN, without TLS by prior knowledge");
    private static final Key<Pool, TargetTls> TLS = Key.optional("tls", pool -> pool.upstream().tls(),
            UpstreamShape.TLS, "speaks TLS to targets; {} with every default");
    private static final Key<Pool, ProxyVersion> PROXY_PROTOCOL = Key.optional("proxyProtocol",
            pool -> pool.upstream().proxyProtocol(), UpstreamShape.PROXY_VERSION,
            "the version of the PROXY header that tells targets the client's address; by default none is sent. Checks "
                    + "send one that names nobody");
    private static final Key<Pool, KeepAlive> KEEP_ALIVE = Key.of("keepAlive",
            pool -> pool.upstream().keepAlive(),
            UpstreamShape.KEEP_ALIVE, KeepAlive.DEFAULT, "connections kept open for the next request");
    private static final Key<Pool, TargetLimits> LIMITS = Key.of("limits", pool -> pool.upstream().limits(),
            UpstreamShape.LIMITS, TargetLimits.DEFAULT, "what is asked of one target at a time");

    static final Shape<Pool> POOL = Shape.of(PoolShape::pool, ALGORITHM, STICKY, CHECK, RETRIES, EJECTION, SLOW_START,
            PANIC_THRESHOLD, MINIMUM_HEALTHY, WHEN_ALL_DOWN, CHECKERS, PROTOCOL, TLS, PROXY_PROTOCOL, KEEP_ALIVE, LIMITS,
            TARGETS);
    /** The name of a pool. */
    static final Type<String> NAME = Scalars.checked(Scalars.name(), (name, value) -> !name.equals("node") ? name
            : value.error("INVALID_NAME", "'node' is no pool name", "`halite drain node/NAME` means a node of the cluster"));

    private PoolShape() {}

    private static Pool pool(Fields fields) {
        List<Target> targets = fields.get(TARGETS);
        Value list = fields.at(TARGETS);
        UniqueNames.check(fields.owner().reading(), targets, Target::name, "target");
        if (list != null && !targets.isEmpty() && targets.stream().allMatch(target -> target.weight() == 0)) {
            list.warning("NO_WEIGHT", "every target has weight 0, so none gets a request",
                    "give one target a weight above 0");
        }
        Value check = fields.at(CHECK);
        if (fields.find(TLS) != null && check != null && fields.get(CHECK).kind() instanceof HealthCheck.Http http
                && !http.tls()) {
            check.warning("CHECK_IN_PLAIN_TEXT", "targets are spoken to over TLS, but probed over plain HTTP",
                    "write `https` instead of `http`");
        }
        return new Pool(fields.get(ALGORITHM), fields.find(STICKY), fields.get(CHECK), fields.get(RETRIES),
                fields.get(EJECTION), fields.get(SLOW_START), fields.get(PANIC_THRESHOLD), fields.get(MINIMUM_HEALTHY),
                fields.get(WHEN_ALL_DOWN), fields.get(CHECKERS), targets,
                new Upstream(fields.get(PROTOCOL), fields.find(TLS), fields.find(PROXY_PROTOCOL), fields.get(KEEP_ALIVE),
                        fields.get(LIMITS)));
    }

    private static @Nullable Target target(Fields fields) {
        HostPort address = fields.find(ADDRESS);
        String name = fields.find(TARGET_NAME);
        if (address == null || (name == null && fields.has(TARGET_NAME))) {
            return null;
        }
        return named(new Target(name == null ? Target.derivedName(address) : name, address, fields.get(WEIGHT),
                fields.get(PRIORITY)), fields.owner());
    }

    private static @Nullable Target named(Target target, Value place) {
        if (!Scalars.isName(target.name())) {
            return place.error("MISSING_KEY", "no name can be derived from " + target.address(), "set `name`");
        }
        place.reading().remember(target, place);
        return target;
    }

    private static Target byAddress(HostPort address) {
        return new Target(Target.derivedName(address), address, Target.DEFAULT_WEIGHT);
    }

    private static @Nullable HostPort noPortZero(HostPort address, Value value) {
        return address.port() != 0 ? address : value.error("INVALID_ADDRESS", "a target cannot have port 0",
                "write the port at which it listens");
    }

    /** The short form of a target. */
    private record TargetAddress() implements Type<Target> {
        @Override
        public @Nullable Target read(Value value) {
            HostPort address = ADDRESS.type().read(value);
            return address == null ? null : named(byAddress(address), value);
        }

        @Override
        public Tree write(Target target) {
            return ADDRESS.type().write(target.address());
        }

        @Override
        public Tree.Mapping schema() {
            return ADDRESS.type().schema();
        }

        @Override
        public String says() {
            return ADDRESS.type().says();
        }
    }

    private static @Nullable HashKey hashKey(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(colon + 1);
        if (text.startsWith("header:")) {
            return HttpWords.isToken(name) ? new HashKey.Header(name.toLowerCase(Locale.ROOT)) : null;
        }
        if (text.startsWith("cookie:")) {
            return HttpWords.isToken(name) ? new HashKey.Cookie(name) : null;
        }
        return PLAIN_HASH_KEYS.get(text);
    }

    private static String spelling(HashKey key) {
        return switch (key) {
            case HashKey.ClientAddress ignored -> "clientAddress";
            case HashKey.Path ignored -> "path";
            case HashKey.Uri ignored -> "uri";
            case HashKey.Header header -> "header:" + header.name();
            case HashKey.Cookie cookie -> "cookie:" + cookie.name();
        };
    }

    private static String spelling(Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.RoundRobin ignored -> "roundRobin";
            case Algorithm.LeastRequest ignored -> "leastRequest";
            case Algorithm.LeastTime ignored -> "leastTime";
            case Algorithm.Random ignored -> "random";
            case Algorithm.First ignored -> "first";
            case Algorithm.Hash ignored -> "hash";
        };
    }
}
