package io.halite.appliance.metrics;

import io.halite.dns.DnsTraffic;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** What the DNS responder answered and how it is, read when scraped. */
final class DnsCollector implements MultiCollector {
    private final MetricSources sources;

    DnsCollector(MetricSources sources) {
        this.sources = sources;
    }

    @Override
    public MetricSnapshots collect() {
        DnsTraffic now = sources.dns();
        return new MetricSnapshots(queries(now),
                counter("halite_dns_dropped", "Messages left without any response", now.dropped()),
                counter("halite_dns_truncated", "Responses that the client must ask for again over TCP",
                        now.truncated()),
                counter("halite_dns_slow_path", "Queries left to the slow path: signed ones and transfers", now.slow()),
                CounterSnapshot.builder().name("halite_dns_rate_limited").help("Responses over a client network's rate")
                        .dataPoint(count(now.limited(), Labels.of("action", "dropped")))
                        .dataPoint(count(now.slipped(), Labels.of("action", "slipped"))).build(),
                counter("halite_dns_cookies_accepted", "Queries with a valid server cookie", now.genuine()),
                counter("halite_dns_batches", "Calls that received something", now.batches()),
                counter("halite_dns_datagrams", "Datagrams received by them", now.datagrams()),
                counter("halite_dns_frames", "Those of them that were taken from an interface's frames (--dns-xdp)",
                        now.frames()),
                counter("halite_dns_send_failures", "Responses that the kernel refused", now.sendFailures()),
                counter("halite_dns_failures", "Queries not answered for a bug; the log has the first",
                        now.failures()),
                counter("halite_dns_kernel_drops", "Datagrams that found the sockets' buffers full",
                        now.server().kernelDrops()),
                counter("halite_dns_log_lines", "Queries written to the log", now.server().logged()),
                counter("halite_dns_log_lines_skipped", "Queries drawn for the log but over its rate",
                        now.server().unlogged()),
                gauge("halite_dns_tcp_connections", "TCP connections open now", now.streams()),
                gauge("halite_dns_revision", "The revision that queries are answered from",
                        (double) now.server().revision()),
                gauge("halite_dns_compile_seconds", "How long the last table took to compile",
                        now.server().compileNanos() / 1e9),
                panics(now));
    }

    private static CounterSnapshot queries(DnsTraffic now) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_dns_queries")
                .help("DNS queries answered; the zone is empty for names outside all zones");
        now.queries().forEach(one -> metric.dataPoint(
                count(one.count(), Labels.of("zone", one.zone(), "type", one.type(), "rcode", one.rcode()))));
        return metric.build();
    }

    private static GaugeSnapshot panics(DnsTraffic now) {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_dns_panic")
                .help("1 for each name whose health is ignored because too little of it is left");
        now.server().panics().forEach(name -> metric.dataPoint(
                GaugeDataPointSnapshot.builder().labels(Labels.of("name", name)).value(1).build()));
        return metric.build();
    }

    private static CounterDataPointSnapshot count(long value, Labels labels) {
        return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }

    private static CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder().name(name).help(help).dataPoint(count(value, Labels.EMPTY)).build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder().name(name).help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
    }
}
