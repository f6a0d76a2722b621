package io.halite.admin;

import io.halite.admin.access.AccessTokens;
import io.halite.admin.node.ClusterActions;
import io.halite.admin.node.ClusterView;
import io.halite.admin.node.DnsExplainer;
import io.halite.admin.node.NodeView;
import io.halite.admin.node.RequestTracer;
import io.halite.admin.secret.SecretSealer;
import io.halite.admin.node.TargetView;
import io.halite.admin.node.TrafficView;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigStore;
import io.halite.health.HealthView;
import java.time.InstantSource;

/** The parts of a node that its admin listener works with. */
public record AdminParts(
        ConfigStore store, HealthView health, NodeView node, ClusterView cluster, ClusterActions actions,
        TargetView targets, TrafficView traffic, RequestTracer tracer, DnsExplainer dns, SecretSealer sealer,
        AccessTokens tokens, InstantSource time, Ticker ticker) {

    /** The parts of a node that is its whole cluster and offers nothing that is optional. */
    public static AdminParts alone(
            ConfigStore store, HealthView health, NodeView node, SecretSealer sealer, AccessTokens tokens,
            InstantSource time) {
        return new AdminParts(store, health, node, ClusterView.alone("", "", node, store), ClusterActions.NONE,
                TargetView.NONE, TrafficView.NONE, RequestTracer.NONE, DnsExplainer.NONE, sealer, tokens, time,
                Ticker.SYSTEM);
    }

    /** The same as members of another cluster. */
    public AdminParts withCluster(ClusterView other) {
        return new AdminParts(store, health, node, other, actions, targets, traffic, tracer, dns, sealer, tokens, time,
                ticker);
    }

    /** The same with other actions. */
    public AdminParts withActions(ClusterActions other) {
        return new AdminParts(store, health, node, cluster, other, targets, traffic, tracer, dns, sealer, tokens, time,
                ticker);
    }

    /** The same with other targets and traffic. */
    public AdminParts withTargets(TargetView view, TrafficView counted) {
        return new AdminParts(store, health, node, cluster, actions, view, counted, tracer, dns, sealer, tokens, time,
                ticker);
    }

    /** The same with another tracer. */
    public AdminParts withTracer(RequestTracer other) {
        return new AdminParts(store, health, node, cluster, actions, targets, traffic, other, dns, sealer, tokens, time,
                ticker);
    }

    /** The same with another responder. */
    public AdminParts withDns(DnsExplainer other) {
        return new AdminParts(store, health, node, cluster, actions, targets, traffic, tracer, other, sealer, tokens, time,
                ticker);
    }
}
