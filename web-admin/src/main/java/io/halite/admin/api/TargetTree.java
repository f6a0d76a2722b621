package io.halite.admin.api;

import io.halite.admin.node.TargetView;
import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.config.tree.Tree;
import io.halite.health.HealthTable;
import io.halite.health.TargetHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Targets as the API tells them: what was declared, decided and observed, as of one moment. */
record TargetTree(ConfigState state, HealthTable health, TargetView targets) {

    /** One target. */
    Tree.MappingBuilder of(TargetRef ref, Target target) {
        TargetHealth known = health.get(ref);
        Tree.MappingBuilder tree = Tree.mapping().put("name", target.name())
                .put("address", target.address().toString()).put("weight", target.weight())
                .put("health", health.health(ref).key())
                .put("reason", known == null ? "" : known.reason())
                .put("message", known == null ? "" : known.message())
                .put("prober", known == null ? "" : known.prober())
                .put("since", known == null ? new Tree.Null(0) : Tree.text(known.since().toString()))
                .put("inFlight", targets.inFlight(ref));
        return decided(tree, Optional.ofNullable(state.adminOverrides().get(ref)));
    }

    /** Adds what people decided, who, when and why; of a target or a node. */
    static Tree.MappingBuilder decided(Tree.MappingBuilder tree, Optional<AdminOverride> decided) {
        tree.put("adminState", decided.map(AdminOverride::state).orElse(AdminState.READY).key());
        decided.ifPresent(override -> tree.put("adminAuthor", override.author())
                .put("adminReason", override.reason()).put("adminSince", override.since().toString()));
        return tree;
    }

    /** A pool with all its targets. */
    Tree pool(String name, Pool pool) {
        List<Tree> all = new ArrayList<>();
        pool.targets().forEach(target -> all.add(of(new TargetRef(name, target.name()), target).build()));
        return Tree.mapping().put("name", name).put("targets", Tree.list(all)).build();
    }
}
