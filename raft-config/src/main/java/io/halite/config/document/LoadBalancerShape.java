package io.halite.config.document;

import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.Protocol;
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

/** Load balancers: listeners, timeouts and limits; routes are {@link RouteShape}'s. Stateless. */
final class LoadBalancerShape {
    private static final Type<Duration> TIMEOUT = Scalars.duration(Duration.ofMillis(1), Duration.ofDays(7));
    /** More than any disk holds, and no product of it overflows. */
    private static final long MAX_BODY = 1L << 50;
    private static final int MIN_HEADERS = 1 << 10;

    private static final Key<Listener, String> NAME = Key.required("name", Listener::name, Scalars.name(),
            "its name, which metrics use as load balancer/name");
    private static final Key<Listener, HostPort> ADDRESS = Key.required("address", Listener::address,
            Scalars.checked(Scalars.spelled(Addresses::hostPort, HostPort::toString, "INVALID_ADDRESS",
                    "address to listen on", "write an IP address and a port: 0.0.0.0:80, 10.0.0.1:80 or [::]:80"),
                    LoadBalancerShape::anIpAddress),
            "where it listens on every node, such as \"0.0.0.0:80\"; port 0 lets the system choose");
    private static final Key<Listener, Protocol> PROTOCOL = Key.required("protocol", Listener::protocol,
            Scalars.choice(List.of(Protocol.values()), Protocol::key), "one of http, https, tcp, tls, udp");
    private static final Key<Listener, List<String>> CERTIFICATES = Key.of("certificates", Listener::certificates,
            Composites.list(Scalars.reference("certificates")), List.of(),
            "what an https listener serves; the first is the default");
    private static final Key<Listener, String> POOL = Key.optional("pool", Listener::pool, Scalars.reference("pools"),
            "where a tcp, tls or udp listener relays to");
    private static final Shape<Listener> LISTENER =
            Shape.of(LoadBalancerShape::listener, NAME, ADDRESS, PROTOCOL, CERTIFICATES, POOL);

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
            Timeouts.DEFAULT.tunnel(), "without a byte in either direction, after an upgrade or in a relay");
    private static final Shape<Timeouts> TIMEOUTS_SHAPE = Shape.of(fields -> new Timeouts(fields.get(CONNECT),
            fields.get(REQUEST_HEADER), fields.get(REQUEST_BODY), fields.get(RESPONSE_HEADER), fields.get(IDLE),
            fields.get(TUNNEL)), CONNECT, REQUEST_HEADER, REQUEST_BODY, RESPONSE_HEADER, IDLE, TUNNEL);

    private static final Key<Limits, Long> BODY = Key.optional("body",
            limits -> limits.body() == Limits.UNLIMITED ? null : limits.body(), Scalars.size(0, MAX_BODY),
            "bytes of a request body; by default without limit");
    private static final Key<Limits, Long> HEADERS = Key.of("headers", limits -> (long) limits.headers(),
            Scalars.size(MIN_HEADERS, Limits.MAX_HEADERS), (long) Limits.DEFAULT.headers(), "bytes of a request head");
    private static final Key<Limits, Integer> HEADER_COUNT = Key.of("headerCount", Limits::headerCount,
            Scalars.integer(1, Limits.MAX_HEADER_COUNT), Limits.DEFAULT.headerCount(), "header lines of a request");
    private static final Shape<Limits> LIMITS_SHAPE = Shape.of(LoadBalancerShape::limits, BODY, HEADERS, HEADER_COUNT);

    private static final Key<LoadBalancer, String> DOMAIN = Key.optional("domain", LoadBalancer::domain,
            HttpWords.DNS_NAME, "the name that the DNS responder answers with the nodes, when one of the zones covers it");
    private static final Key<LoadBalancer, List<Listener>> LISTENERS = Key.of("listeners", LoadBalancer::listeners,
            Composites.list(LISTENER), List.of(), "where clients connect");
    private static final Key<LoadBalancer, List<Route>> ROUTES = Key.of("routes", LoadBalancer::routes,
            new RouteShape.Routes(), List.of(), "where requests of http and https listeners go; the first that matches");
    private static final Key<LoadBalancer, Timeouts> TIMEOUTS = Key.of("timeouts", LoadBalancer::timeouts, TIMEOUTS_SHAPE,
            Timeouts.DEFAULT, "how long to wait for what");
    private static final Key<LoadBalancer, Limits> LIMITS = Key.of("limits", LoadBalancer::limits, LIMITS_SHAPE,
            Limits.DEFAULT, "what a client may send");

    static final Shape<LoadBalancer> LOAD_BALANCER =
            Shape.of(LoadBalancerShape::loadBalancer, DOMAIN, LISTENERS, ROUTES, TIMEOUTS, LIMITS);

    private LoadBalancerShape() {}

    private static LoadBalancer loadBalancer(Fields fields) {
        List<Listener> listeners = fields.get(LISTENERS);
        List<Route> routes = fields.get(ROUTES);
        Reading reading = fields.owner().reading();
        UniqueNames.check(reading, listeners, Listener::name, "listener");
        UniqueNames.check(reading, routes, Route::name, "route");
        if (!reading.hasErrors()) {
            warnOfUnreachable(reading, routes);
        }
        boolean routed = listeners.stream().anyMatch(listener -> listener.protocol().isRouted());
        Value routesPlace = fields.at(ROUTES);
        if (routesPlace != null && !routed && !listeners.isEmpty()) {
            routesPlace.warning("ROUTES_UNUSED", "the load balancer has routes but no http or https listener", "");
        }
        return new LoadBalancer(fields.find(DOMAIN), listeners, routes, fields.get(TIMEOUTS), fields.get(LIMITS));
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

    private static @Nullable Listener listener(Fields fields) {
        String name = fields.find(NAME);
        HostPort address = fields.find(ADDRESS);
        Protocol protocol = fields.find(PROTOCOL);
        if (protocol != null) {
            checkParts(fields, protocol);
        }
        if (name == null || address == null || protocol == null) {
            return null;
        }
        Listener listener = new Listener(name, address, protocol, fields.get(CERTIFICATES), fields.find(POOL));
        fields.owner().reading().remember(listener, fields.owner());
        return listener;
    }

    private static void checkParts(Fields fields, Protocol protocol) {
        Value owner = fields.owner();
        Value pool = fields.at(POOL);
        Value certificates = fields.at(CERTIFICATES);
        if (protocol.isRouted() && pool != null) {
            pool.<Object>error("POOL_NOT_ALLOWED", "an " + protocol.key() + " listener has no pool of its own",
                    "its requests go where the routes say; use `routes: [ { forward: … } ]`");
        }
        if (!protocol.isRouted() && pool == null) {
            owner.<Object>error("MISSING_KEY", "'pool' is missing", "a " + protocol.key() + " listener relays to one pool");
        }
        if (protocol == Protocol.HTTPS && fields.get(CERTIFICATES).isEmpty()) {
            owner.<Object>error("MISSING_KEY", "'certificates' is missing",
                    "an https listener serves at least one certificate");
        }
        if (protocol != Protocol.HTTPS && certificates != null) {
            certificates.<Object>error("CERTIFICATES_NOT_ALLOWED", "only an https listener serves certificates",
                    protocol == Protocol.TLS ? "a tls listener passes TLS through to its pool" : "");
        }
    }

    private static @Nullable HostPort anIpAddress(HostPort address, Value value) {
        return Addresses.ip(address.host()) != null ? address : value.error("INVALID_ADDRESS",
                "a listener needs an IP address, not the name '" + address.host() + "'",
                "use 0.0.0.0 for every address of the node");
    }

    private static Limits limits(Fields fields) {
        Long body = fields.find(BODY);
        return new Limits(body == null ? Limits.UNLIMITED : body, Math.toIntExact(fields.get(HEADERS)),
                fields.get(HEADER_COUNT));
    }
}
