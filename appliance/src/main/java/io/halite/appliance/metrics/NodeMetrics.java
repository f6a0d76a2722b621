package io.halite.appliance.metrics;

import io.halite.admin.node.ClusterView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** All metrics of a node: those of the JVM and the machine by Micrometer, those of Halite from its own counters. */
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();

    public NodeMetrics(MetricSources sources) {
        List<MeterBinder> binders = List.of(new JvmMemoryMetrics(), collector, new JvmThreadMetrics(),
                new ClassLoaderMetrics(), new JvmInfoMetrics(), new ProcessorMetrics(), new FileDescriptorMetrics(),
                new UptimeMetrics(), new MachineMetrics());
        binders.forEach(binder -> binder.bindTo(registry));
        Gauge.builder("halite.config.revision", sources, MetricSources::activeRevision)
                .description("The revision this node works by").register(registry);
        Gauge.builder("halite.config.staleness", sources, MetricSources::stalenessSeconds).baseUnit("seconds")
                .description("For how long this node may have been working by an old config").register(registry);
        Gauge.builder("halite.raft.term", sources, s -> s.leadership().term())
                .description("The Raft term this node is in").register(registry);
        Gauge.builder("halite.raft.is.leader", sources, s -> s.leadership().leading() ? 1 : 0)
                .description("1 on the leader").register(registry);
        Gauge.builder("halite.raft.applied.index", sources, s -> s.leadership().appliedIndex())
                .description("The last Raft log index applied here").register(registry);
        registry.getPrometheusRegistry().register(new TrafficCollector(sources));
        registry.getPrometheusRegistry().register(new HealthCollector(sources));
        registry.getPrometheusRegistry().register(new DnsCollector(sources));
    }

    /** Tells of the members of the cluster too. */
    public void add(ClusterView cluster) {
        registry.getPrometheusRegistry().register(new MemberCollector(cluster));
    }

    /** Everything at this moment, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
