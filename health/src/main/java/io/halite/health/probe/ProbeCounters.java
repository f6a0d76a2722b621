package io.halite.health.probe;

import io.halite.health.ProbeCount;
import io.halite.health.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Ended probes by kind and verdict since start. Safe for use by many threads. */
final class ProbeCounters {
    private static final List<String> KINDS =
            List.of("http", "https", "tcp", "tls", "grpc", "dns", "udp", "agent", "none");

    private final Map<String, Map<Verdict, LongAdder>> counts = new TreeMap<>();

    ProbeCounters() {
        for (String kind : KINDS) {
            Map<Verdict, LongAdder> adders = new EnumMap<>(Verdict.class);
            for (Verdict verdict : Verdict.values()) {
                adders.put(verdict, new LongAdder());
            }
            counts.put(kind, adders);
        }
    }

    void count(String kind, Verdict verdict) {
        Map<Verdict, LongAdder> adders = counts.get(kind);
        LongAdder adder = adders == null ? null : adders.get(verdict);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Every pair that ever happened. */
    List<ProbeCount> snapshot() {
        List<ProbeCount> all = new ArrayList<>();
        counts.forEach((kind, adders) -> {
            adders.forEach((verdict, adder) -> {
                if (adder.sum() > 0) {
                    all.add(new ProbeCount(kind, verdict, adder.sum()));
                }
            });
        });
        return all;
    }
}
