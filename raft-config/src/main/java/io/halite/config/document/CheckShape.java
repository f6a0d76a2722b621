package io.halite.config.document;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.StatusRange;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Units;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The check of a pool. Stateless. */
final class CheckShape {
    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofHours(1);
    private static final int MAX_COUNT = 1_000;
    private static final int MAX_PORT = 65_535;
    private static final String DEFAULT_DNS_TYPE = "A";

    private static final Key<HealthCheck.Http, String> PATH = Key.of("path", HealthCheck.Http::path,
            Scalars.checked(Scalars.line("a path"), CheckShape::requestTarget), HealthCheck.Http.DEFAULT_PATH,
            "what is asked for, with a query if need be");
    private static final Key<HealthCheck.Http, String> METHOD = Key.of("method", HealthCheck.Http::method,
            HttpWords.METHOD, HealthCheck.Http.DEFAULT_METHOD, "the method");
    private static final Key<HealthCheck.Http, String> HOST = Key.optional("host", HealthCheck.Http::host,
            Scalars.line("a host"), "the Host header; by default the target's address");
    private static final Key<HealthCheck.Http, SortedMap<String, String>> HEADERS = Key.of("headers",
            HealthCheck.Http::headers, Composites.map(HttpWords.HEADER_NAME, Scalars.line("a header")),
            Collections.emptySortedMap(), "more headers");
    private static final Key<HealthCheck.Http, List<StatusRange>> EXPECT = Key.of("expect", HealthCheck.Http::expect,
            Composites.oneOrMore(new StatusRanges()), HealthCheck.Http.DEFAULT_EXPECT, "accepted status codes");
    private static final Key<HealthCheck.Http, String> BODY = Key.optional("body", HealthCheck.Http::body, Scalars.text(),
            "text that the first 64 KiB of the response body must contain");

    private static final Key<HealthCheck.Tcp, String> TCP_SEND = Key.optional("send", HealthCheck.Tcp::send,
            Scalars.text(), "text sent once connected");
    private static final Key<HealthCheck.Tcp, String> TCP_EXPECT = Key.optional("expect", HealthCheck.Tcp::expect,
            Scalars.text(), "text that the answer must contain");
    private static final Key<HealthCheck.Tls, String> SERVER_NAME = Key.optional("serverName",
            HealthCheck.Tls::serverName, HttpWords.DNS_NAME, "the server name sent (SNI)");
    private static final Key<HealthCheck.Grpc, String> SERVICE = Key.optional("service", HealthCheck.Grpc::service,
            Scalars.line("a service"), "the service asked about; by default the server as a whole");
    private static final Key<HealthCheck.Dns, String> DNS_NAME = Key.required("name", HealthCheck.Dns::name,
            HttpWords.DNS_NAME, "the name to ask for");
    private static final Key<HealthCheck.Dns, String> DNS_TYPE = Key.of("type", HealthCheck.Dns::type,
            Scalars.choice(List.of("A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"), type -> type),
            DEFAULT_DNS_TYPE, "the record type to ask for");
    private static final Key<HealthCheck.Udp, String> UDP_SEND = Key.of("send", HealthCheck.Udp::send, Scalars.text(), "",
            "the datagram");
    private static final Key<HealthCheck.Udp, String> UDP_EXPECT = Key.optional("expect", HealthCheck.Udp::expect,
            Scalars.text(), "text that the answer must contain; by default any answer will do");
    private static final Key<HealthCheck.Agent, Integer> PORT = Key.required("port", HealthCheck.Agent::port,
            Scalars.integer(1, MAX_PORT), "the port of the agent");

    private static final Key<HealthCheck, HealthCheck.Http> HTTP = kind("http",
            check -> check.kind() instanceof HealthCheck.Http http && !http.tls() ? http : null, http(false),
            "an HTTP request, in the version that `protocol` says");
    private static final Key<HealthCheck, HealthCheck.Http> HTTPS = kind("https",
            check -> check.kind() instanceof HealthCheck.Http http && http.tls() ? http : null, http(true),
            "an HTTP request over TLS, in the version that `protocol` says");
    private static final Key<HealthCheck, HealthCheck.Tcp> TCP = kind("tcp",
            check -> check.kind() instanceof HealthCheck.Tcp tcp && !tcp.equals(HealthCheck.Tcp.CONNECT) ? tcp : null,
            Shape.of(fields -> new HealthCheck.Tcp(fields.find(TCP_SEND), fields.find(TCP_EXPECT)), TCP_SEND, TCP_EXPECT),
            "a connection, and an exchange of text if asked for; the default");
    private static final Key<HealthCheck, HealthCheck.Tls> TLS = kind("tls",
            check -> check.kind() instanceof HealthCheck.Tls tls ? tls : null,
            Shape.of(fields -> new HealthCheck.Tls(fields.find(SERVER_NAME)), SERVER_NAME), "a TLS handshake");
    private static final Key<HealthCheck, HealthCheck.Grpc> GRPC = kind("grpc",
            check -> check.kind() instanceof HealthCheck.Grpc grpc ? grpc : null,
            Shape.of(fields -> new HealthCheck.Grpc(fields.find(SERVICE)), SERVICE),
            "grpc.health.v1.Health/Check, over TLS in a pool with `tls`");
    private static final Key<HealthCheck, HealthCheck.Dns> DNS = kind("dns",
            check -> check.kind() instanceof HealthCheck.Dns dns ? dns : null, Shape.of(fields -> {
                String name = fields.find(DNS_NAME);
                return name == null ? null : new HealthCheck.Dns(name, fields.get(DNS_TYPE));
            }, DNS_NAME, DNS_TYPE), "a DNS query that must be answered with NOERROR");
    private static final Key<HealthCheck, HealthCheck.Udp> UDP = kind("udp",
            check -> check.kind() instanceof HealthCheck.Udp udp ? udp : null,
            Shape.of(fields -> new HealthCheck.Udp(fields.get(UDP_SEND), fields.find(UDP_EXPECT)), UDP_SEND, UDP_EXPECT),
            "a datagram that must be answered");
    private static final Key<HealthCheck, HealthCheck.Agent> AGENT = kind("agent",
            check -> check.kind() instanceof HealthCheck.Agent agent ? agent : null, Shape.of(fields -> {
                Integer port = fields.find(PORT);
                return port == null ? null : new HealthCheck.Agent(port);
            }, PORT), "HAProxy's agent-check protocol");
    private static final List<Key<HealthCheck, ? extends Kind>> KINDS =
            List.of(HTTP, HTTPS, TCP, TLS, GRPC, DNS, UDP, AGENT);

    private static final Key<HealthCheck, Duration> INTERVAL = Key.of("interval", HealthCheck::interval,
            Scalars.duration(MIN_INTERVAL, MAX), HealthCheck.DEFAULT_INTERVAL, "between two probes of one target");
    private static final Key<HealthCheck, Duration> TIMEOUT = Key.optional("timeout",
            check -> check.timeout().equals(defaultTimeout(check.interval())) ? null : check.timeout(),
            Scalars.duration(MIN_TIMEOUT, MAX),
            "of one probe, from connecting to the verdict; at most the interval, by default 2s or the interval if shorter");
    private static final Key<HealthCheck, Integer> RISE = Key.of("rise", HealthCheck::rise, Scalars.integer(1, MAX_COUNT),
            HealthCheck.DEFAULT_RISE, "successes in a row that make an unhealthy target healthy");
    private static final Key<HealthCheck, Integer> FALL = Key.of("fall", HealthCheck::fall, Scalars.integer(1, MAX_COUNT),
            HealthCheck.DEFAULT_FALL, "failures in a row that make a healthy target unhealthy");

    static final Type<HealthCheck> CHECK = Composites.shortOr(new NoCheck(),
            check -> check.kind() instanceof HealthCheck.None,
            Shape.of(CheckShape::check, HTTP, HTTPS, TCP, TLS, GRPC, DNS, UDP, AGENT, INTERVAL, TIMEOUT, RISE, FALL));

    private CheckShape() {}

    private static <K extends Kind> Key<HealthCheck, K> kind(
            String name, Function<HealthCheck, @Nullable K> value, Shape<K> shape, String says) {
        return Key.optional(name, value, shape, says);
    }

    private static Shape<HealthCheck.Http> http(boolean tls) {
        return Shape.of(fields -> {
            List<StatusRange> expect = fields.get(EXPECT);
            return new HealthCheck.Http(tls, fields.get(PATH), fields.get(METHOD), fields.find(HOST), fields.get(HEADERS),
                    expect.isEmpty() ? HealthCheck.Http.DEFAULT_EXPECT : expect, fields.find(BODY));
        }, PATH, METHOD, HOST, HEADERS, EXPECT, BODY);
    }

    private static @Nullable HealthCheck check(Fields fields) {
        Duration interval = fields.get(INTERVAL);
        Duration given = fields.find(TIMEOUT);
        Duration timeout = given == null ? defaultTimeout(interval) : given;
        Value place = fields.at(TIMEOUT);
        if (place != null && timeout.compareTo(interval) > 0) {
            place.<Object>error("TIMEOUT_ABOVE_INTERVAL", "the timeout " + Units.text(timeout)
                    + " is longer than the interval " + Units.text(interval), "set `timeout` to the interval or less:"
                    + " probes of one target would overlap");
        }
        List<Key<HealthCheck, ? extends Kind>> kinds = KINDS.stream().filter(fields::has).toList();
        if (kinds.size() > 1) {
            return fields.owner().error("ONE_CHECK", "a pool has one kind of check, found "
                    + String.join(", ", kinds.stream().map(Key::name).toList()),
                    "keep one of them");
        }
        Kind kind = kinds.isEmpty() ? HealthCheck.DEFAULT.kind() : fields.find(kinds.getFirst());
        return kind == null ? null
                : new HealthCheck(kind, interval, timeout, fields.get(RISE), fields.get(FALL));
    }

    private static Duration defaultTimeout(Duration interval) {
        return interval.compareTo(HealthCheck.DEFAULT_TIMEOUT) < 0 ? interval : HealthCheck.DEFAULT_TIMEOUT;
    }

    private static @Nullable String requestTarget(String path, Value value) {
        boolean valid = path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        return valid ? path : value.error("INVALID_PATH", "'" + Value.abbreviated(path) + "' is no path",
                "a path begins with / and is percent-encoded");
    }

    /** {@code check: none}. */
    private record NoCheck() implements Type<HealthCheck> {
        @Override
        public @Nullable HealthCheck read(Value value) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            return text.equals("none") ? HealthCheck.NONE
                    : value.error("WRONG_TYPE", "expected an object or none, found '" + Value.abbreviated(text) + "'",
                            "such as { http: { path: /health } }, { tcp: {} } or none");
        }

        @Override
        public Tree write(HealthCheck check) {
            return Tree.text("none");
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("enum", Tree.texts(List.of("none"))).build();
        }

        @Override
        public String says() {
            return "none";
        }
    }

    /** {@code 200} or {@code 200-399}. */
    private record StatusRanges() implements Type<StatusRange> {
        @Override
        public @Nullable StatusRange read(Value value) {
            String text = value.text();
            Matcher match = RANGE.matcher(text == null ? "" : text);
            if (text == null || !match.matches()) {
                return text == null ? null : value.error("INVALID_STATUS",
                        "'" + Value.abbreviated(text) + "' is no status code or range", "write 200 or 200-399");
            }
            int from = Integer.parseInt(match.group(1));
            int to = match.group(2) == null ? from : Integer.parseInt(match.group(2));
            return from <= to ? new StatusRange(from, to)
                    : value.error("INVALID_STATUS", "the range " + text + " is empty", "write the lower code first");
        }

        @Override
        public Tree write(StatusRange range) {
            return range.from() == range.to() ? Tree.number(range.from()) : Tree.text(range.from() + "-" + range.to());
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", Tree.texts(List.of("string", "integer")))
                    .put("pattern", "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$").put("minimum", 100).put("maximum", 599).build();
        }

        @Override
        public String says() {
            return "status code or range of them";
        }
    }
}
