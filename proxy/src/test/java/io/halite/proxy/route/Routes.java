package io.halite.proxy.route;

import io.halite.config.Action;
import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Routes for tests: named by position, answering by themselves. */
final class Routes {
    private Routes() {}

    static RouteTable table(RouteMatch... matches) {
        return new RouteTable(compiled(matches));
    }

    static List<CompiledRoute> compiled(RouteMatch... matches) {
        List<CompiledRoute> routes = new ArrayList<>();
        for (RouteMatch match : matches) {
            int id = routes.size();
            String name = "r" + (id + 1);
            Action action = new Action.Respond(200, name, "text/plain");
            CompiledAction compiled = new CompiledAction.Respond(new ReadyAnswer(200, new byte[0], new byte[0]));
            routes.add(new CompiledRoute(id, "lb/" + name, new Route(name, match, action), compiled));
        }
        return routes;
    }

    static RouteMatch path(PathMatch path) {
        return match().path(path).build();
    }

    static Builder match() {
        return new Builder();
    }

    static final class Builder {
        private List<String> hosts = List.of();
        private PathMatch path = PathMatch.ANY;
        private List<String> methods = List.of();
        private final SortedMap<String, String> headers = new TreeMap<>();
        private final SortedMap<String, String> query = new TreeMap<>();
        private final SortedMap<String, String> cookies = new TreeMap<>();
        private List<Cidr> sources = List.of();

        Builder hosts(String... some) {
            hosts = List.of(some);
            return this;
        }

        Builder path(PathMatch some) {
            path = some;
            return this;
        }

        Builder methods(String... some) {
            methods = List.of(some);
            return this;
        }

        Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Builder query(String name, String value) {
            query.put(name, value);
            return this;
        }

        Builder cookie(String name, String value) {
            cookies.put(name, value);
            return this;
        }

        Builder sources(Cidr... some) {
            sources = List.of(some);
            return this;
        }

        RouteMatch build() {
            return new RouteMatch(hosts, path, methods, headers, query, cookies, sources);
        }
    }
}
