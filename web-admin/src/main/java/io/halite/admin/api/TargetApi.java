package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.TargetView;
import io.halite.config.AdminState;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.health.HealthView;
import io.halite.health.ProbeOutcome;
import java.util.ArrayList;
import java.util.List;

/** Single targets: what is known of them, their admin state, and a check on demand. */
public final class TargetApi {
    private static final String ONE = "/api/v1/pools/{pool}/targets/{target}";

    private final ConfigStore store;
    private final HealthView health;
    private final TargetView targets;

    public TargetApi(ConfigStore store, HealthView health, TargetView targets) {
        this.store = store;
        this.health = health;
        this.targets = targets;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(List.of(
                Endpoint.reads("GET", ONE, Role.VIEWER, this::describe),
                Endpoint.writes("POST", ONE + ":check", Role.OPERATOR, this::check)));
        for (AdminState state : AdminState.values()) {
            all.add(Endpoint.writes("POST", ONE + ":" + state.key(), Role.OPERATOR, call -> setState(call, state)));
        }
        return all;
    }

    private Answer describe(Call call) {
        ConfigState state = store.current();
        TargetRef ref = ref(call);
        Target target = target(state, ref);
        List<Tree> transitions = new ArrayList<>();
        targets.transitions(ref).forEach(change -> transitions.add(Tree.mapping().put("time", change.at().toString())
                .put("from", change.from().key()).put("to", change.to().key()).put("reason", change.reason())
                .put("message", change.message()).put("prober", change.node())
                .put("took", change.took().toMillis() + "ms").build()));
        Tree.MappingBuilder tree = new TargetTree(state, health.current(), targets).of(ref, target)
                .put("pool", ref.pool()).put("check", CheckTree.of(state.config().pools().get(ref.pool())));
        targets.balancing(ref).ifPresent(here -> tree.put("balancing", Tree.mapping().put("node", here.node())
                .put("standing", here.standing()).put("candidate", here.candidate())
                .put("ejected", !here.ejectedFor().isZero()).put("ejectedFor", here.ejectedFor().toMillis() + "ms")
                .put("warmth", here.warmth() + "%").build()));
        if (state.adminState(ref) != AdminState.READY) {
            tree.put("sessions", sessions(ref));
        }
        return Answer.of(tree.put("transitions", Tree.list(transitions)).build()).at(state.revision());
    }

    /** What each node has under way at a target that shall get nothing new: the proof of a drain. */
    private Tree sessions(TargetRef ref) {
        List<Tree> nodes = new ArrayList<>();
        targets.sessions(ref).forEach(one -> nodes.add(Tree.mapping().put("node", one.node())
                .put("state", one.state().key()).put("activeAdminVersion", one.activeAdminVersion())
                .put("known", one.known()).put("idle", one.idle()).put("inFlight", one.inFlight()).build()));
        return Tree.list(nodes);
    }

    private Answer setState(Call call, AdminState wanted) {
        call.verb();
        TargetRef ref = ref(call);
        target(store.current(), ref);
        ProposalResult.Committed committed = Changes.committed(store.propose(
                new Proposal.SetAdminState(List.of(ref), wanted, call.origin())));
        ConfigState state = store.current();
        return Answer.of(Tree.mapping().put("target", ref.toString()).put("adminState", wanted.key())
                .put("changed", committed.changed()).put("adminVersion", state.adminVersion()).build())
                .at(state.revision());
    }

    private Answer check(Call call) {
        call.verb();
        TargetRef ref = ref(call);
        target(store.current(), ref);
        ProbeOutcome outcome = targets.checkNow(ref).orElseThrow(() -> ApiProblem.of(409, "NOT_CHECKED",
                ref + " is not checked", "its pool has check: none, or it is in maintenance"));
        return Answer.of(Tree.mapping().put("target", ref.toString()).put("verdict", outcome.verdict().key())
                .put("reason", outcome.reason()).put("message", outcome.message()).put("prober", outcome.node())
                .put("time", outcome.at().toString()).put("took", outcome.took().toMillis() + "ms").build());
    }

    private static TargetRef ref(Call call) {
        return new TargetRef(call.variable("pool"), call.variable("target"));
    }

    private static Target target(ConfigState state, TargetRef ref) {
        Pool pool = state.config().pools().get(ref.pool());
        if (pool == null) {
            throw ApiProblem.notFound("there is no pool " + ref.pool(), "GET /api/v1/pools lists all");
        }
        return pool.targets().stream().filter(target -> target.name().equals(ref.target())).findAny()
                .orElseThrow(() -> ApiProblem.notFound("the pool " + ref.pool() + " has no target " + ref.target(),
                        "GET /api/v1/pools/" + ref.pool() + " lists its targets"));
    }
}
