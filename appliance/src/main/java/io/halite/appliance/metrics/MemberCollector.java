package io.halite.appliance.metrics;

import io.halite.admin.node.ClusterView;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.Map;

/** How many members the cluster has, read when scraped. */
final class MemberCollector implements Collector {
    private final ClusterView cluster;

    MemberCollector(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public MetricSnapshot collect() {
        Map<Labels, Integer> counts = new HashMap<>();
        cluster.members().forEach(member -> counts.merge(
                Labels.of("role", member.role().key(), "state", member.state().key()), 1, Integer::sum));
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_cluster_nodes")
                .help("Members of the cluster, by role and state");
        counts.forEach((labels, count) ->
                metric.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(count).build()));
        return metric.build();
    }
}
