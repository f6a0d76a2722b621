package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.api.Changes.Change;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.config.ClusterConfig;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weight of a target: a change of the config that operators may make, without the rest of it. */
public final class WeightApi {
    private static final int TRIES = 5;

    private final ConfigStore store;
    private final Changes changes;

    public WeightApi(ConfigStore store, Changes changes) {
        this.store = store;
        this.changes = changes;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.writes(
                "POST", "/api/v1/pools/{pool}/targets/{target}:weight", Role.OPERATOR, this::setWeight));
    }

    private Answer setWeight(Call call) {
        int weight = weight(Call.required(call.verb("weight"), "weight"));
        for (int tries = 1; ; tries++) {
            ConfigState state = store.current();
            ClusterConfig desired = withWeight(state.config(), call, weight);
            try {
                return changes.propose(call, new Change(state.revision(), desired, null, List.of()));
            } catch (ApiProblem problem) {
                // Somebody else was faster, and nothing says that this change was made from a certain revision.
                if (problem.status() != 412 || tries == TRIES) {
                    throw problem;
                }
            }
        }
    }

    private static int weight(String text) {
        boolean digits = text.matches("[0-9]{1,6}");
        if (!digits || Integer.parseInt(text) > Target.MAX_WEIGHT) {
            throw ApiProblem.of(422, "OUT_OF_RANGE", "weight cannot be '" + text + "'",
                    "allowed: " + Target.MIN_WEIGHT + " to " + Target.MAX_WEIGHT);
        }
        return Integer.parseInt(text);
    }

    private static ClusterConfig withWeight(ClusterConfig config, Call call, int weight) {
        String name = call.variable("pool");
        Pool pool = config.pools().get(name);
        if (pool == null) {
            throw ApiProblem.notFound("there is no pool " + name, "GET /api/v1/pools lists all");
        }
        List<Target> targets = new ArrayList<>(pool.targets());
        targets.replaceAll(target -> target.name().equals(call.variable("target"))
                ? new Target(target.name(), target.address(), weight) : target);
        if (targets.stream().noneMatch(target -> target.name().equals(call.variable("target")))) {
            throw ApiProblem.notFound("the pool " + name + " has no target " + call.variable("target"),
                    "GET /api/v1/pools/" + name + " lists its targets");
        }
        SortedMap<String, Pool> pools = new TreeMap<>(config.pools());
        pools.put(name, pool.withTargets(targets));
        return new ClusterConfig(config.loadBalancers(), pools, config.certificates(), config.zones(),
                config.virtualAddresses(), config.autoscaling());
    }
}
