package io.halite.appliance;

import io.halite.admin.node.RequestTracer;
import io.halite.config.Protocol;
import io.halite.config.Ticker;
import io.halite.proxy.DataPlane;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.table.Explainer;
import io.halite.proxy.table.Explanation;
import io.halite.proxy.table.Explanation.Candidate;
import io.halite.proxy.table.Explanation.Fate;
import io.halite.proxy.table.Explanation.PoolChoice;
import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Traces requests by the table that this node's data plane works by. */
record LocalTracer(DataPlane dataPlane, Ticker ticker, InstantSource clock) implements RequestTracer {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @Override
    public Trace trace(Request request) {
        URI url = URI.create(request.url());
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        return trace(new Explainer(dataPlane.table(), ticker, clock).explain(tls ? Protocol.HTTPS : Protocol.HTTP, port,
                new DescribedRequest(request.method(), url.getHost(), target,
                        List.copyOf(request.headers().entrySet()), InetAddress.ofLiteral(request.source()))));
    }

    static Trace trace(Explanation explanation) {
        List<Step> steps = new ArrayList<>();
        String listener = explanation.listener();
        if (listener == null) {
            steps.add(new Step("listener", "", false, explanation.note()));
            return new Trace(outcome(explanation, ""), "", "", "", "", steps);
        }
        steps.add(new Step("listener", listener, true, explanation.note()));
        explanation.routes().forEach(trial -> steps.add(new Step("route", trial.route(), trial.unmet().isEmpty(),
                trial.unmet().isEmpty() ? explanation.action().sentence() : trial.unmet())));
        String route = explanation.route();
        if (route == null) {
            if (explanation.action().fate() == Fate.REFUSED) {
                steps.add(new Step("answer", "", true, explanation.action().sentence()));
            }
            return new Trace(outcome(explanation, ""), listener, "", "", "", steps);
        }
        String pool = "";
        String target = "";
        for (PoolChoice choice : explanation.pools()) {
            boolean first = target.isEmpty() && choice.choice() != null;
            add(choice, steps);
            if (first || pool.isEmpty()) {
                pool = choice.pool();
                target = choice.choice() == null ? "" : choice.choice().substring(pool.length() + 1);
            }
        }
        return new Trace(outcome(explanation, target), listener, route, pool, target, steps);
    }

    private static void add(PoolChoice pool, List<Step> steps) {
        steps.add(new Step("pool", pool.pool(), true, pool.share() + " of the requests of the route, "
                + pool.algorithm() + (pool.panicking() ? ", too few targets eligible" : "") + ": " + pool.because()));
        pool.targets().forEach(target -> steps.add(new Step("target", pool.pool() + "/" + target.target(),
                (pool.pool() + "/" + target.target()).equals(pool.choice()), standing(target))));
    }

    /** Where it stands, and what else keeps requests from it or brings them to it. */
    private static String standing(Candidate target) {
        StringBuilder text = new StringBuilder(target.standing()).append(", ").append(target.health())
                .append(", admin state ").append(target.adminState());
        if (target.candidate() && !target.standing().equals("eligible")) {
            text.append(", takes requests all the same");
        }
        if (target.ejectedFor().isPositive()) {
            text.append(", ejected by its failures for ").append(target.ejectedFor().toSeconds() + 1).append(" s more");
        }
        if (target.priority() > 0) {
            text.append(", priority ").append(target.priority());
        }
        if (target.share() < 1) {
            text.append(", slow start at ").append(Math.round(target.share() * 100)).append("% of its weight");
        }
        if (target.inFlight() > 0) {
            text.append(", ").append(target.inFlight()).append(" in flight");
        }
        return text.toString();
    }

    private static String outcome(Explanation explanation, String target) {
        return switch (explanation.action().fate()) {
            case NO_LISTENER -> "noListener";
            case REFUSED -> "refused";
            case NO_ROUTE -> "noRoute";
            case FORWARD -> target.isEmpty() ? "noTarget" : "forward";
            case REDIRECT -> "redirect";
            case RESPOND -> "respond";
            case UNAVAILABLE -> "noTarget";
        };
    }
}
