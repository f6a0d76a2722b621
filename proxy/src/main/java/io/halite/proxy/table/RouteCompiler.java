package io.halite.proxy.table;

import com.google.re2j.PatternSyntaxException;
import io.halite.config.Action;
import io.halite.config.RedirectTemplate;
import io.halite.config.Route;
import io.halite.config.RouteSettings;
import io.halite.proxy.route.AccessRules;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.HeaderRules;
import io.halite.proxy.route.PathRewrite;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.route.RedirectLocation;
import io.halite.proxy.route.RouteEffects;
import io.halite.proxy.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
            compiled.add(compiled(label, route, problem -> quarantined.add(new Quarantined(
                    "loadBalancers/" + balancer + "/routes/" + route.name(), "BAD_REWRITE",
                    "the route is answered 503: " + problem))));
        }
        RouteTable table = new RouteTable(compiled, (route, problem) -> quarantined.add(new Quarantined(
                "loadBalancers/" + balancer + "/routes/" + route.source().name(), "BAD_CONDITION",
                "the route never matches: " + problem)));
        return new BalancerRoutes(routes, rules, table, List.copyOf(quarantined));
    }

    private CompiledRoute compiled(String label, Route route, Consumer<String> problems) {
        int id = routeLabels.id(label);
        try {
            return new CompiledRoute(id, label, route, action(route), effects(route));
        } catch (IllegalArgumentException | PatternSyntaxException e) {
            problems.accept(String.valueOf(e.getMessage()));
            return new CompiledRoute(id, label, route,
                    new CompiledAction.Unavailable("the rewrite of the route makes no sense"));
        }
    }

    private static RouteEffects effects(Route route) {
        RouteSettings settings = route.settings();
        if (settings.equals(RouteSettings.DEFAULT)) {
            return RouteEffects.NONE;
        }
        String host = settings.rewrite().host();
        return new RouteEffects(new AccessRules(settings.access()), new HeaderRules(settings.requestHeaders()),
                new HeaderRules(settings.responseHeaders()),
                host == null ? null : host.getBytes(StandardCharsets.US_ASCII),
                PathRewrite.of(settings.rewrite(), route.match().path()), settings.responseHeader());
    }

    private static CompiledAction redirect(Action.Redirect redirect, Route route) {
        if (!isOneLine(redirect.to())) {
            return new CompiledAction.Unavailable("the address of the redirect is not one line");
        }
        RedirectTemplate template = RedirectTemplate.of(redirect.to());
        return template.isFixed()
                ? new CompiledAction.Redirect(answer(redirect.code(), "Location: " + redirect.to() + "\r\n", ""))
                : new CompiledAction.RedirectTo(redirect.code(), new RedirectLocation(template, route.match().path()));
    }

    private CompiledAction action(Route route) {
        return switch (route.action()) {
            case Action.Forward forward -> new CompiledAction.Forward(
                    forward.pools().stream().mapToInt(pool -> poolNames.id(pool.pool())).toArray(),
                    forward.pools().stream().mapToInt(Action.WeightedPool::weight).toArray());
            case Action.Redirect redirect -> redirect(redirect, route);
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
