package io.halite.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The intent of one revision: everything an operator declared, by name. Two configs are equal exactly when their
 * canonical exports are. Admin states and health are not part of it.
 */
public record ClusterConfig(
        SortedMap<String, LoadBalancer> loadBalancers,
        SortedMap<String, Pool> pools,
        SortedMap<String, Certificate> certificates,
        SortedMap<String, Zone> zones,
        SortedMap<String, VirtualAddress> virtualAddresses,
        SortedMap<String, AutoscalingGroup> autoscaling) {

    /** The config of a cluster at revision 0. */
    public static final ClusterConfig EMPTY =
            new ClusterConfig(none(), none(), none(), none(), none(), none());

    public ClusterConfig {
        loadBalancers = copy(loadBalancers);
        pools = copy(pools);
        certificates = copy(certificates);
        zones = copy(zones);
        virtualAddresses = copy(virtualAddresses);
        autoscaling = copy(autoscaling);
    }

    private static <T> SortedMap<String, T> none() {
        return Collections.emptySortedMap();
    }

    private static <T> SortedMap<String, T> copy(Map<String, T> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
