package io.halite.config.document;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.halite.config.Action;
import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes: what they match and what they do. Stateless. */
final class RouteShape {
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;

    private static final Key<PathMatch, String> PREFIX = Key.optional("prefix",
            path -> path instanceof PathMatch.Prefix prefix ? prefix.prefix() : null, HttpWords.PATH,
            "the beginning of the path");
    private static final Key<PathMatch, String> GLOB = Key.optional("glob",
            path -> path instanceof PathMatch.Glob glob ? glob.pattern() : null,
            Scalars.checked(Scalars.text(), RouteShape::glob),
            "* matches within a segment, ** across segments, ? one character");
    private static final Key<PathMatch, String> REGEX = Key.optional("regex",
            path -> path instanceof PathMatch.Regex regex ? regex.expression() : null,
            Scalars.checked(Scalars.text(), RouteShape::regex), "an RE2 expression that matches the whole path");
    private static final Type<PathMatch> PATH_TYPE = Composites.shortOr(new ShortPath(),
            path -> path instanceof PathMatch.Exact || path instanceof PathMatch.Prefix,
            Shape.of(RouteShape::path, PREFIX, GLOB, REGEX));

    private static final Key<RouteMatch, List<String>> HOST = Key.of("host", RouteMatch::hosts,
            Composites.oneOrMore(Scalars.spelled(RouteShape::host, host -> host, "INVALID_DNS_NAME", "DNS name",
                    "write shop.example.com or *.example.com, without a port")), List.of(),
            "host names, or *.example.com for every name below; any of them");
    private static final Key<RouteMatch, PathMatch> PATH = Key.of("path", RouteMatch::path, PATH_TYPE, PathMatch.ANY,
            "the path without the query: exact, or a prefix when it ends in *");
    private static final Key<RouteMatch, List<String>> METHOD = Key.of("method", RouteMatch::methods,
            Composites.oneOrMore(HttpWords.METHOD), List.of(), "methods; any of them");
    private static final Key<RouteMatch, SortedMap<String, String>> HEADER = Key.of("header", RouteMatch::headers,
            Composites.map(HttpWords.HEADER_NAME, Scalars.text()), Collections.emptySortedMap(),
            "headers with their exact values; all of them");
    private static final Key<RouteMatch, SortedMap<String, String>> QUERY = Key.of("query", RouteMatch::query,
            Composites.map(Scalars.line("a query parameter"), Scalars.text()), Collections.emptySortedMap(),
            "query parameters with their exact values; all of them");
    private static final Key<RouteMatch, SortedMap<String, String>> COOKIE = Key.of("cookie", RouteMatch::cookies,
            Composites.map(HttpWords.COOKIE_NAME, Scalars.text()), Collections.emptySortedMap(),
            "cookies with their exact values; all of them");
    private static final Key<RouteMatch, List<Cidr>> SOURCE = Key.of("source", RouteMatch::sources,
            Composites.oneOrMore(Addresses.CIDR), List.of(), "addresses of clients; any of them");
    static final Shape<RouteMatch> MATCH_SHAPE = Shape.of(fields -> new RouteMatch(fields.get(HOST),
            fields.get(PATH), fields.get(METHOD), fields.get(HEADER), fields.get(QUERY), fields.get(COOKIE),
            fields.get(SOURCE)), HOST, PATH, METHOD, HEADER, QUERY, COOKIE, SOURCE);

    private static final Key<Action.WeightedPool, String> POOL = Key.required("pool", Action.WeightedPool::pool,
            Scalars.reference("pools"), "the name of a pool");
    private static final Key<Action.WeightedPool, Integer> WEIGHT = Key.of("weight", Action.WeightedPool::weight,
            Scalars.integer(Target.MIN_WEIGHT, Target.MAX_WEIGHT), Target.DEFAULT_WEIGHT, "its share of the requests");
    private static final Type<Action.WeightedPool> WEIGHTED_POOL = Composites.shortOr(new PoolAlone(),
            pool -> pool.weight() == Target.DEFAULT_WEIGHT, Shape.of(fields -> {
                String pool = fields.find(POOL);
                return pool == null ? null : new Action.WeightedPool(pool, fields.get(WEIGHT));
            }, POOL, WEIGHT));

    private static final Key<Action.Redirect, String> TO = Key.required("to", Action.Redirect::to,
            Scalars.checked(Scalars.line("the target of a redirect"), RouteShape::location), "an absolute URL or a path");
    private static final Key<Action.Redirect, Integer> CODE = Key.of("code", Action.Redirect::code,
            new RedirectCode(), Action.Redirect.DEFAULT_CODE, "the status code");
    private static final Shape<Action.Redirect> REDIRECT_SHAPE = Shape.of(fields -> {
        String to = fields.find(TO);
        return to == null ? null : new Action.Redirect(to, fields.get(CODE));
    }, TO, CODE);

    private static final Key<Action.Respond, Integer> STATUS = Key.of("status", Action.Respond::status,
            Scalars.integer(MIN_STATUS, MAX_STATUS), MIN_STATUS, "the status code");
    private static final Key<Action.Respond, String> BODY = Key.of("body", Action.Respond::body, Scalars.text(), "",
            "the body");
    private static final Key<Action.Respond, String> CONTENT_TYPE = Key.of("contentType", Action.Respond::contentType,
            Scalars.line("a content type"), Action.Respond.DEFAULT_CONTENT_TYPE, "its type");
    private static final Shape<Action.Respond> RESPOND_SHAPE = Shape.of(fields -> new Action.Respond(fields.get(STATUS),
            fields.get(BODY), fields.get(CONTENT_TYPE)), STATUS, BODY, CONTENT_TYPE);

    private static final Key<Route, String> NAME = Key.optional("name", Route::name, Scalars.name(),
            "its name, which metrics use as load balancer/name; by default r1, r2, … by position");
    private static final Key<Route, RouteMatch> MATCH = Key.of("match", Route::match, MATCH_SHAPE, RouteMatch.ANY,
            "the conditions, which must all hold; by default every request matches");
    private static final Key<Route, List<Action.WeightedPool>> FORWARD = Key.optional("forward",
            route -> route.action() instanceof Action.Forward forward ? forward.pools() : null,
            Composites.oneOrMore(WEIGHTED_POOL), "sends the request to a pool, or to one of several by weight");
    private static final Key<Route, Action.Redirect> REDIRECT = Key.optional("redirect",
            route -> route.action() instanceof Action.Redirect redirect ? redirect : null, REDIRECT_SHAPE,
            "answers with a redirect");
    private static final Key<Route, Action.Respond> RESPOND = Key.optional("respond",
            route -> route.action() instanceof Action.Respond respond ? respond : null, RESPOND_SHAPE,
            "answers by itself");
    private static final List<Key<Route, ?>> ACTIONS = List.of(FORWARD, REDIRECT, RESPOND);
    private static final Shape<Route> ROUTE = Shape.of(RouteShape::route, NAME, MATCH, FORWARD, REDIRECT, RESPOND);

    private RouteShape() {}

    /** The list of routes, where a route without a name is named by its position. */
    record Routes() implements Type<List<Route>> {
        private static final Type<List<Route>> LIST = Composites.list(ROUTE);

        @Override
        public @Nullable List<Route> read(Value value) {
            return LIST.read(value);
        }

        @Override
        public Tree write(List<Route> routes) {
            List<Tree> written = new ArrayList<>();
            for (Route route : routes) {
                Tree.Mapping full = (Tree.Mapping) ROUTE.write(route);
                written.add(route.name().equals(positionName(written.size())) ? without(full, NAME.name()) : full);
            }
            return Tree.list(written);
        }

        private static Tree without(Tree.Mapping mapping, String left) {
            Tree.MappingBuilder copy = Tree.mapping();
            mapping.entries().forEach((key, value) -> {
                if (!key.equals(left)) {
                    copy.put(key, value);
                }
            });
            return copy.build();
        }

        @Override
        public Tree.Mapping schema() {
            return LIST.schema();
        }

        @Override
        public String says() {
            return LIST.says();
        }

        @Override
        public void keys(String path, Consumer<KeyLine> visitor) {
            LIST.keys(path, visitor);
        }
    }

    private static String positionName(int index) {
        return "r" + (index + 1);
    }

    private static @Nullable Route route(Fields fields) {
        Value owner = fields.owner();
        List<Key<Route, ?>> given = ACTIONS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            return owner.error("ONE_ACTION", given.isEmpty() ? "the route does nothing"
                    : "the route has more than one action: " + String.join(", ", given.stream().map(Key::name).toList()),
                    "give exactly one of forward, redirect and respond");
        }
        Action action = action(fields);
        if (action == null) {
            return null;
        }
        String name = fields.find(NAME);
        Route route = new Route(name == null ? positionName(Integer.parseInt(owner.key())) : name,
                fields.get(MATCH), action);
        owner.reading().remember(route, owner);
        return route;
    }

    private static @Nullable Action action(Fields fields) {
        List<Action.WeightedPool> pools = fields.find(FORWARD);
        if (pools == null) {
            Action redirect = fields.find(REDIRECT);
            return redirect == null ? fields.find(RESPOND) : redirect;
        }
        Value place = fields.at(FORWARD);
        if (pools.isEmpty()) {
            return place != null && place.itemsOrSelf().isEmpty()
                    ? place.error("NO_POOL", "the route forwards to no pool", "name at least one pool") : null;
        }
        if (place != null && pools.stream().allMatch(pool -> pool.weight() == 0)) {
            place.warning("NO_WEIGHT", "every pool has weight 0, so every request is answered 503", "");
        }
        return new Action.Forward(pools);
    }

    static @Nullable String host(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        boolean valid = Addresses.isDnsName(name.startsWith("*.") ? name.substring(2) : name) || Addresses.ip(name) != null;
        return valid ? name : null;
    }

    private static @Nullable PathMatch path(Fields fields) {
        List<Key<PathMatch, String>> given = List.of(PREFIX, GLOB, REGEX).stream().filter(fields::has).toList();
        if (given.size() != 1) {
            return fields.owner().error("ONE_PATH", "give exactly one of prefix, glob and regex", "");
        }
        String text = fields.find(given.getFirst());
        if (text == null) {
            return null;
        }
        Function<String, PathMatch> make = given.contains(PREFIX) ? PathMatch.Prefix::new
                : given.contains(GLOB) ? PathMatch.Glob::new : PathMatch.Regex::new;
        return make.apply(text);
    }

    /** {@code /exact} or {@code /prefix*}. */
    private record ShortPath() implements Type<PathMatch> {
        @Override
        public @Nullable PathMatch read(Value value) {
            String text = HttpWords.PATH.read(value);
            if (text == null) {
                return null;
            }
            return text.endsWith("*") ? new PathMatch.Prefix(text.substring(0, text.length() - 1))
                    : new PathMatch.Exact(text);
        }

        @Override
        public Tree write(PathMatch path) {
            return Tree.text(path instanceof PathMatch.Prefix prefix ? prefix.prefix() + "*"
                    : path instanceof PathMatch.Exact exact ? exact.path() : "");
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", "string").put("pattern", "^/").build();
        }

        @Override
        public String says() {
            return "path, or prefix when it ends in *";
        }
    }

    private static @Nullable String glob(String text, Value value) {
        boolean valid = text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        return valid ? text : value.error("INVALID_PATH", "'" + Value.abbreviated(text) + "' is no pattern of paths",
                "a path begins with / and is percent-encoded; the query is matched by `query`");
    }

    private static @Nullable String regex(String expression, Value value) {
        if (expression.length() > RegexSize.MAX_LENGTH || RegexSize.estimate(expression) > RegexSize.MAX_SIZE) {
            return value.error("REGEX_TOO_LARGE", "the expression '" + Value.abbreviated(expression) + "' is too large",
                    "at most " + RegexSize.MAX_LENGTH + " characters, and no large counts inside each other");
        }
        try {
            Pattern.compile(expression);
            return expression;
        } catch (PatternSyntaxException e) {
            return value.error("INVALID_REGEX", "not an RE2 expression: " + e.getDescription(),
                    "RE2 has no look-around and no back references, so that matching takes linear time");
        }
    }

    private static @Nullable String location(String target, Value value) {
        boolean valid = target.startsWith("/") || target.startsWith("http://") || target.startsWith("https://");
        return valid ? target : value.error("INVALID_REDIRECT",
                "'" + Value.abbreviated(target) + "' is neither a URL nor a path", "write https://… or /…");
    }

    /** The short form of a weighted pool. */
    private record PoolAlone() implements Type<Action.WeightedPool> {
        @Override
        public Action.@Nullable WeightedPool read(Value value) {
            String name = POOL.type().read(value);
            return name == null ? null : new Action.WeightedPool(name, Target.DEFAULT_WEIGHT);
        }

        @Override
        public Tree write(Action.WeightedPool pool) {
            return Tree.text(pool.pool());
        }

        @Override
        public Tree.Mapping schema() {
            return POOL.type().schema();
        }

        @Override
        public String says() {
            return POOL.type().says();
        }
    }

    /** A status code that redirects. */
    private record RedirectCode() implements Type<Integer> {
        private static final List<Integer> CODES = List.of(301, 302, 303, 307, 308);
        private static final Type<Integer> SPELLED = Scalars.choice(CODES, code -> Integer.toString(code));

        @Override
        public @Nullable Integer read(Value value) {
            return SPELLED.read(value);
        }

        @Override
        public Tree write(Integer code) {
            return Tree.number(code);
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("enum", Tree.list(CODES.stream().map(Tree::number).toList())).build();
        }

        @Override
        public String says() {
            return SPELLED.says();
        }
    }
}
