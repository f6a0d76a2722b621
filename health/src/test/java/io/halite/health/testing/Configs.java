package io.halite.health.testing;

import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.Revision;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Config states for tests. */
public final class Configs {
    private Configs() {}

    /** A pool with this check and a target per address, named t0, t1 and so on. */
    public static Pool pool(HealthCheck check, HostPort... addresses) {
        List<Target> targets = new ArrayList<>();
        for (HostPort address : addresses) {
            targets.add(new Target("t" + targets.size(), address, Target.DEFAULT_WEIGHT));
        }
        return Pool.of(targets).withCheck(check);
    }

    /** A check with every setting. */
    public static HealthCheck check(HealthCheck.Kind kind, long intervalMillis, int rise, int fall) {
        return new HealthCheck(kind, Duration.ofMillis(intervalMillis),
                Duration.ofMillis(Math.min(intervalMillis, 2_000)), rise, fall);
    }

    public static ConfigState state(Map<String, Pool> pools) {
        return state(pools, Map.of());
    }

    public static ConfigState state(Map<String, Pool> pools, Map<TargetRef, AdminState> admin) {
        ClusterConfig empty = ClusterConfig.EMPTY;
        ClusterConfig config = new ClusterConfig(empty.loadBalancers(), new TreeMap<>(pools), empty.certificates(),
                empty.zones(), empty.virtualAddresses(), empty.autoscaling());
        TreeMap<TargetRef, AdminOverride> overrides = new TreeMap<>();
        admin.forEach((ref, state) -> overrides.put(ref, new AdminOverride(state, "test", "", Instant.EPOCH)));
        return new ConfigState(new Revision(1), config, 1, overrides);
    }
}
