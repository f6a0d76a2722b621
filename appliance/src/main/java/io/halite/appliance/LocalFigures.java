package io.halite.appliance;

import io.halite.appliance.metrics.MetricSources;
import io.halite.config.membership.Membership;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import io.halite.dns.DnsTraffic;
import io.halite.health.HealthTable;
import io.halite.health.ProbeCount;
import io.halite.health.orchestrator.ClusterHealth;
import io.halite.proxy.DataPlane;
import io.halite.proxy.traffic.Traffic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the metrics of this node are read from. */
record LocalFigures(
        ConfigStore store, ClusterHealth checker, DataPlane dataPlane, LocalDns responder, ConfigActivator activator,
        Membership membership)
        implements MetricSources {

    @Override
    public Traffic traffic() {
        return dataPlane.traffic();
    }

    @Override
    public Map<String, Long> ejections() {
        Map<String, Long> counts = new TreeMap<>();
        dataPlane.table().pools().forEach((name, pool) -> counts.put(name, pool.entry().ejections().count()));
        return counts;
    }

    @Override
    public Map<String, Integer> waiting() {
        Map<String, Integer> counts = new TreeMap<>();
        dataPlane.table().pools().forEach((name, pool) -> counts.put(name, pool.entry().waiting().get()));
        return counts;
    }

    @Override
    public DnsTraffic dns() {
        return responder.responder().traffic();
    }

    @Override
    public List<ProbeCount> probes() {
        return checker.counters();
    }

    @Override
    public long failedHealthSteps() {
        return checker.failedSteps();
    }

    @Override
    public HealthTable health() {
        return checker.view().current();
    }

    @Override
    public Leadership leadership() {
        return store.leadership();
    }

    @Override
    public long activeRevision() {
        return activator.current().state().revision().number();
    }

    @Override
    public double stalenessSeconds() {
        return membership.staleness().toNanos() / 1e9;
    }
}
