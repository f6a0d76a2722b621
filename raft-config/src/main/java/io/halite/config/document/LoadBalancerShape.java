package io.halite.config.document;

import io.halite.config.AccessList;
import io.halite.config.AccessLog;
import io.halite.config.Cidr;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.PathForm;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Timeouts;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Load balancers: timeouts, limits and access; listeners and routes have shapes of their own. Stateless. */
final class LoadBalancerShape {
    static final Type<Duration> TIMEOUT = Scalars.duration(Duration.ofMillis(1), Duration.ofDays(7));
    /** More than any disk holds, and no product of it overflows. */
    private static final long MAX_BODY = 1L << 50;
    private static final long MAX_RATE = 1L << 20;
    private static final int MIN_HEADERS = 1 << 10;

    private static final Key<Timeouts, Duration> CONNECT = Key.of("connect", Timeouts::connect, TIMEOUT,
            Timeouts.DEFAULT.connect(), "for a connection to a target");
    private static final Key<Timeouts, Duration> REQUEST_HEADER = Key.of("requestHeader", Timeouts::requestHeader, TIMEOUT,
            Timeouts.DEFAULT.requestHeader(), "for the whole head of a request, from its first byte");
    private static final Key<Timeouts, Duration> REQUEST_BODY = Key.of("requestBody", Timeouts::requestBody, TIMEOUT,
            Timeouts.DEFAULT.requestBody(), "between two reads of a request body");
    private static final Key<Timeouts, Duration> RESPONSE_HEADER = Key.of("responseHeader", Timeouts::responseHeader,
            TIMEOUT, Timeouts.DEFAULT.responseHeader(), "from the end of the request to the head of the response");
    private static final Key<Timeouts, Duration> IDLE = Key.of("idle", Timeouts::idle, TIMEOUT, Timeouts.DEFAULT.idle(),
            "of a kept-alive client connection, and between two reads of a response body");
    private static final Key<Timeouts, Duration> TUNNEL = Key.of("tunnel", Timeouts::tunnel, TIMEOUT,
            Timeouts.DEFAULT.tunnel(),
            "without a byte in either direction: after an upgrade, in a relay, between server-sent events");
    private static final Key<Timeouts, Duration> SESSION = Key.of("session", Timeouts::session, TIMEOUT,
            Timeouts.DEFAULT.session(), "of a UDP session without a datagram");
    private static final Key<Timeouts, Duration> TOTAL = Key.optional("total", Timeouts::total, TIMEOUT,
            "from the first byte of a request to the last of its response, retries included; by default without limit");
    private static final Key<Timeouts, Duration> DRAIN = Key.of("drain", Timeouts::drain, TIMEOUT, Timeouts.DEFAULT.drain(),
            "for connections to end by themselves when their listener is removed or their node is drained");
    private static final Shape<Timeouts> TIMEOUTS_SHAPE = Shape.of(fields -> new Timeouts(fields.get(CONNECT),
            fields.get(REQUEST_HEADER), fields.get(REQUEST_BODY), fields.get(RESPONSE_HEADER), fields.get(IDLE),
            fields.get(TUNNEL), fields.get(SESSION), fields.find(TOTAL), fields.get(DRAIN)), CONNECT,
            REQUEST_HEADER, REQUEST_BODY, RESPONSE_HEADER, IDLE, TUNNEL, SESSION, TOTAL, DRAIN);

    private static final Key<Limits, Long> BODY = Key.optional("body",
            limits -> limits.body() == Limits.UNLIMITED ? null : limits.body(), Scalars.size(0, MAX_BODY),
            "bytes of a request body; by default without limit");
    private static final Key<Limits, Long> HEADERS = Key.of("headers", limits -> (long) limits.headers(),
            Scalars.size(MIN_HEADERS, Limits.MAX_HEADERS), (long) Limits.DEFAULT.headers(), "bytes of a request head");
    private static final Key<Limits, Integer> HEADER_COUNT = Key.of("headerCount", Limits::headerCount,
            Scalars.integer(1, Limits.MAX_HEADER_COUNT), Limits.DEFAULT.headerCount(), "header lines of a request");
    private static final Key<Limits, Integer> CONNECTIONS = Key.optional("connections",
            limits -> unlessUnlimited(limits.connections()), Scalars.integer(1, UpstreamShape.MAX_COUNT),
            "open connections of each listener on one node, of udp sessions; by default what the node can hold");
    private static final Key<Limits, Integer> PER_SOURCE = Key.optional("connectionsPerSource",
            limits -> unlessUnlimited(limits.connectionsPerSource()), Scalars.integer(1, UpstreamShape.MAX_COUNT),
            "those of one client address (IPv6: one /64); by default without limit");
    private static final Key<Limits, Long> REQUEST_RATE = Key.of("requestRate", limits -> (long) limits.requestRate(),
            Scalars.size(0, MAX_RATE), (long) Limits.SLOWEST,
            "bytes a second of a request body below which timeouts.requestBody runs out; 0B counts any byte as progress");
    private static final Key<Limits, Long> RESPONSE_RATE = Key.of("responseRate", limits -> (long) limits.responseRate(),
            Scalars.size(0, MAX_RATE), (long) Limits.SLOWEST,
            "bytes a second taken of a response that waits below which timeouts.idle runs out; 0B counts any byte");
    private static final Shape<Limits> LIMITS_SHAPE = Shape.of(LoadBalancerShape::limits, BODY, HEADERS, HEADER_COUNT,
            CONNECTIONS, PER_SOURCE, REQUEST_RATE, RESPONSE_RATE);

    private static final Key<AccessLog, Integer> SAMPLE = Key.of("sample", AccessLog::sample, Scalars.percent(0, 100),
            AccessLog.DEFAULT.sample(), "share of the successful requests that are logged; failed ones always are");

    private static final Key<LoadBalancer, String> DOMAIN = Key.optional("domain", LoadBalancer::domain,
            HttpWords.DNS_NAME, "the name that the DNS responder answers with the nodes, when one of the zones covers it");
    private static final Key<LoadBalancer, List<Listener>> LISTENERS = Key.of("listeners", LoadBalancer::listeners,
            Composites.list(ListenerShape.LISTENER), List.of(), "where clients connect");
    private static final Key<LoadBalancer, List<Route>> ROUTES = Key.of("routes", LoadBalancer::routes,
            new RouteShape.Routes(), List.of(), "where requests of http and https listeners go; the first that matches");
    private static final Key<LoadBalancer, Timeouts> TIMEOUTS = Key.of("timeouts", LoadBalancer::timeouts, TIMEOUTS_SHAPE,
            Timeouts.DEFAULT, "how long to wait for what");
    private static final Key<LoadBalancer, Limits> LIMITS = Key.of("limits", LoadBalancer::limits, LIMITS_SHAPE,
            Limits.DEFAULT, "what a client may send");

    private static final Key<LoadBalancer, AccessList> ACCESS = Key.of("access", LoadBalancer::access,
            RouteEditShape.ACCESS, AccessList.EVERYBODY,
            "who may use the listeners; other requests are answered 403, other connections closed");
    private static final Key<LoadBalancer, List<Cidr>> TRUSTED_PROXIES = Key.of("trustedProxies",
            LoadBalancer::trustedProxies, Composites.oneOrMore(Addresses.CIDR), List.<Cidr>of(),
            "senders whose X-Forwarded and Forwarded headers are believed and added to; those of others are replaced");
    private static final Key<LoadBalancer, AccessLog> ACCESS_LOG = Key.of("accessLog", LoadBalancer::accessLog,
            Shape.of(fields -> new AccessLog(fields.get(SAMPLE)), SAMPLE), AccessLog.DEFAULT,
            "what of the requests is logged; where to is an option of each node");

    private static final Key<LoadBalancer, PathForm> PATHS = Key.of("paths", LoadBalancer::paths,
            Scalars.choice(List.of(PathForm.values()), PathForm::key), PathForm.NORMALIZED,
            "in which form routes see paths: normalized, strict (the same, and encoded slashes are refused), or asSent");

    static final Shape<LoadBalancer> LOAD_BALANCER = Shape.of(LoadBalancerShape::loadBalancer, DOMAIN, LISTENERS, ROUTES,
            TIMEOUTS, LIMITS, ACCESS, TRUSTED_PROXIES, ACCESS_LOG, PATHS);

    private LoadBalancerShape() {}

    private static LoadBalancer loadBalancer(Fields fields) {
        List<Listener> listeners = fields.get(LISTENERS);
        List<Route> routes = fields.get(ROUTES);
        Reading reading = fields.owner().reading();
        UniqueNames.check(reading, listeners, Listener::name, "listener");
        UniqueNames.check(reading, routes, Route::name, "route");
        if (!reading.hasErrors()) {
            warnOfUnreachable(reading, routes);
            RoutePaths.check(reading, routes, fields.get(PATHS));
        }
        boolean routed = listeners.stream().anyMatch(listener -> listener.protocol().isRouted());
        Value routesPlace = fields.at(ROUTES);
        if (routesPlace != null && !routed && !listeners.isEmpty()) {
            routesPlace.warning("ROUTES_UNUSED", "the load balancer has routes but no http or https listener",
                    "add a listener, or remove the routes");
        }
        LoadBalancer read = new LoadBalancer(fields.find(DOMAIN), listeners, routes, fields.get(TIMEOUTS),
                fields.get(LIMITS), fields.get(ACCESS), fields.get(TRUSTED_PROXIES), fields.get(ACCESS_LOG),
                fields.get(PATHS));
        reading.remember(read, fields.owner());
        return read;
    }

    /** Only for a document without errors: a match that could not be read would seem to match everything. */
    private static void warnOfUnreachable(Reading reading, List<Route> routes) {
        Route matchesAll = null;
        for (Route route : routes) {
            if (matchesAll != null) {
                reading.placeOf(route).warning("UNREACHABLE_ROUTE", "no request gets to the route '" + route.name() + "'",
                        "the earlier route '" + matchesAll.name() + "' matches everything");
            } else if (route.match().equals(RouteMatch.ANY)) {
                matchesAll = route;
            }
        }
    }

    private static Limits limits(Fields fields) {
        Long body = fields.find(BODY);
        return new Limits(body == null ? Limits.UNLIMITED : body, Math.toIntExact(fields.get(HEADERS)),
                fields.get(HEADER_COUNT), orUnlimited(fields.find(CONNECTIONS)), orUnlimited(fields.find(PER_SOURCE)),
                Math.toIntExact(fields.get(REQUEST_RATE)), Math.toIntExact(fields.get(RESPONSE_RATE)));
    }

    private static int orUnlimited(@Nullable Integer limit) {
        return limit == null ? Limits.NO_LIMIT : limit;
    }

    private static @Nullable Integer unlessUnlimited(int limit) {
        return limit == Limits.NO_LIMIT ? null : (Integer) limit;
    }
}
