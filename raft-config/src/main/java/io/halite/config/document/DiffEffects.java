package io.halite.config.document;

import io.halite.config.Action;
import io.halite.config.ClusterConfig;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import io.halite.config.shape.Key;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what a change of config does to traffic, in sentences for people who are about to apply it. Confined to one use. */
final class DiffEffects {
    /** More than this nobody reads; the diff itself has everything. */
    private static final int MAX_EFFECTS = 40;
    private static final int MAX_LISTED = 5;
    private static final Set<String> TOLD_OF_LOAD_BALANCERS = Set.of("listeners", "routes", "domain");
    private static final Set<String> TOLD_OF_ROUTES = Set.of("name", "match", "forward", "redirect", "respond");
    private static final LoadBalancer NO_LOAD_BALANCER = new LoadBalancer(null, List.of(), List.of(),
            Timeouts.DEFAULT, Limits.DEFAULT);

    private final List<String> effects = new ArrayList<>();

    private DiffEffects() {}

    static List<String> of(ClusterConfig from, ClusterConfig to) {
        DiffEffects found = new DiffEffects();
        found.loadBalancers(from, to);
        found.pools(from, to);
        found.named("the certificate", from.certificates(), to.certificates());
        found.named("the zone", from.zones(), to.zones());
        found.named("the virtual address", from.virtualAddresses(), to.virtualAddresses());
        found.named("the autoscaling group", from.autoscaling(), to.autoscaling());
        int more = found.effects.size() - MAX_EFFECTS;
        if (more <= 0) {
            return found.effects;
        }
        List<String> shortened = new ArrayList<>(found.effects.subList(0, MAX_EFFECTS));
        shortened.add("and " + more + " more effects");
        return shortened;
    }

    /** Calls with each name whose objects differ; the side that lacks it is null. */
    private static <T> void differing(
            Map<String, T> from, Map<String, T> to, Differing<T> consumer) {
        TreeSet<String> names = new TreeSet<>(from.keySet());
        names.addAll(to.keySet());
        for (String name : names) {
            T old = from.get(name);
            T now = to.get(name);
            if (!Objects.equals(old, now)) {
                consumer.accept(name, old, now);
            }
        }
    }

    /** Hears of an object that differs. */
    @FunctionalInterface
    private interface Differing<T> {
        void accept(String name, @Nullable T old, @Nullable T now);
    }

    private <T> void named(String what, SortedMap<String, T> from, SortedMap<String, T> to) {
        differing(from, to, (name, old, now) ->
                effects.add((old == null ? "adds " : now == null ? "removes " : "changes ") + what + " " + name));
    }

    private void loadBalancers(ClusterConfig from, ClusterConfig to) {
        differing(from.loadBalancers(), to.loadBalancers(), (name, old, now) -> {
            LoadBalancer before = old == null ? NO_LOAD_BALANCER : old;
            LoadBalancer after = now == null ? NO_LOAD_BALANCER : now;
            listeners(name, before, after);
            routes(name, before, after);
            if (!Objects.equals(before.domain(), after.domain())) {
                effects.add(after.domain() == null ? "no longer answers DNS for " + before.domain()
                        : "answers DNS for " + after.domain() + (before.domain() == null ? ""
                                : " instead of " + before.domain()));
            }
            keys(LoadBalancerShape.LOAD_BALANCER, TOLD_OF_LOAD_BALANCERS, name, before, after);
        });
    }

    private void listeners(String loadBalancer, LoadBalancer from, LoadBalancer to) {
        Map<String, Listener> before = byName(from.listeners(), Listener::name);
        Map<String, Listener> after = byName(to.listeners(), Listener::name);
        differing(before, after, (name, old, now) -> {
            String label = loadBalancer + "/" + name;
            if (old == null && now != null) {
                effects.add("opens listener " + label + " on " + place(now));
            } else if (now == null && old != null) {
                effects.add("closes listener " + label + " on " + place(old));
            } else if (old != null && now != null) {
                listener(label, old, now);
            }
        });
    }

    private void listener(String label, Listener old, Listener now) {
        if (!place(old).equals(place(now))) {
            effects.add("moves listener " + label + " from " + place(old) + " to " + place(now));
        } else if (!Objects.equals(old.pool(), now.pool())) {
            effects.add("shifts traffic of listener " + label + " from pool " + old.pool() + " to " + now.pool());
        } else {
            effects.add("changes listener " + label);
        }
    }

    private static String place(Listener listener) {
        return listener.address() + " (" + listener.protocol().key() + ")";
    }

    private static <T> Map<String, T> byName(Collection<T> items, Function<T, String> name) {
        Map<String, T> named = new TreeMap<>();
        items.forEach(item -> named.put(name.apply(item), item));
        return named;
    }

    /** Routes are paired by what they match, since those without a name change it when one is put before them. */
    private void routes(String loadBalancer, LoadBalancer from, LoadBalancer to) {
        Map<RouteMatch, Route> before = byMatch(from.routes());
        Map<RouteMatch, Route> after = byMatch(to.routes());
        Map<String, Route> gone = new TreeMap<>();
        before.forEach((match, route) -> {
            if (!after.containsKey(match)) {
                gone.put(route.name(), route);
            }
        });
        after.forEach((match, now) -> {
            Route old = before.get(match);
            String label = loadBalancer + "/" + now.name();
            if (old == null && gone.remove(now.name()) != null) {
                effects.add("changes what route " + label + " matches: now " + described(match));
            } else if (old == null) {
                effects.add("adds route " + label + ": " + described(match) + " " + described(now.action()));
            } else if (!old.action().equals(now.action())) {
                effects.add(shifted(label, old.action(), now.action()));
            } else {
                keys(RouteShape.ROUTE, TOLD_OF_ROUTES, "route " + label, old, now);
            }
        });
        gone.values().forEach(route -> effects.add(
                "removes route " + loadBalancer + "/" + route.name() + ": " + described(route.match())));
        List<RouteMatch> order = before.keySet().stream().filter(after::containsKey).toList();
        if (!order.equals(after.keySet().stream().filter(before::containsKey).toList())) {
            effects.add("changes the order of the routes of " + loadBalancer);
        }
    }

    private static Map<RouteMatch, Route> byMatch(List<Route> routes) {
        Map<RouteMatch, Route> byMatch = new LinkedHashMap<>();
        routes.forEach(route -> byMatch.putIfAbsent(route.match(), route));
        return byMatch;
    }

    private static String shifted(String label, Action old, Action now) {
        if (old instanceof Action.Forward before && now instanceof Action.Forward after) {
            return "shifts traffic of route " + label + " from " + shares(before) + " to " + shares(after);
        }
        return "route " + label + " " + described(now) + " and no longer " + described(old);
    }

    private static String shares(Action.Forward forward) {
        if (forward.pools().size() == 1) {
            return forward.pools().getFirst().pool();
        }
        return forward.pools().stream().map(pool -> pool.pool() + " " + pool.weight()).collect(Collectors.joining(", "));
    }

    private static String described(Action action) {
        return switch (action) {
            case Action.Forward forward -> "forwards to " + shares(forward);
            case Action.Redirect redirect -> "redirects to " + redirect.to();
            case Action.Respond respond -> "responds " + respond.status();
        };
    }

    private static String described(RouteMatch match) {
        Tree.Mapping written = (Tree.Mapping) RouteMatchShape.MATCH.write(match);
        return written.entries().isEmpty() ? "every request" : written.entries().entrySet().stream()
                .map(entry -> entry.getKey() + " " + plain(entry.getValue())).collect(Collectors.joining(", "));
    }

    private static String plain(Tree tree) {
        return switch (tree) {
            case Tree.Text text -> Value.abbreviated(text.value());
            case Tree.Sequence list -> list.items().stream().map(DiffEffects::plain).collect(Collectors.joining(" or "));
            case Tree.Mapping mapping -> mapping.entries().entrySet().stream()
                    .map(entry -> entry.getKey() + " = " + plain(entry.getValue())).collect(Collectors.joining(" and "));
            default -> TreeText.json(tree);
        };
    }

    private void pools(ClusterConfig from, ClusterConfig to) {
        differing(from.pools(), to.pools(), (name, old, now) -> {
            if (old == null && now != null) {
                effects.add("adds pool " + name + " with " + counted(now.targets().size(), "target"));
            } else if (now == null && old != null) {
                effects.add("removes pool " + name + " with " + counted(old.targets().size(), "target"));
            } else if (old != null && now != null) {
                pool(name, old, now);
            }
        });
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void pool(String name, Pool old, Pool now) {
        targets(name, byName(old.targets(), Target::name), byName(now.targets(), Target::name));
        keys(PoolShape.POOL, Set.of("targets"), "pool " + name, old, now);
    }

    /** Names the keys whose values differ, but for those of which more is told elsewhere. */
    private <T> void keys(Shape<T> shape, Set<String> told, String where, T old, T now) {
        for (Key<T, ?> key : shape.keys()) {
            if (!told.contains(key.name()) && !Objects.equals(key.written(old), key.written(now))) {
                effects.add("changes " + key.name() + " of " + where);
            }
        }
    }

    private void targets(String pool, Map<String, Target> before, Map<String, Target> after) {
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        differing(before, after, (name, old, now) -> {
            if (old == null) {
                added.add(name);
            } else if (now == null) {
                removed.add(name);
            } else if (!old.address().equals(now.address())) {
                effects.add("moves target " + pool + "/" + name + " from " + old.address() + " to " + now.address());
            } else if (old.weight() != now.weight()) {
                effects.add("changes the weight of " + pool + "/" + name + " from " + old.weight() + " to " + now.weight());
            } else {
                effects.add("changes priority of " + pool + "/" + name + " from "
                        + old.priority() + " to " + now.priority());
            }
        });
        listed("adds", "to pool " + pool, added);
        listed("removes", "from pool " + pool, removed);
    }

    private void listed(String verb, String where, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        String some = names.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
        effects.add(verb + " " + counted(names.size(), "target") + " " + where + ": " + some
                + (names.size() > MAX_LISTED ? ", …" : ""));
    }
}
