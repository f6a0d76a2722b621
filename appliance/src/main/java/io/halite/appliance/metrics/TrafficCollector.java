package io.halite.appliance.metrics;

import io.halite.proxy.traffic.Histogram;
import io.halite.proxy.traffic.Traffic;
import io.halite.proxy.traffic.Traffic.Series;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The data plane's counters as metrics, read when scraped. Durations are told per route and per target rather than per
 * combination of all labels, which would be hundreds of thousands of series on a large site.
 */
final class TrafficCollector implements MultiCollector {
    private final MetricSources sources;

    TrafficCollector(MetricSources sources) {
        this.sources = sources;
    }

    @Override
    public MetricSnapshots collect() {
        Traffic traffic = sources.traffic();
        return new MetricSnapshots(requests(traffic), retries(traffic), ejections(sources.ejections()),
                waiting(sources.waiting()), refused(traffic),
                durations("halite_request_duration_seconds", "From a request's first byte to its response's last",
                        traffic.series(),
                        one -> Labels.of("listener", one.listener(), "route", one.route()), Series::request),
                durations("halite_upstream_duration_seconds", "From a request's end to the head of the target's response",
                        forwarded(traffic), one -> Labels.of("pool", one.pool(), "target", one.target()), Series::upstream),
                connections(traffic), bytes(traffic), handshakes(traffic), turns(traffic), pauses(traffic),
                logLines(traffic.accessLog()));
    }

    private static CounterSnapshot requests(Traffic traffic) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_requests")
                .help("Requests by the status of their response; 0 when the client got none");
        for (Series one : traffic.series()) {
            one.codes().forEach((code, count) -> metric.dataPoint(point(count, Labels.of("listener", one.listener(),
                    "route", one.route(), "pool", one.pool(), "target", one.target(), "code", Integer.toString(code)))));
        }
        return metric.build();
    }

    /** Without what the proxy answered by itself. */
    private static List<Series> forwarded(Traffic traffic) {
        return traffic.series().stream().filter(one -> !one.pool().isEmpty()).toList();
    }

    private static CounterSnapshot retries(Traffic traffic) {
        Map<String, Long> sums = new HashMap<>();
        forwarded(traffic).forEach(one -> sums.merge(one.pool(), one.retries(), Long::sum));
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_retries")
                .help("Requests that were tried again");
        sums.forEach((pool, count) -> metric.dataPoint(point(count, Labels.of("pool", pool))));
        return metric.build();
    }

    private static CounterSnapshot ejections(Map<String, Long> counts) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_ejections")
                .help("Times that a target was taken out for its failed requests");
        counts.forEach((pool, count) -> metric.dataPoint(point(count, Labels.of("pool", pool))));
        return metric.build();
    }

    private static GaugeSnapshot waiting(Map<String, Integer> counts) {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_waiting_requests")
                .help("Requests that wait because every target of their pool is at its limit");
        counts.forEach((pool, count) -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("pool", pool)).value(count).build()));
        return metric.build();
    }

    private static CounterSnapshot refused(Traffic traffic) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_refused_requests")
                .help("Requests that broke the protocol or a limit");
        traffic.refused().forEach((reason, count) -> metric.dataPoint(point(count, Labels.of("reason", reason))));
        return metric.build();
    }

    private static HistogramSnapshot durations(String name, String help, List<Series> series,
            Function<Series, Labels> labels, Function<Series, Histogram> durations) {
        Map<Labels, List<Histogram>> parts = new HashMap<>();
        series.forEach(one ->
                parts.computeIfAbsent(labels.apply(one), key -> new ArrayList<>()).add(durations.apply(one)));
        HistogramSnapshot.Builder metric = HistogramSnapshot.builder().name(name).help(help);
        parts.forEach((key, histograms) -> metric.dataPoint(HistogramDataPointSnapshot.builder().labels(key)
                .classicHistogramBuckets(buckets(histograms))
                .sum(histograms.stream().mapToDouble(Histogram::sumSeconds).sum()).build()));
        return metric.build();
    }

    private static ClassicHistogramBuckets buckets(List<Histogram> histograms) {
        List<Double> bounds = new ArrayList<>(Histogram.BOUNDS);
        bounds.add(Double.POSITIVE_INFINITY);
        List<Long> counts = new ArrayList<>();
        for (int at = 0; at < bounds.size(); at++) {
            int bucket = at;
            counts.add(histograms.stream().mapToLong(one -> one.counts().get(bucket)).sum());
        }
        return ClassicHistogramBuckets.of(bounds, counts);
    }

    private static GaugeSnapshot connections(Traffic traffic) {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_connections")
                .help("Connections of clients that are open now");
        traffic.listeners().forEach(one -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("listener", one.listener())).value((double) one.open()).build()));
        return metric.build();
    }

    private static CounterSnapshot bytes(Traffic traffic) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_bytes")
                .help("Bytes from clients (in) and to clients (out)");
        traffic.listeners().forEach(one -> {
            metric.dataPoint(point(one.bytesIn(), Labels.of("listener", one.listener(), "direction", "in")));
            metric.dataPoint(point(one.bytesOut(), Labels.of("listener", one.listener(), "direction", "out")));
        });
        return metric.build();
    }

    private static CounterSnapshot handshakes(Traffic traffic) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_tls_handshakes")
                .help("TLS handshakes with clients, by what became of them");
        traffic.listeners().stream().filter(one -> one.handshakes() + one.handshakesFailed() > 0).forEach(one -> {
            metric.dataPoint(point(one.handshakes(), Labels.of("listener", one.listener(), "result", "done")));
            metric.dataPoint(point(one.handshakesFailed(), Labels.of("listener", one.listener(), "result", "failed")));
        });
        return metric.build();
    }

    private static GaugeSnapshot turns(Traffic traffic) {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name("halite_loop_longest_turn_seconds")
                .help("The longest time ever that the sockets of a relay loop had to wait for it");
        traffic.loops().forEach(one -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("loop", Integer.toString(one.loop()))).value(one.longestTurnNanos() / 1e9).build()));
        return metric.build();
    }

    private static CounterSnapshot pauses(Traffic traffic) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name("halite_accept_pauses")
                .help("Times that accepting stopped for want of file descriptors");
        traffic.loops().forEach(one ->
                metric.dataPoint(point(one.acceptPauses(), Labels.of("loop", Integer.toString(one.loop())))));
        return metric.build();
    }

    private static CounterSnapshot logLines(Traffic.LogLines lines) {
        return CounterSnapshot.builder().name("halite_access_log_lines")
                .help("Lines of the access log that were written, and those dropped for want of room or of a disk")
                .dataPoint(point(lines.written(), Labels.of("outcome", "written")))
                .dataPoint(point(lines.dropped(), Labels.of("outcome", "dropped"))).build();
    }

    private static CounterDataPointSnapshot point(long count, Labels labels) {
        return CounterDataPointSnapshot.builder().labels(labels).value((double) count).build();
    }
}
