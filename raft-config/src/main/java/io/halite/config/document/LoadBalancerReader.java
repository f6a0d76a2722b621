package io.halite.config.document;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.halite.config.Action;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.PathMatch;
import io.halite.config.Protocol;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads load balancers: listeners, routes, timeouts and limits. Stateless. */
final class LoadBalancerReader {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final List<Integer> REDIRECT_CODES = List.of(301, 302, 303, 307, 308);

    private LoadBalancerReader() {}

    static @Nullable LoadBalancer read(String name, Value value) {
        Fields fields = value.fields("domain", "listeners", "routes", "timeouts", "limits");
        if (fields == null) {
            return null;
        }
        List<Listener> listeners = listeners(name, fields);
        List<Route> routes = routes(fields);
        boolean routed = listeners.stream().anyMatch(listener -> listener.protocol().isRouted());
        Value routesValue = fields.get("routes");
        if (routesValue != null && !routed && !listeners.isEmpty()) {
            value.reading().warning(routesValue, "ROUTES_UNUSED",
                    "the load balancer has routes but no http or https listener", "");
        }
        return new LoadBalancer(fields.optional("domain", v -> dnsName(v, false)), listeners, routes,
                fields.read("timeouts", Timeouts.DEFAULT, LoadBalancerReader::timeouts),
                fields.read("limits", Limits.DEFAULT, LoadBalancerReader::limits));
    }

    static @Nullable String dnsName(Value value, boolean wildcard) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        String name = text.toLowerCase(Locale.ROOT);
        boolean valid = Addresses.isDnsName(wildcard && name.startsWith("*.") ? name.substring(2) : name)
                || (wildcard && Addresses.ip(name) != null);
        return valid ? name : value.error("INVALID_DNS_NAME", "'" + text + "' is no DNS name",
                wildcard ? "write shop.example.com or *.example.com, without a port" : "write shop.example.com");
    }

    private static List<Listener> listeners(String loadBalancer, Fields fields) {
        Set<String> names = new HashSet<>();
        return fields.list("listeners", value -> {
            Listener listener = listener(value);
            if (listener != null) {
                unique(names, listener.name(), value, "listener");
                value.reading().listeners.add(new Reading.PlacedListener(loadBalancer, listener, value));
            }
            return listener;
        });
    }

    static void unique(Set<String> names, String name, Value value, String what) {
        if (!names.add(name)) {
            value.error("DUPLICATE_NAME", "the " + what + " name '" + name + "' was given already",
                    "names must differ within their list; set `name`");
        }
    }

    private static @Nullable Listener listener(Value value) {
        Fields fields = value.fields("name", "address", "protocol", "certificates", "pool");
        if (fields == null) {
            return null;
        }
        Value nameValue = fields.required("name", "every listener has a name of its own");
        Value addressValue = fields.required("address", "such as \"0.0.0.0:80\"");
        Value protocolValue = fields.required("protocol", "one of http, https, tcp, tls, udp");
        String name = nameValue == null ? null : nameValue.name();
        HostPort address = addressValue == null ? null : listenAddress(addressValue);
        Protocol protocol = protocolValue == null ? null
                : protocolValue.choice(List.of(Protocol.values()), Protocol::key);
        List<String> certificates = fields.listOrOne("certificates", item -> item.reference("certificates"));
        String pool = fields.optional("pool", item -> item.reference("pools"));
        if (name == null || address == null || protocol == null) {
            return null;
        }
        checkParts(fields, protocol);
        return new Listener(name, address, protocol, certificates, pool);
    }

    private static void checkParts(Fields fields, Protocol protocol) {
        Value owner = fields.owner();
        if (protocol.isRouted() && fields.has("pool")) {
            owner.error("POOL_NOT_ALLOWED", "an " + protocol.key() + " listener has no pool of its own",
                    "its requests go where the routes say; use `routes: [ { forward: … } ]`");
        }
        if (!protocol.isRouted() && !fields.has("pool")) {
            owner.error("MISSING_KEY", "'pool' is missing", "a " + protocol.key() + " listener relays to one pool");
        }
        if (protocol == Protocol.HTTPS && !fields.has("certificates")) {
            owner.error("MISSING_KEY", "'certificates' is missing", "an https listener serves at least one certificate");
        }
        if (protocol != Protocol.HTTPS && fields.has("certificates")) {
            owner.error("CERTIFICATES_NOT_ALLOWED", "only an https listener serves certificates", "");
        }
    }

    private static @Nullable HostPort listenAddress(Value value) {
        HostPort address = value.parsed(Addresses::hostPort, "INVALID_ADDRESS", "address to listen on",
                "write an IP address and a port: 0.0.0.0:80, 10.0.0.1:80 or [::]:80");
        if (address != null && Addresses.ip(address.host()) == null) {
            return value.error("INVALID_ADDRESS", "a listener needs an IP address, not the name '" + address.host() + "'",
                    "use 0.0.0.0 for every address of the node");
        }
        return address;
    }

    private static List<Route> routes(Fields fields) {
        Value routes = fields.get("routes");
        if (routes == null) {
            return List.of();
        }
        List<Route> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int matchAll = -1;
        List<Value> items = routes.items();
        for (int i = 0; i < items.size(); i++) {
            Route route = route(items.get(i), i + 1);
            if (route == null) {
                continue;
            }
            unique(names, route.name(), items.get(i), "route");
            if (matchAll >= 0) {
                items.get(i).reading().warning(items.get(i), "UNREACHABLE_ROUTE", "no request gets here",
                        "an earlier route, the " + (matchAll + 1) + ". of the list, matches everything");
            }
            matchAll = matchAll < 0 && route.match().equals(RouteMatch.ANY) ? i : matchAll;
            read.add(route);
        }
        return read;
    }

    private static @Nullable Route route(Value value, int position) {
        Fields fields = value.fields("name", "match", "forward", "redirect", "respond");
        if (fields == null) {
            return null;
        }
        String name = fields.read("name", "r" + position, Value::name);
        RouteMatch match = fields.read("match", RouteMatch.ANY, LoadBalancerReader::match);
        List<String> actions = List.of("forward", "redirect", "respond").stream().filter(fields::has).toList();
        if (actions.size() != 1) {
            return value.error("ONE_ACTION", actions.isEmpty() ? "the route does nothing"
                    : "the route has more than one action: " + String.join(", ", actions),
                    "give exactly one of forward, redirect and respond");
        }
        Action action = switch (actions.getFirst()) {
            case "forward" -> fields.optional("forward", LoadBalancerReader::forward);
            case "redirect" -> fields.optional("redirect", LoadBalancerReader::redirect);
            default -> fields.optional("respond", LoadBalancerReader::respond);
        };
        return action == null ? null : new Route(name, match, action);
    }

    private static @Nullable Action forward(Value value) {
        List<Action.WeightedPool> pools = new ArrayList<>();
        for (Value item : value.itemsOrSelf()) {
            Action.WeightedPool pool = weightedPool(item);
            if (pool != null) {
                pools.add(pool);
            }
        }
        if (!pools.isEmpty() && pools.stream().allMatch(pool -> pool.weight() == 0)) {
            value.reading().warning(value, "NO_WEIGHT", "every pool has weight 0, so every request is answered 503", "");
        }
        return pools.isEmpty() ? null : new Action.Forward(pools);
    }

    private static Action.@Nullable WeightedPool weightedPool(Value value) {
        if (!value.isObject()) {
            String name = value.reference("pools");
            return name == null ? null : new Action.WeightedPool(name, Target.DEFAULT_WEIGHT);
        }
        Fields fields = value.fields("pool", "weight");
        Value pool = fields == null ? null : fields.required("pool", "the name of a pool");
        String name = pool == null ? null : pool.reference("pools");
        return fields == null || name == null ? null : new Action.WeightedPool(name,
                fields.integer("weight", Target.DEFAULT_WEIGHT, Target.MIN_WEIGHT, Target.MAX_WEIGHT));
    }

    private static @Nullable Action redirect(Value value) {
        Fields fields = value.fields("to", "code");
        Value to = fields == null ? null : fields.required("to", "an absolute URL or a path");
        String target = to == null ? null : to.line("the target of a redirect");
        if (fields == null || to == null || target == null) {
            return null;
        }
        if (!target.startsWith("/") && !target.startsWith("http://") && !target.startsWith("https://")) {
            return to.error("INVALID_REDIRECT", "'" + target + "' is neither a URL nor a path",
                    "write https://… or /…");
        }
        int code = fields.read("code", Action.Redirect.DEFAULT_CODE,
                v -> v.choice(REDIRECT_CODES, number -> Integer.toString(number)));
        return new Action.Redirect(target, code);
    }

    private static @Nullable Action respond(Value value) {
        Fields fields = value.fields("status", "body", "contentType");
        return fields == null ? null : new Action.Respond(fields.integer("status", 200, 200, 599),
                fields.read("body", "", Value::text),
                fields.read("contentType", Action.Respond.DEFAULT_CONTENT_TYPE, v -> v.line("a content type")));
    }

    private static @Nullable RouteMatch match(Value value) {
        Fields fields = value.fields("host", "path", "method", "header", "query", "cookie", "source");
        return fields == null ? null : new RouteMatch(
                fields.listOrOne("host", v -> dnsName(v, true)),
                fields.read("path", PathMatch.ANY, LoadBalancerReader::path),
                fields.listOrOne("method", LoadBalancerReader::method),
                pairs(fields, "header", true), pairs(fields, "query", false), pairs(fields, "cookie", false),
                fields.listOrOne("source", v -> v.parsed(Addresses::cidr, "INVALID_CIDR", "address range",
                        "write 10.0.0.0/8 or 2001:db8::/32")));
    }

    private static @Nullable String method(Value value) {
        String text = value.text();
        boolean token = text != null && !text.isEmpty() && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
        return text == null || token ? text
                : value.error("INVALID_METHOD", "'" + text + "' is no method", "methods are upper case: GET, POST");
    }

    private static SortedMap<String, String> pairs(Fields fields, String key, boolean lowerCase) {
        SortedMap<String, String> pairs = new TreeMap<>();
        List<Map.Entry<String, Value>> entries = fields.optional(key, Value::named);
        for (Map.Entry<String, Value> entry : entries == null ? List.<Map.Entry<String, Value>>of() : entries) {
            String value = entry.getValue().text();
            if (value != null) {
                pairs.put(lowerCase ? entry.getKey().toLowerCase(Locale.ROOT) : entry.getKey(), value);
            }
        }
        return pairs;
    }

    private static @Nullable PathMatch path(Value value) {
        if (!value.isObject()) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            return text.endsWith("*") ? prefix(value, text.substring(0, text.length() - 1))
                    : absolute(value, text) ? new PathMatch.Exact(text) : null;
        }
        Fields fields = value.fields("prefix", "glob", "regex");
        if (fields == null) {
            return null;
        }
        if (List.of("prefix", "glob", "regex").stream().filter(fields::has).count() != 1) {
            return value.error("ONE_PATH", "give exactly one of prefix, glob and regex", "");
        }
        if (fields.has("regex")) {
            return fields.optional("regex", LoadBalancerReader::regex);
        }
        return fields.has("glob") ? fields.optional("glob", v -> {
            String glob = v.text();
            return glob != null && absolute(v, glob) ? new PathMatch.Glob(glob) : null;
        }) : fields.optional("prefix", v -> {
            String text = v.text();
            return text == null ? null : prefix(v, text);
        });
    }

    private static @Nullable PathMatch prefix(Value value, String prefix) {
        return absolute(value, prefix) ? new PathMatch.Prefix(prefix) : null;
    }

    private static boolean absolute(Value value, String path) {
        boolean valid = path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#');
        if (!valid) {
            value.error("INVALID_PATH", "'" + path + "' is no path",
                    "a path begins with / and is percent-encoded; the query is matched by `query`");
        }
        return valid;
    }

    private static @Nullable PathMatch regex(Value value) {
        String expression = value.text();
        if (expression == null) {
            return null;
        }
        try {
            Pattern.compile(expression);
            return new PathMatch.Regex(expression);
        } catch (PatternSyntaxException e) {
            return value.error("INVALID_REGEX", "not an RE2 expression: " + e.getDescription(),
                    "RE2 has no look-around and no back references, so that matching takes linear time");
        }
    }

    private static @Nullable Timeouts timeouts(Value value) {
        Fields fields = value.fields("connect", "requestHeader", "requestBody", "responseHeader", "idle", "tunnel");
        Timeouts base = Timeouts.DEFAULT;
        return fields == null ? null : new Timeouts(timeout(fields, "connect", base.connect()),
                timeout(fields, "requestHeader", base.requestHeader()), timeout(fields, "requestBody", base.requestBody()),
                timeout(fields, "responseHeader", base.responseHeader()), timeout(fields, "idle", base.idle()),
                timeout(fields, "tunnel", base.tunnel()));
    }

    private static Duration timeout(Fields fields, String key, Duration fallback) {
        return fields.duration(key, fallback, SHORTEST, LONGEST);
    }

    private static @Nullable Limits limits(Value value) {
        Fields fields = value.fields("body", "headers", "headerCount");
        return fields == null ? null : new Limits(fields.size("body", Limits.DEFAULT.body(), 0, Limits.UNLIMITED),
                (int) fields.size("headers", Limits.DEFAULT.headers(), 1 << 10, Limits.MAX_HEADERS),
                fields.integer("headerCount", Limits.DEFAULT.headerCount(), 1, Limits.MAX_HEADER_COUNT));
    }
}
