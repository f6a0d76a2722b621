package io.halite.dns.policy;

import io.halite.config.Zone;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One zone before it is rendered.
 *
 * @param apex its name without a final dot, in lower case
 * @param nameservers absolute names without a final dot
 * @param names by absolute name without a final dot
 */
public record ZonePlan(String apex, Zone zone, List<String> nameservers, SortedMap<String, NamePlan> names) {
    public ZonePlan {
        nameservers = List.copyOf(nameservers);
        names = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, NamePlan>) names));
    }
}
