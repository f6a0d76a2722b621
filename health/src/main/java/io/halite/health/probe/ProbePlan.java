package io.halite.health.probe;

import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.HealthCheck;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.Upstream;
import io.halite.config.Upstream.HttpVersion;
import io.halite.config.Upstream.TargetTls;
import io.halite.config.store.ConfigState;
import io.halite.health.Reason;
import io.halite.health.probe.kind.Manner;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one revision and its admin states ask of health checking: the probes, and which target acts on which.
 * Immutable and a pure function of the config, so that every node compiles the same one.
 *
 * @param probes every distinct probe that shall run, with the most vantage points that a pool wants for it
 * @param targets every target of every pool
 */
public record ProbePlan(Map<ProbeKey, Integer> probes, Map<TargetRef, Entry> targets) {
    public static final ProbePlan EMPTY = new ProbePlan(Map.of(), Map.of());

    public ProbePlan {
        probes = Collections.unmodifiableMap(probes);
        targets = Collections.unmodifiableMap(targets);
    }

    /**
     * How one target is probed.
     *
     * @param key null when it has no check at all
     * @param silent why it is not probed now; {@link Reason#NONE} when it is
     */
    public record Entry(@Nullable ProbeKey key, Reason silent) {
        /** Whether the probe runs now. */
        public boolean isProbed() {
            return key != null && silent == Reason.NONE;
        }
    }

    /** Compiles the plan of a state. Drained targets are probed, targets in maintenance are not. */
    public static ProbePlan of(ConfigState state) {
        Map<ProbeKey, Integer> probes = new LinkedHashMap<>();
        Map<TargetRef, Entry> targets = new HashMap<>();
        ClusterConfig config = state.config();
        config.pools().forEach((name, pool) -> {
            for (Target target : pool.targets()) {
                TargetRef ref = new TargetRef(name, target.name());
                Entry entry = entry(pool, target, state.adminState(ref));
                targets.put(ref, entry);
                if (entry.key() != null && entry.isProbed()) {
                    probes.merge(entry.key(), pool.checkers(), Math::max);
                }
            }
        });
        return new ProbePlan(probes, targets);
    }

    /** The check of a pool; over TLS it asks for the name that requests ask for, unless it gives its own. */
    private static HealthCheck check(Pool pool) {
        HealthCheck check = pool.check();
        TargetTls tls = pool.upstream().tls();
        String name = tls == null ? null : tls.serverName();
        if (name == null) {
            return check;
        }
        return switch (check.kind()) {
            case HealthCheck.Http http when http.tls() && http.host() == null -> check.withKind(new HealthCheck.Http(
                    true, http.path(), http.method(), name, http.headers(), http.expect(), http.body()));
            case HealthCheck.Tls handshake when handshake.serverName() == null ->
                    check.withKind(new HealthCheck.Tls(name));
            default -> check;
        };
    }

    private static Entry entry(Pool pool, Target target, AdminState admin) {
        HealthCheck check = check(pool);
        ProbeKey key = check.kind() instanceof HealthCheck.None ? null
                : new ProbeKey(target.address(), check, manner(pool, check));
        if (admin == AdminState.MAINT) {
            return new Entry(key, Reason.MAINTENANCE);
        }
        return new Entry(key, key == null ? Reason.CHECK_DISABLED : Reason.NONE);
    }

    /** Checks speak as the pool's connections do: a target may understand nothing else. */
    private static Manner manner(Pool pool, HealthCheck check) {
        Upstream upstream = pool.upstream();
        Manner headed = Manner.headed(upstream.proxyProtocol());
        TargetTls tls = upstream.tls();
        return switch (check.kind()) {
            case HealthCheck.None _, HealthCheck.Dns _, HealthCheck.Udp _ -> Manner.PLAIN;
            case HealthCheck.Tcp _, HealthCheck.Tls _, HealthCheck.Agent _ -> headed;
            case HealthCheck.Http _ ->
                    new Manner(upstream.proxyProtocol(), upstream.protocol() == HttpVersion.HTTP2, false, null);
            case HealthCheck.Grpc _ when tls != null ->
                    new Manner(upstream.proxyProtocol(), false, true, tls.serverName());
            case HealthCheck.Grpc _ -> headed;
        };
    }
}
