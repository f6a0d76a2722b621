package io.halite.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant owns: listeners, the routes they share (first match wins) and, optionally, a DNS name.
 *
 * @param domain the name the DNS responder answers for this load balancer, or null
 * @param access who may connect to its listeners
 * @param trustedProxies senders whose X-Forwarded headers are believed; those of others are replaced
 * @param paths in which form routes see paths
 */
public record LoadBalancer(
        @Nullable String domain, List<Listener> listeners, List<Route> routes, Timeouts timeouts, Limits limits,
        AccessList access, List<Cidr> trustedProxies, AccessLog accessLog, PathForm paths) {

    public LoadBalancer {
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** A load balancer with every default but these. */
    public LoadBalancer(
            @Nullable String domain, List<Listener> listeners, List<Route> routes, Timeouts timeouts, Limits limits) {
        this(domain, listeners, routes, timeouts, limits, AccessList.EVERYBODY, List.of(), AccessLog.DEFAULT,
                PathForm.NORMALIZED);
    }
}
