package io.halite.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant owns: listeners, the routes they share (first match wins) and, optionally, a DNS name.
 *
 * @param domain the name the DNS responder answers for this load balancer, or null
 */
public record LoadBalancer(
        @Nullable String domain, List<Listener> listeners, List<Route> routes, Timeouts timeouts, Limits limits) {

    public LoadBalancer {
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
    }
}
