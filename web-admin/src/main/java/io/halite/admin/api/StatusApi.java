package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.confirm.PendingConfirmation;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView;
import io.halite.admin.node.TargetView;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import io.halite.config.tree.Tree;
import io.halite.health.HealthView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is observed: the cluster, its nodes, and everything that the config declares. */
public final class StatusApi {
    private static final String BASE = "/api/v1";

    private static final int TWO = 2;

    private final ConfigStore store;
    private final HealthView health;
    private final NodeView node;
    private final ClusterView cluster;
    private final TargetView targets;
    private final PendingConfirmation confirmation;

    public StatusApi(ConfigStore store, HealthView health, NodeView node, ClusterView cluster, TargetView targets,
            PendingConfirmation confirmation) {
        this.store = store;
        this.health = health;
        this.node = node;
        this.cluster = cluster;
        this.targets = targets;
        this.confirmation = confirmation;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.reads("GET", BASE + "/status", Role.VIEWER, call -> status()),
                Endpoint.reads("GET", BASE + "/status/pools/{name}", Role.VIEWER, this::pool),
                Endpoint.reads("GET", BASE + "/status/loadBalancers/{name}", Role.VIEWER, this::loadBalancer),
                Endpoint.reads("GET", BASE + "/nodes", Role.VIEWER, call -> nodes()),
                Endpoint.reads("GET", BASE + "/nodes/{name}", Role.VIEWER, this::node),
                Endpoint.reads("GET", BASE + "/assignments", Role.VIEWER, call -> assignments()));
    }

    private Answer status() {
        ConfigState state = store.current();
        Leadership leadership = store.leadership();
        TargetTree tree = new TargetTree(state, health.current(), targets);
        List<Tree> pools = new ArrayList<>();
        state.config().pools().forEach((name, pool) -> pools.add(tree.pool(name, pool)));
        Tree.MappingBuilder status = Tree.mapping()
                .put("cluster", Tree.mapping().put("id", cluster.id()).put("name", cluster.name())
                        .put("quorum", cluster.hasQuorum()).build())
                .put("leader", cluster.leader()).put("term", leadership.term())
                .put("revision", state.revision().number()).put("adminVersion", state.adminVersion())
                .put("node", Tree.mapping().put("name", node.name()).put("version", node.version())
                        .put("activeRevision", node.activeRevision().number()).build())
                .put("degraded", Tree.texts(degraded())).put("advice", Tree.texts(advice()))
                .put("nodes", members()).put("pools", Tree.list(pools));
        confirmation.pending().ifPresent(pending -> status.put("confirmation", Tree.mapping()
                .put("revision", pending.revision().number()).put("base", pending.base().number())
                .put("confirmBefore", pending.deadline().toString()).put("author", pending.author()).build()));
        return Answer.of(status.build()).at(state.revision());
    }

    /** Everything that is not as it should be, each in one sentence. */
    private Set<String> degraded() {
        Set<String> sentences = new LinkedHashSet<>(node.degraded());
        if (!cluster.hasQuorum()) {
            sentences.add("no quorum: the config cannot be changed, traffic goes on");
        }
        for (ClusterView.Member member : cluster.members()) {
            if (member.state() == ClusterView.State.UNREACHABLE) {
                sentences.add(member.name() + ": not heard of");
            }
            member.failures().stream().filter(failure -> sentences.stream().noneMatch(s -> s.contains(failure.message())))
                    .toList().forEach(failure -> sentences.add(
                            member.name() + ": " + failure.object() + ": " + failure.message()));
        }
        return sentences;
    }

    /** What would make the cluster bear more, each in one sentence. */
    private List<String> advice() {
        return cluster.members().size() != TWO ? List.of()
                : List.of("two nodes bear no loss: while one is away nothing can be changed; a third node, or a witness on"
                        + " any machine, mends that: halite run --join PEER --token T --witness");
    }

    private Tree members() {
        List<Tree> members = new ArrayList<>();
        cluster.members().forEach(member -> members.add(member(member)));
        return Tree.list(members);
    }

    private static Tree member(ClusterView.Member member) {
        Tree.MappingBuilder tree = Tree.mapping().put("name", member.name()).put("id", member.id())
                .put("role", member.role().key())
                .put("state", member.state().key()).put("address", member.address())
                .put("dnsAddresses", Tree.texts(member.dnsAddresses()))
                .put("activeRevision", member.activeRevision().number())
                .put("activeAdminVersion", member.activeAdminVersion()).put("appliedIndex", member.appliedIndex())
                .put("lag", member.lag())
                .put("failures", failures(member.failures()));
        return TargetTree.decided(tree, member.decided()).build();
    }

    private static Tree failures(List<NodeView.Failure> failures) {
        List<Tree> trees = new ArrayList<>();
        failures.forEach(failure -> trees.add(Tree.mapping().put("object", failure.object())
                .put("code", failure.code()).put("message", failure.message()).build()));
        return Tree.list(trees);
    }

    private Answer nodes() {
        return Answer.of(Tree.mapping().put("nodes", members()).build()).at(store.current().revision());
    }

    private Answer node(Call call) {
        String name = call.variable("name");
        return cluster.members().stream().filter(member -> member.name().equals(name)).findAny()
                .map(member -> Answer.of(member(member)).at(store.current().revision()))
                .orElseThrow(() -> ApiProblem.notFound("there is no node " + name, "GET /api/v1/nodes lists all"));
    }

    private Answer assignments() {
        ClusterView.Assignments known = cluster.assignments();
        List<Tree> trees = new ArrayList<>();
        known.assignments().forEach(assignment -> trees.add(Tree.mapping()
                .put("targets", Tree.texts(assignment.targets())).put("node", assignment.node())
                .put("leaseUntil", assignment.leaseUntil().toString()).build()));
        return Answer.of(Tree.mapping().put("term", known.term()).put("epoch", known.epoch())
                .put("assignments", Tree.list(trees)).build());
    }

    private Answer pool(Call call) {
        ConfigState state = store.current();
        String name = call.variable("name");
        Pool pool = state.config().pools().get(name);
        if (pool == null) {
            throw ApiProblem.notFound("there is no pool " + name, "GET /api/v1/pools lists all");
        }
        return Answer.of(new TargetTree(state, health.current(), targets).pool(name, pool)).at(state.revision());
    }

    private Answer loadBalancer(Call call) {
        ConfigState state = store.current();
        String name = call.variable("name");
        LoadBalancer loadBalancer = state.config().loadBalancers().get(name);
        if (loadBalancer == null) {
            throw ApiProblem.notFound("there is no load balancer " + name, "GET /api/v1/loadBalancers lists all");
        }
        List<Tree> listeners = new ArrayList<>();
        loadBalancer.listeners().forEach(listener -> {
            String label = name + "/" + listener.name();
            List<String> open = node.listeners().stream().filter(l -> l.label().equals(label))
                    .map(NodeView.OpenListener::address).toList();
            listeners.add(Tree.mapping().put("name", listener.name()).put("protocol", listener.protocol().key())
                    .put("address", listener.address().toString()).put("open", Tree.texts(open)).build());
        });
        String own = "loadBalancers/" + name;
        List<NodeView.Failure> failures = node.failures().stream()
                .filter(failure -> failure.object().equals(own) || failure.object().startsWith(own + "/")).toList();
        return Answer.of(Tree.mapping().put("name", name).put("node", node.name())
                .put("listeners", Tree.list(listeners)).put("failures", failures(failures)).build())
                .at(state.revision());
    }
}
