package io.halite.proxy.table;

import io.halite.config.Action;
import io.halite.config.Route;
import io.halite.proxy.route.AccessRules;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Compiles the routes of a load balancer. */
final class RouteCompiler {
    private final Labels routeLabels = new Labels();
    private final Labels poolNames;

    RouteCompiler(Labels poolNames) {
        this.poolNames = poolNames;
    }

    BalancerRoutes compile(String balancer, List<Route> routes, BalancerRules rules) {
        List<Quarantined> quarantined = new ArrayList<>();
        List<CompiledRoute> compiled = new ArrayList<>();
        for (Route route : routes) {
            String label = balancer + "/" + route.name();
            compiled.add(new CompiledRoute(routeLabels.id(label), label, route, action(route.action()),
                    new AccessRules(route.settings().access())));
        }
        RouteTable table = new RouteTable(compiled, (route, problem) -> quarantined.add(new Quarantined(
                "loadBalancers/" + balancer + "/routes/" + route.source().name(), "BAD_CONDITION",
                "the route never matches: " + problem)));
        return new BalancerRoutes(routes, rules, table, List.copyOf(quarantined));
    }

    private CompiledAction action(Action action) {
        return switch (action) {
            case Action.Forward forward -> new CompiledAction.Forward(
                    forward.pools().stream().mapToInt(pool -> poolNames.id(pool.pool())).toArray(),
                    forward.pools().stream().mapToInt(Action.WeightedPool::weight).toArray());
            case Action.Redirect redirect -> isOneLine(redirect.to())
                    ? new CompiledAction.Redirect(answer(redirect.code(), "Location: " + redirect.to() + "\r\n", ""))
                    : new CompiledAction.Unavailable("the address of the redirect is not one line");
            case Action.Respond respond -> isOneLine(respond.contentType())
                    ? new CompiledAction.Respond(
                            answer(respond.status(), "Content-Type: " + respond.contentType() + "\r\n", respond.body()))
                    : new CompiledAction.Unavailable("the content type of the answer is not one line");
        };
    }

    /** A line end in a field value would let a config write headers, or whole responses, of its own. */
    private static boolean isOneLine(String value) {
        return value.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
    }

    private static ReadyAnswer answer(int status, String fields, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        // RFC 9110, section 8.6: no Content-Length in a 204.
        String all = status == 204 ? fields : fields + "Content-Length: " + bytes.length + "\r\n";
        return new ReadyAnswer(status, all.getBytes(StandardCharsets.UTF_8), bytes);
    }
}
