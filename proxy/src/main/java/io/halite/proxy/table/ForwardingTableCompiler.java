package io.halite.proxy.table;

import io.halite.config.Action;
import io.halite.config.HostPort;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.Route;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.health.HealthTable;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TargetLoad;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.route.RouteTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns config, admin states and health into forwarding tables, one after the other; called by one thread at a time. */
public final class ForwardingTableCompiler {
    private final int loops;
    private final Labels routeLabels = new Labels();
    private final Labels listenerLabels = new Labels();
    private final Labels poolNames = new Labels();
    private final Labels targetLabels = new Labels();
    private final Map<String, TargetLoad> poolLoads = new HashMap<>();
    private long version;

    /** A compiler for tables that this many relay loops share. */
    public ForwardingTableCompiler(int loops) {
        this.loops = loops;
    }

    /** The table of this state, sharing with the previous one what did not change. */
    public Compilation compile(ConfigState state, HealthTable health, ForwardingTable previous) {
        List<Quarantined> quarantined = new ArrayList<>();
        version++;
        Map<String, TargetEntry> known = new HashMap<>();
        previous.pools().values().forEach(pool -> pool.members().forEach(
                member -> known.put(member.entry().toString(), member.entry())));
        TreeMap<String, PoolTable> pools = new TreeMap<>();
        state.config().pools().forEach((name, pool) -> pools.put(name, pool(name, pool, state, health, known)));
        TreeMap<String, ListenerTable> listeners = new TreeMap<>();
        state.config().loadBalancers().forEach((name, balancer) -> {
            RouteTable routes = routes(name, balancer);
            for (Listener listener : balancer.listeners()) {
                String label = name + "/" + listener.name();
                int pool = listener.pool() == null ? -1 : poolNames.id(listener.pool());
                listeners.put(label, new ListenerTable(listenerLabels.id(label), label, listener, balancer.timeouts(),
                        balancer.limits(), routes, pool));
            }
        });
        return new Compilation(new ForwardingTable(state.revision(), listeners, pools), quarantined);
    }

    private PoolTable pool(
            String name, Pool pool, ConfigState state, HealthTable health, Map<String, TargetEntry> known) {
        List<PoolMember> members = new ArrayList<>();
        for (Target target : pool.targets()) {
            TargetRef ref = new TargetRef(name, target.name());
            TargetEntry entry = known.computeIfAbsent(ref + " at " + target.address(),
                    label -> entry(label, ref, target.address()));
            members.add(new PoolMember(entry, target.weight(), state.adminState(ref), health.health(ref)));
        }
        TargetLoad load = poolLoads.computeIfAbsent(name, unknown -> new TargetLoad(loops));
        return new PoolTable(poolNames.id(name), version, name, pool, members, load);
    }

    private TargetEntry entry(String label, TargetRef ref, HostPort address) {
        TargetEntry entry = new TargetEntry(targetLabels.id(label), ref, address, loops);
        try {
            entry.resolved(new InetSocketAddress(InetAddress.ofLiteral(address.host()), address.port()));
        } catch (IllegalArgumentException name) {
            // A name: resolved elsewhere.
        }
        return entry;
    }

    private RouteTable routes(String balancerName, LoadBalancer balancer) {
        List<CompiledRoute> routes = new ArrayList<>();
        for (Route route : balancer.routes()) {
            String label = balancerName + "/" + route.name();
            routes.add(new CompiledRoute(routeLabels.id(label), label, route, action(route.action())));
        }
        return new RouteTable(routes);
    }

    private CompiledAction action(Action action) {
        return switch (action) {
            case Action.Forward forward -> new CompiledAction.Forward(
                    forward.pools().stream().mapToInt(pool -> poolNames.id(pool.pool())).toArray(),
                    forward.pools().stream().mapToInt(Action.WeightedPool::weight).toArray());
            case Action.Redirect redirect -> new CompiledAction.Redirect(
                    answer(redirect.code(), "Location: " + redirect.to() + "\r\n", ""));
            case Action.Respond respond -> new CompiledAction.Respond(
                    answer(respond.status(), "Content-Type: " + respond.contentType() + "\r\n", respond.body()));
        };
    }

    private static ReadyAnswer answer(int status, String fields, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String all = fields + "Content-Length: " + bytes.length + "\r\n";
        return new ReadyAnswer(status, all.getBytes(StandardCharsets.ISO_8859_1), bytes);
    }
}
