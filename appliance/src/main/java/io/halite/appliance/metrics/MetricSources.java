package io.halite.appliance.metrics;

import io.halite.config.store.Leadership;
import io.halite.dns.DnsTraffic;
import io.halite.health.HealthTable;
import io.halite.health.ProbeCount;
import io.halite.proxy.traffic.Traffic;
import java.util.List;
import java.util.Map;

/** What a node can be asked when its metrics are scraped. Safe for use by many threads. */
public interface MetricSources {

    /** What the data plane counted. */
    Traffic traffic();

    /** How often a target was ejected since the process began, by pool. */
    Map<String, Long> ejections();

    /** Requests that wait for room at a target, by pool. */
    Map<String, Integer> waiting();

    /** What the DNS responder answered. */
    DnsTraffic dns();

    /** Ended probes. */
    List<ProbeCount> probes();

    /** Steps of health checking that met a bug and were passed over. */
    long failedHealthSteps();

    /** The health this node acts on. */
    HealthTable health();

    /** Where this node stands in Raft. */
    Leadership leadership();

    /** The revision this node works by. */
    long activeRevision();

    /** For how long this node may have been working by an old config. */
    double stalenessSeconds();
}
