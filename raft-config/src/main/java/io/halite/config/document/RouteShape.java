package io.halite.config.document;

import io.halite.config.AccessList;
import io.halite.config.Action;
import io.halite.config.HeaderEdits;
import io.halite.config.PathMatch;
import io.halite.config.RedirectTemplate;
import io.halite.config.Rewrite;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.RouteSettings;
import io.halite.config.Target;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Routes: what they match and what they do. Stateless. */
final class RouteShape {
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;

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
            Scalars.checked(Scalars.line("the target of a redirect"), RedirectTargets::check),
            "an absolute URL or a path; {scheme}, {host}, {path}, {rest} and {query} are taken from the request");
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
    private static final Key<Route, RouteMatch> MATCH = Key.of("match", Route::match, RouteMatchShape.MATCH, RouteMatch.ANY,
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
    private static final Key<Route, Rewrite> REWRITE = Key.of("rewrite", route -> route.settings().rewrite(),
            RouteEditShape.REWRITE, Rewrite.NONE, "what targets see instead of the client's host and path");
    private static final Key<Route, HeaderEdits> REQUEST_HEADERS = Key.of("requestHeaders",
            route -> route.settings().requestHeaders(), RouteEditShape.HEADERS, HeaderEdits.NONE,
            "changes of the headers sent to targets, those that the proxy adds included");
    private static final Key<Route, HeaderEdits> RESPONSE_HEADERS = Key.of("responseHeaders",
            route -> route.settings().responseHeaders(), RouteEditShape.HEADERS, HeaderEdits.NONE,
            "changes of the headers sent to clients, also with redirects, answers of the proxy's own and errors");
    private static final Key<Route, AccessList> ACCESS = Key.of("access", route -> route.settings().access(),
            RouteEditShape.ACCESS, AccessList.EVERYBODY, "who may use the route; others are answered 403");
    private static final Key<Route, Duration> RESPONSE_HEADER = Key.optional("responseHeader",
            route -> route.settings().responseHeader(), LoadBalancerShape.TIMEOUT,
            "instead of the timeout of this name of the load balancer");
    /** What makes sense only where a target is asked. */
    private static final List<Key<Route, ?>> FORWARDING = List.of(REWRITE, REQUEST_HEADERS, RESPONSE_HEADER);
    static final Shape<Route> ROUTE = Shape.of(RouteShape::route, NAME, MATCH, FORWARD, REDIRECT, RESPOND, REWRITE,
            REQUEST_HEADERS, RESPONSE_HEADERS, ACCESS, RESPONSE_HEADER);

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
        Value redirect = fields.at(REDIRECT);
        if (redirect != null && action instanceof Action.Redirect(String to, int code)
                && RedirectTemplate.of(to).parts().contains(RedirectTemplate.Field.REST)
                && !(fields.get(MATCH).path() instanceof PathMatch.Prefix)) {
            redirect.<Object>error("PREFIX_NOT_MATCHED", "the route matches no prefix that {rest} could follow",
                    "match a path that ends in *, or use {path}");
        }
        RouteSettings settings = settings(fields, action);
        String name = fields.find(NAME);
        Route route = new Route(name == null ? positionName(Integer.parseInt(owner.key())) : name,
                fields.get(MATCH), action, settings);
        owner.reading().remember(route, owner);
        return route;
    }

    private static RouteSettings settings(Fields fields, Action action) {
        if (!(action instanceof Action.Forward)) {
            for (Key<Route, ?> key : FORWARDING) {
                Value place = fields.at(key);
                if (place != null) {
                    place.<Object>error("EDIT_NOT_ALLOWED", "'" + key.name() + "' is for routes that forward",
                            "remove it, or use `forward`");
                }
            }
        }
        Rewrite rewrite = fields.get(REWRITE);
        Value place = fields.at(REWRITE);
        if (place != null && rewrite.path() instanceof Rewrite.Prefix
                && !(fields.get(MATCH).path() instanceof PathMatch.Prefix)) {
            place.<Object>error("PREFIX_NOT_MATCHED", "the route matches no prefix that could be replaced",
                    "match a path that ends in *, or use `rewrite: { path: … }`");
        }
        return new RouteSettings(rewrite, fields.get(REQUEST_HEADERS), fields.get(RESPONSE_HEADERS), fields.get(ACCESS),
                fields.find(RESPONSE_HEADER));
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
            place.warning("NO_WEIGHT", "every pool has weight 0, so every request is answered 503",
                    "give one pool a weight above 0");
        }
        return new Action.Forward(pools);
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
