package io.halite.config.document;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.StatusRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the check of a pool. Stateless. */
final class CheckReader {
    /** The kinds of checks by their keys, each with its reader. */
    private static final Map<String, Reader> KINDS = new TreeMap<>(Map.of(
            "http", value -> http(value, false), "https", value -> http(value, true), "tcp", CheckReader::tcp,
            "tls", CheckReader::tls, "grpc", CheckReader::grpc, "dns", CheckReader::dns, "udp", CheckReader::udp,
            "agent", CheckReader::agent));
    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofHours(1);
    private static final int MAX_COUNT = 1_000;

    /** Reads the settings of one kind. */
    @FunctionalInterface
    private interface Reader {
        @Nullable Kind read(Value value);
    }

    private CheckReader() {}

    static @Nullable HealthCheck read(Value value) {
        if (!value.isObject()) {
            String text = value.text();
            return text == null || text.equals("none") ? HealthCheck.NONE
                    : value.error("WRONG_TYPE", "expected an object or none, found '" + text + "'",
                            "such as { http: { path: /health } }, { tcp: {} } or none");
        }
        String[] keys = new String[KINDS.size() + 4];
        KINDS.keySet().toArray(keys);
        System.arraycopy(new String[] {"interval", "timeout", "rise", "fall"}, 0, keys, KINDS.size(), 4);
        Fields fields = value.fields(keys);
        if (fields == null) {
            return null;
        }
        List<String> given = KINDS.keySet().stream().filter(fields::has).toList();
        if (given.size() > 1) {
            return value.error("ONE_CHECK", "a pool has one kind of check, found " + String.join(", ", given), "");
        }
        Duration interval = fields.duration("interval", HealthCheck.DEFAULT_INTERVAL, MIN_INTERVAL, MAX);
        Duration shorter = interval.compareTo(HealthCheck.DEFAULT_TIMEOUT) < 0 ? interval : HealthCheck.DEFAULT_TIMEOUT;
        Duration timeout = fields.duration("timeout", shorter, MIN_TIMEOUT, MAX);
        if (timeout.compareTo(interval) > 0) {
            value.error("TIMEOUT_ABOVE_INTERVAL", "the timeout " + Units.text(timeout) + " is longer than the interval "
                    + Units.text(interval), "probes of one target would overlap");
        }
        Kind kind = given.isEmpty() ? HealthCheck.DEFAULT.kind() : kind(fields, given.getFirst());
        return kind == null ? null : new HealthCheck(kind, interval, timeout,
                fields.integer("rise", HealthCheck.DEFAULT_RISE, 1, MAX_COUNT),
                fields.integer("fall", HealthCheck.DEFAULT_FALL, 1, MAX_COUNT));
    }

    private static @Nullable Kind kind(Fields fields, String key) {
        Reader reader = KINDS.get(key);
        Value value = fields.get(key);
        return reader == null || value == null ? null : reader.read(value);
    }

    private static @Nullable Kind http(Value value, boolean tls) {
        Fields fields = value.fields("path", "method", "host", "headers", "expect", "body");
        if (fields == null) {
            return null;
        }
        TreeMap<String, String> headers = new TreeMap<>();
        List<Map.Entry<String, Value>> entries = fields.optional("headers", Value::named);
        for (Map.Entry<String, Value> entry : entries == null ? List.<Map.Entry<String, Value>>of() : entries) {
            String line = entry.getValue().line("a header");
            if (line != null) {
                headers.put(entry.getKey(), line);
            }
        }
        List<StatusRange> expect = fields.listOrOne("expect", CheckReader::range);
        return new HealthCheck.Http(tls, fields.read("path", HealthCheck.Http.DEFAULT_PATH, CheckReader::path),
                fields.read("method", HealthCheck.Http.DEFAULT_METHOD, v -> v.line("a method")),
                fields.optional("host", v -> v.line("a host")), headers,
                expect.isEmpty() ? HealthCheck.Http.DEFAULT_EXPECT : expect, fields.optional("body", Value::text));
    }

    private static @Nullable String path(Value value) {
        String path = value.line("a path");
        boolean valid = path != null && path.startsWith("/") && path.indexOf(' ') < 0;
        return path == null || valid ? path
                : value.error("INVALID_PATH", "'" + path + "' is no path", "a path begins with / and has no spaces");
    }

    private static @Nullable StatusRange range(Value value) {
        String text = value.text();
        Matcher match = RANGE.matcher(text == null ? "" : text);
        if (text == null || !match.matches()) {
            return text == null ? null : value.error("INVALID_STATUS", "'" + text + "' is no status code or range",
                    "write 200 or 200-399");
        }
        int from = Integer.parseInt(match.group(1));
        int to = match.group(2) == null ? from : Integer.parseInt(match.group(2));
        return from <= to ? new StatusRange(from, to)
                : value.error("INVALID_STATUS", "the range " + text + " is empty", "write the lower code first");
    }

    private static @Nullable Kind tcp(Value value) {
        Fields fields = value.fields("send", "expect");
        return fields == null ? null
                : new HealthCheck.Tcp(fields.optional("send", Value::text), fields.optional("expect", Value::text));
    }

    private static @Nullable Kind tls(Value value) {
        Fields fields = value.fields("serverName");
        return fields == null ? null
                : new HealthCheck.Tls(fields.optional("serverName", v -> LoadBalancerReader.dnsName(v, false)));
    }

    private static @Nullable Kind grpc(Value value) {
        Fields fields = value.fields("service");
        return fields == null ? null : new HealthCheck.Grpc(fields.optional("service", v -> v.line("a service")));
    }

    private static @Nullable Kind dns(Value value) {
        Fields fields = value.fields("name", "type");
        Value name = fields == null ? null : fields.required("name", "the name to ask for");
        String asked = name == null ? null : LoadBalancerReader.dnsName(name, false);
        return fields == null || asked == null ? null
                : new HealthCheck.Dns(asked, fields.read("type", "A", v -> v.line("a record type")));
    }

    private static @Nullable Kind udp(Value value) {
        Fields fields = value.fields("send", "expect");
        return fields == null ? null
                : new HealthCheck.Udp(fields.read("send", "", Value::text), fields.optional("expect", Value::text));
    }

    private static @Nullable Kind agent(Value value) {
        Fields fields = value.fields("port");
        Value port = fields == null ? null : fields.required("port", "the port of the agent");
        Long number = port == null ? null : port.integer(1, 65_535);
        return number == null ? null : new HealthCheck.Agent(number.intValue());
    }
}
