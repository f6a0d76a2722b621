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
import io.halite.config.WhenAllDown;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads pools: algorithm, check, retries, ejection and targets. Stateless. */
final class PoolReader {
    /** Algorithms that need no more than their name, by it. */
    static final Map<String, Algorithm> PLAIN_ALGORITHMS = new TreeMap<>(Map.of(
            "roundRobin", new Algorithm.RoundRobin(), "leastRequest", new Algorithm.LeastRequest(),
            "leastTime", new Algorithm.LeastTime(), "random", new Algorithm.Random(), "first", new Algorithm.First()));
    /** Hash keys that need no more than their name, by it. */
    static final Map<String, HashKey> PLAIN_HASH_KEYS = new TreeMap<>(Map.of(
            "clientAddress", new HashKey.ClientAddress(), "path", new HashKey.Path(), "uri", new HashKey.Uri()));

    private static final Duration MAX_SLOW_START = Duration.ofMinutes(15);
    private static final Duration MIN_EJECTION = Duration.ofSeconds(1);
    private static final Duration MAX_EJECTION = Duration.ofHours(1);
    private static final int MAX_CONSECUTIVE = 1_000;
    private static final List<WhenAllDown> FOR_POOLS =
            List.of(WhenAllDown.ALL, WhenAllDown.LAST_KNOWN, WhenAllDown.BACKUP, WhenAllDown.NONE);

    private PoolReader() {}

    static @Nullable Pool read(String name, Value value) {
        Fields fields = value.fields("algorithm", "sticky", "check", "retries", "ejection", "slowStart",
                "panicThreshold", "whenAllDown", "checkers", "targets");
        if (fields == null) {
            return null;
        }
        if (name.equals("node")) {
            value.error("INVALID_NAME", "'node' is no pool name", "`halite drain node/NAME` means a node of the cluster");
        }
        return new Pool(fields.read("algorithm", Algorithm.DEFAULT, PoolReader::algorithm),
                fields.optional("sticky", PoolReader::sticky),
                fields.read("check", HealthCheck.DEFAULT, CheckReader::read),
                fields.read("retries", Retries.DEFAULT, PoolReader::retries),
                fields.read("ejection", Ejection.DEFAULT, PoolReader::ejection),
                fields.duration("slowStart", Pool.DEFAULT_SLOW_START, Duration.ZERO, MAX_SLOW_START),
                fields.percent("panicThreshold", Pool.DEFAULT_PANIC_THRESHOLD, 0, 100),
                fields.choice("whenAllDown", Pool.DEFAULT_WHEN_ALL_DOWN, FOR_POOLS, WhenAllDown::key),
                fields.integer("checkers", Pool.DEFAULT_CHECKERS, 1, Pool.MAX_CHECKERS),
                targets(fields));
    }

    private static @Nullable Algorithm algorithm(Value value) {
        if (!value.isObject()) {
            String name = value.choice(PLAIN_ALGORITHMS.keySet(), key -> key);
            return name == null ? null : PLAIN_ALGORITHMS.get(name);
        }
        Fields fields = value.fields("hash");
        Value hash = fields == null ? null : fields.required("hash", "what to hash: clientAddress, path, uri, …");
        HashKey key = hash == null ? null : hash.parsed(PoolReader::hashKey, "INVALID_HASH", "hash key",
                "write clientAddress, path, uri, header:NAME or cookie:NAME");
        return key == null ? null : new Algorithm.Hash(key);
    }

    private static @Nullable HashKey hashKey(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(colon + 1);
        if (!name.isEmpty() && text.startsWith("header:")) {
            return new HashKey.Header(name.toLowerCase(Locale.ROOT));
        }
        return !name.isEmpty() && text.startsWith("cookie:") ? new HashKey.Cookie(name) : PLAIN_HASH_KEYS.get(text);
    }

    private static @Nullable Sticky sticky(Value value) {
        Fields fields = value.fields("cookie");
        Value cookie = fields == null ? null : fields.required("cookie", "the name of the cookie");
        String name = cookie == null ? null : cookie.name();
        return name == null ? null : new Sticky(name);
    }

    private static @Nullable Retries retries(Value value) {
        Fields fields = value.fields("attempts", "budget");
        return fields == null ? null : new Retries(
                fields.integer("attempts", Retries.DEFAULT.attempts(), 0, Retries.MAX_ATTEMPTS),
                fields.percent("budget", Retries.DEFAULT.budget(), 0, 100));
    }

    private static @Nullable Ejection ejection(Value value) {
        Fields fields = value.fields("consecutive", "base", "maxPercent");
        return fields == null ? null : new Ejection(
                fields.integer("consecutive", Ejection.DEFAULT.consecutive(), 1, MAX_CONSECUTIVE),
                fields.duration("base", Ejection.DEFAULT.base(), MIN_EJECTION, MAX_EJECTION),
                fields.percent("maxPercent", Ejection.DEFAULT.maxPercent(), 0, 100));
    }

    private static List<Target> targets(Fields fields) {
        Set<String> names = new HashSet<>();
        List<Target> targets = fields.list("targets", value -> {
            Target target = target(value);
            if (target != null) {
                LoadBalancerReader.unique(names, target.name(), value, "target");
            }
            return target;
        });
        Value list = fields.get("targets");
        if (list != null && !targets.isEmpty() && targets.stream().allMatch(target -> target.weight() == 0)) {
            list.reading().warning(list, "NO_WEIGHT", "every target has weight 0, so none gets a request", "");
        }
        return targets;
    }

    private static @Nullable Target target(Value value) {
        if (!value.isObject()) {
            HostPort address = address(value);
            return address == null ? null : named(value, address, Target.DEFAULT_WEIGHT);
        }
        Fields fields = value.fields("name", "address", "weight");
        Value place = fields == null ? null : fields.required("address", "such as \"10.0.0.11:8080\"");
        HostPort address = place == null ? null : address(place);
        if (fields == null || address == null) {
            return null;
        }
        int weight = fields.integer("weight", Target.DEFAULT_WEIGHT, Target.MIN_WEIGHT, Target.MAX_WEIGHT);
        String name = fields.optional("name", Value::name);
        return fields.has("name") ? name == null ? null : new Target(name, address, weight)
                : named(value, address, weight);
    }

    private static @Nullable Target named(Value value, HostPort address, int weight) {
        String name = Target.derivedName(address);
        return Value.isName(name) ? new Target(name, address, weight)
                : value.error("MISSING_KEY", "no name can be derived from " + address, "set `name`");
    }

    private static @Nullable HostPort address(Value value) {
        HostPort address = value.parsed(Addresses::hostPort, "INVALID_ADDRESS", "address of a target",
                "write host:port, where host is an IPv4 address, an [IPv6] address or a DNS name");
        if (address != null && address.port() == 0) {
            return value.error("INVALID_ADDRESS", "a target cannot have port 0", "");
        }
        return address;
    }
}
