package io.halite.appliance.metrics;

import io.halite.health.HealthTable;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Health and probes as metrics, read when scraped. */
final class HealthCollector implements MultiCollector {
    private final MetricSources sources;

    HealthCollector(MetricSources sources) {
        this.sources = sources;
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(health(), probes(), failedSteps());
    }

    private GaugeSnapshot health() {
        HealthTable table = sources.health();
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_target_health")
                .help("1 healthy, 0 unhealthy, -1 unknown");
        table.targets().forEach((target, health) -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("pool", target.pool(), "target", target.target()))
                .value(switch (health.health()) {
                    case HEALTHY -> 1;
                    case UNHEALTHY -> 0;
                    case UNKNOWN -> -1;
                }).build()));
        return metric.build();
    }

    private CounterSnapshot failedSteps() {
        return CounterSnapshot.builder().name("halite_health_failed_steps")
                .help("Steps of health checking that met a bug and were passed over; the log names each once")
                .dataPoint(CounterDataPointSnapshot.builder().value((double) sources.failedHealthSteps()).build()).build();
    }

    private CounterSnapshot probes() {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_probes")
                .help("Probes that ended, by verdict");
        sources.probes().forEach(one -> metric.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("kind", one.kind(), "verdict", one.verdict().key())).value((double) one.count()).build()));
        return metric.build();
    }
}
