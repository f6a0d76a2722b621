package io.halite.appliance.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** What the DNS responder answered, read when scraped. */
final class DnsCollector implements Collector {
    private final MetricSources sources;

    DnsCollector(MetricSources sources) {
        this.sources = sources;
    }

    @Override
    public MetricSnapshot collect() {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_dns_queries")
                .help("DNS queries answered; the zone is empty for names outside all zones");
        sources.dns().queries().forEach(one -> metric.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("zone", one.zone(), "type", one.type(), "rcode", one.rcode()))
                .value((double) one.count()).build()));
        return metric.build();
    }
}
