package io.halite.proxy.table;

import io.halite.config.Algorithm;
import io.halite.config.PathMatch;
import io.halite.config.Protocol;
import io.halite.config.RouteMatch;
import io.halite.config.Ticker;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TriedTargets;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.route.RouteTable;
import io.halite.proxy.table.Explanation.Action;
import io.halite.proxy.table.Explanation.Candidate;
import io.halite.proxy.table.Explanation.Fate;
import io.halite.proxy.table.Explanation.PoolChoice;
import io.halite.proxy.table.Explanation.RouteTrial;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what would become of a request by the very tables the relay loops work by, without sending anything. */
public final class Explainer {
    private final ForwardingTable table;
    private final Ticker ticker;
    private final InstantSource clock;

    /**
     * An explainer of one table.
     *
     * @param ticker the one the table was compiled with
     */
    public Explainer(ForwardingTable table, Ticker ticker, InstantSource clock) {
        this.table = table;
        this.ticker = ticker;
        this.clock = clock;
    }

    /** How the targets of a pool stand for the requests of this node; empty when the pool is not in the table. */
    public List<Candidate> candidates(String name) {
        PoolTable pool = table.pools().get(name);
        return pool == null ? List.of() : candidates(pool);
    }

    private List<Candidate> candidates(PoolTable pool) {
        List<Candidate> candidates = new ArrayList<>();
        for (int position = 0; position < pool.members().size(); position++) {
            candidates.add(candidate(pool, position));
        }
        return candidates;
    }

    /** What would become of a request that comes to a port by {@code http} or {@code https}. */
    public Explanation explain(Protocol protocol, int port, DescribedRequest request) {
        List<ListenerTable> spoken = table.listeners().values().stream()
                .filter(listener -> listener.listener().protocol() == protocol).toList();
        List<ListenerTable> atPort = spoken.stream()
                .filter(listener -> listener.listener().address().port() == port).toList();
        if (spoken.isEmpty()) {
            return new Explanation(table.revision(), null, "no listener speaks " + protocol.key(), List.of(), null,
                    new Action(Fate.NO_LISTENER, "connection refused"), List.of());
        }
        List<ListenerTable> choices = atPort.isEmpty() ? spoken : atPort;
        ListenerTable listener = choices.stream()
                .filter(candidate -> request.head().show(candidate.rules().paths())
                        && candidate.routes().match(request.head()) != null)
                .findFirst().orElse(choices.getFirst());
        return explain(listener, note(listener, atPort, port), request);
    }

    private static String note(ListenerTable chosen, List<ListenerTable> atPort, int port) {
        if (atPort.isEmpty()) {
            return "nothing listens at port " + port + "; explained for " + chosen.label();
        }
        return atPort.size() == 1 ? "" : atPort.size() + " listeners share port " + port + " at several addresses";
    }

    private Explanation explain(ListenerTable listener, String note, DescribedRequest request) {
        RequestHead head = request.head();
        if (!head.show(listener.rules().paths())) {
            return new Explanation(table.revision(), listener.label(), note, List.of(), null,
                    new Action(Fate.REFUSED, "400: the path means different things to different servers"), List.of());
        }
        List<RouteTrial> trials = new ArrayList<>();
        CompiledRoute route = null;
        for (RouteTable.Trial trial : listener.routes().tryAll(head)) {
            trials.add(new RouteTrial(trial.route().label(),
                    trial.unmet() == null ? "" : wanted(trial.unmet(), trial.route().source().match())));
            route = trial.unmet() == null ? trial.route() : null;
        }
        String label = route == null ? null : route.label();
        boolean admitted = listener.rules().access().admits(head.clientAddress())
                && (route == null || route.effects().access().admits(head.clientAddress()));
        return new Explanation(table.revision(), listener.label(), note, trials, label,
                admitted ? action(route) : new Action(Fate.REFUSED, "403: the access list does not admit the client"),
                admitted && route != null && route.action() instanceof CompiledAction.Forward forward
                        ? pools(forward, head) : List.of());
    }

    private static String wanted(String unmet, RouteMatch match) {
        return unmet + " is not " + switch (unmet) {
            case "host" -> String.join(" or ", match.hosts());
            case "path" -> path(match.path());
            case "method" -> String.join(" or ", match.methods());
            case "header" -> pairs(match.headers());
            case "query" -> pairs(match.query());
            case "cookie" -> pairs(match.cookies());
            default -> String.join(" or ", match.sources().stream().map(Object::toString).toList());
        };
    }

    private static String path(PathMatch match) {
        return switch (match) {
            case PathMatch.Exact exact -> exact.path();
            case PathMatch.Prefix prefix -> prefix.prefix() + "*";
            case PathMatch.Glob glob -> "glob " + glob.pattern();
            case PathMatch.Regex regex -> "regex " + regex.expression();
        };
    }

    private static String pairs(Map<String, String> wanted) {
        return String.join(" and ", wanted.entrySet().stream().map(Object::toString).toList());
    }

    private static Action action(@Nullable CompiledRoute route) {
        if (route == null) {
            return new Action(Fate.NO_ROUTE, "no route matches: 404");
        }
        return switch (route.action()) {
            case CompiledAction.Forward forward -> new Action(Fate.FORWARD, "forward");
            case CompiledAction.Redirect redirect -> new Action(Fate.REDIRECT, "redirect " + redirect.answer().status());
            case CompiledAction.RedirectTo redirect -> new Action(Fate.REDIRECT, "redirect " + redirect.status());
            case CompiledAction.Respond respond -> new Action(Fate.RESPOND, "respond " + respond.answer().status());
            case CompiledAction.Unavailable unavailable ->
                    new Action(Fate.UNAVAILABLE, "quarantined: 503, " + unavailable.reason());
        };
    }

    private List<PoolChoice> pools(CompiledAction.Forward forward, RequestHead head) {
        int total = 0;
        for (int part = 0; part < forward.size(); part++) {
            total += table.pool(forward.pool(part)) == null ? 0 : forward.weight(part);
        }
        List<PoolChoice> choices = new ArrayList<>();
        for (int part = 0; part < forward.size(); part++) {
            PoolTable pool = table.pool(forward.pool(part));
            if (pool != null) {
                choices.add(choice(pool, forward.weight(part) + " of " + total, head));
            }
        }
        return choices;
    }

    private PoolChoice choice(PoolTable pool, String share, RequestHead head) {
        Balancer balancer = new Balancer(0, pool, ticker, clock, _ -> { });
        TargetEntry chosen = balancer.pick(pool, head, new TriedTargets());
        return new PoolChoice(pool.name(), share, algorithm(pool.pool().algorithm()), pool.eligibility().panicking(),
                candidates(pool), chosen == null ? null : chosen.ref().toString(), because(pool, balancer, chosen));
    }

    private Candidate candidate(PoolTable pool, int position) {
        PoolMember member = pool.members().get(position);
        long now = ticker.nanos();
        return new Candidate(member.entry().ref().target(), member.entry().address().toString(), member.weight(),
                member.priority(), member.adminState().key(), member.health().key(),
                pool.eligibility().standings().get(position).name().toLowerCase(Locale.ROOT),
                pool.eligibility().isCandidate(position), member.entry().ejection().remaining(now),
                pool.warmth(position, now), member.entry().load().inFlight());
    }

    private static String because(PoolTable pool, Balancer balancer, @Nullable TargetEntry chosen) {
        if (chosen == null) {
            return "the pool has no target to offer: 503";
        }
        if (pool.pool().sticky() != null && !balancer.needsCookie()) {
            return "the client's cookie names it";
        }
        return switch (pool.pool().algorithm()) {
            case Algorithm.RoundRobin roundRobin -> "first in turn; each relay loop is at a turn of its own";
            case Algorithm.LeastRequest leastRequest -> "fewest requests per weight of two that were drawn";
            case Algorithm.LeastTime leastTime -> "least expected time of two that were drawn";
            case Algorithm.Random random -> "drawn by weight";
            case Algorithm.First first -> "first in the order of the document";
            case Algorithm.Hash hash -> "the hash of the key names it, or it was next in turn where the key is missing";
        };
    }

    private static String algorithm(Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.RoundRobin roundRobin -> "roundRobin";
            case Algorithm.LeastRequest leastRequest -> "leastRequest";
            case Algorithm.LeastTime leastTime -> "leastTime";
            case Algorithm.Random random -> "random";
            case Algorithm.First first -> "first";
            case Algorithm.Hash hash -> "hash";
        };
    }
}
