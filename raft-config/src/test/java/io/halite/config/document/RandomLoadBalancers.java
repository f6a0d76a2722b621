package io.halite.config.document;

import io.halite.config.AccessList;
import io.halite.config.AccessLog;
import io.halite.config.Action;
import io.halite.config.Cidr;
import io.halite.config.HeaderEdits;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.ListenerTls;
import io.halite.config.LoadBalancer;
import io.halite.config.PathMatch;
import io.halite.config.Protocol;
import io.halite.config.Rewrite;
import io.halite.config.PathForm;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.RouteSettings;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Draws load balancers for {@link RandomConfig}. */
final class RandomLoadBalancers {
    private final RandomConfig random;
    private final List<String> pools;
    private final List<String> certificates;
    private int ports = 1024;

    RandomLoadBalancers(RandomConfig random, List<String> pools, List<String> certificates) {
        this.random = random;
        this.pools = pools;
        this.certificates = certificates;
    }

    SortedMap<String, LoadBalancer> next() {
        return random.named(3, name -> loadBalancer());
    }

    private LoadBalancer loadBalancer() {
        List<Listener> listeners = random.unique(random.some(4, this::listener), Listener::name);
        List<Route> routes = new ArrayList<>();
        for (int i = random.below(5); i > 0; i--) {
            String name = random.flip() ? "r" + (routes.size() + 1) : "n" + routes.size();
            routes.add(route(name, random.or(RouteMatch.ANY, this::match)));
        }
        return new LoadBalancer(random.maybe(() -> "d" + ports++ + ".example.net"), listeners, routes,
                random.or(Timeouts.DEFAULT, this::timeouts),
                random.or(Limits.DEFAULT, this::limits), access(), random.some(2, this::cidr),
                random.or(AccessLog.DEFAULT, () -> new AccessLog(random.from(0, 100))),
                random.pick(List.of(PathForm.values())));
    }

    private Timeouts timeouts() {
        Supplier<Duration> timeout = () -> random.duration(Duration.ofMillis(1), Duration.ofDays(7));
        return new Timeouts(timeout.get(), timeout.get(), Timeouts.DEFAULT.requestBody(), timeout.get(), timeout.get(),
                timeout.get(), random.or(Timeouts.DEFAULT.session(), timeout), random.maybe(timeout),
                random.or(Timeouts.DEFAULT.drain(), timeout));
    }

    private Limits limits() {
        Supplier<Integer> connections = () -> random.or(Limits.NO_LIMIT, () -> random.from(1, 1_000_000));
        return new Limits(random.or(Limits.UNLIMITED, () -> (long) random.from(0, 1 << 30)),
                random.or(32 * 1024, () -> random.from(1 << 10, Limits.MAX_HEADERS)),
                random.from(1, Limits.MAX_HEADER_COUNT), connections.get(), connections.get(),
                random.or(Limits.SLOWEST, () -> random.from(0, 1 << 20)), random.from(0, 1 << 20));
    }

    private AccessList access() {
        return random.or(AccessList.EVERYBODY, () -> new AccessList(random.some(2, this::cidr), random.some(2, this::cidr)));
    }

    private Cidr cidr() {
        return Documents.cidr(random.pick(List.of("10.0.0.0/8", "::1", "2001:db8::/32", "192.0.2.1", "0.0.0.0/0")));
    }

    private Listener listener() {
        Protocol protocol = protocol();
        HostPort address = new HostPort(random.pick(List.of("0.0.0.0", "::", "127.0.0.1", "::1")),
                random.flip() ? 0 : ports++);
        SortedMap<String, String> serverNames = new TreeMap<>();
        if (protocol == Protocol.TLS) {
            random.some(2, () -> serverNames.put(host(), random.pick(pools)));
        }
        boolean routed = protocol.isRouted();
        String pool = routed ? null : serverNames.isEmpty() ? random.pick(pools) : random.maybe(() -> random.pick(pools));
        return new Listener(random.name(), address, protocol,
                protocol == Protocol.HTTPS ? List.of(random.pick(certificates), random.pick(certificates)) : List.of(), pool,
                serverNames, !routed || random.flip(), protocol == Protocol.HTTPS ? tls() : ListenerTls.DEFAULT,
                protocol == Protocol.UDP ? List.of() : random.some(2, this::cidr));
    }

    /** A protocol for which there are certificates and pools. */
    private Protocol protocol() {
        Protocol protocol = random.pick(List.of(Protocol.values()));
        boolean possible = protocol == Protocol.HTTPS ? !certificates.isEmpty() : protocol.isRouted() || !pools.isEmpty();
        return possible ? protocol : Protocol.HTTP;
    }

    private ListenerTls tls() {
        return random.or(ListenerTls.DEFAULT, () -> new ListenerTls(random.pick(List.of(ListenerTls.Version.values())),
                random.maybe(() -> new ListenerTls.ClientCertificates(random.flip(), random.pick(certificates)))));
    }

    private String host() {
        return random.pick(List.of("shop.example.com", "*.example.com", "10.0.0.1"));
    }

    private RouteMatch match() {
        Supplier<SortedMap<String, String>> pairs = () -> {
            SortedMap<String, String> drawn = new TreeMap<>();
            random.some(2, () -> drawn.put("k-" + random.from(0, 9), random.text()));
            return drawn;
        };
        return new RouteMatch(random.some(3, this::host), random.or(PathMatch.ANY, this::path),
                random.some(2, () -> random.pick(List.of("GET", "POST", "M-SEARCH"))), pairs.get(), pairs.get(), pairs.get(),
                random.some(2, this::cidr));
    }

    private PathMatch path() {
        return random.pick(List.of(new PathMatch.Exact("/old"), new PathMatch.Prefix("/app"), new PathMatch.Prefix("/a*"),
                new PathMatch.Glob("/**/*.png"), new PathMatch.Regex("/v[0-9]+/.*"), new PathMatch.Prefix("/")));
    }

    private Route route(String name, RouteMatch match) {
        Action action = action();
        HeaderEdits responseHeaders = edits();
        RouteSettings settings = action instanceof Action.Forward
                ? new RouteSettings(rewrite(match), edits(), responseHeaders, access(),
                        random.maybe(() -> Duration.ofMillis(random.from(1, 9_999))))
                : new RouteSettings(Rewrite.NONE, HeaderEdits.NONE, responseHeaders, access(), null);
        return new Route(name, match, action, settings);
    }

    private Rewrite rewrite(RouteMatch match) {
        Rewrite.@Nullable Path path = random.maybe(() -> random.pick(List.of(new Rewrite.Whole("/fixed"),
                new Rewrite.Regex("^/(.*)$", random.pick(List.of("/new/$1", "/$$", "$0"))))));
        boolean prefix = match.path() instanceof PathMatch.Prefix && random.flip();
        return random.or(Rewrite.NONE, () -> new Rewrite(random.maybe(random::dnsName),
                prefix ? new Rewrite.Prefix("/new") : path));
    }

    private HeaderEdits edits() {
        Supplier<SortedMap<String, String>> fields = () -> {
            SortedMap<String, String> drawn = new TreeMap<>();
            random.some(2, () -> drawn.put("x-h" + random.from(0, 9), random.line()));
            return drawn;
        };
        return random.or(HeaderEdits.NONE, () -> new HeaderEdits(fields.get(), fields.get(),
                random.some(2, () -> "x-r" + random.from(0, 9))));
    }

    private Action action() {
        return switch (random.below(pools.isEmpty() ? 2 : 4)) {
            case 0 -> new Action.Redirect(random.pick(List.of("/new", "https://example.com/?a=b", "https://{host}{path}{query}")),
                    random.pick(List.of(301, 302, 303, 307, 308)));
            case 1 -> new Action.Respond(random.from(200, 599), random.text(),
                    random.or(Action.Respond.DEFAULT_CONTENT_TYPE, () -> "application/json"));
            default -> new Action.Forward(List.of(weighted(), weighted()).subList(0, random.from(1, 2)));
        };
    }

    private Action.WeightedPool weighted() {
        return new Action.WeightedPool(random.pick(pools),
                random.or(Target.DEFAULT_WEIGHT, () -> random.from(1, Target.MAX_WEIGHT)));
    }
}
