package io.halite.proxy.table;

import io.halite.config.Limits;
import io.halite.config.LoadBalancer;
import io.halite.config.PathForm;
import io.halite.config.Timeouts;
import io.halite.proxy.route.AccessRules;
import io.halite.proxy.route.AddressSet;
import org.jspecify.annotations.Nullable;

/**
 * What a load balancer lays down for all its listeners, compiled once and kept while it stays what it is: two objects
 * are different rules.
 */
public final class BalancerRules {
    private final LoadBalancer source;
    private final AccessRules access;
    private final AddressSet trustedProxies;

    private BalancerRules(LoadBalancer source) {
        this.source = source;
        access = new AccessRules(source.access());
        trustedProxies = new AddressSet(source.trustedProxies());
    }

    /** The rules of a load balancer; the former ones when nothing of them changed. */
    static BalancerRules of(LoadBalancer balancer, @Nullable BalancerRules before) {
        return before != null && before.isOf(balancer) ? before : new BalancerRules(balancer);
    }

    private boolean isOf(LoadBalancer other) {
        return source.timeouts().equals(other.timeouts()) && source.limits().equals(other.limits())
                && source.access().equals(other.access()) && source.trustedProxies().equals(other.trustedProxies())
                && source.accessLog().equals(other.accessLog()) && source.paths() == other.paths();
    }

    public Timeouts timeouts() {
        return source.timeouts();
    }

    public Limits limits() {
        return source.limits();
    }

    /** Percent of the successful requests that are logged. */
    public int logged() {
        return source.accessLog().sample();
    }

    /** In which form routes see paths. */
    public PathForm paths() {
        return source.paths();
    }

    /** Who may connect. */
    public AccessRules access() {
        return access;
    }

    /** Peers that are believed what they say of their clients. */
    public AddressSet trustedProxies() {
        return trustedProxies;
    }
}
