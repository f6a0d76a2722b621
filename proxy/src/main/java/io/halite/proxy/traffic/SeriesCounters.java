package io.halite.proxy.traffic;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** The counters of one way through the proxy in one loop. Written by the loop's thread, read by any. */
public final class SeriesCounters {
    private final SeriesLabels labels;
    private final Durations request = new Durations();
    private final Durations upstream = new Durations();
    /** Pairs of status and count; replaced when a new status comes, so that a reader sees whole pairs. */
    private volatile long[] codes = new long[0];
    private long retries;

    SeriesCounters(SeriesLabels labels) {
        this.labels = labels;
    }

    /** A request ended. */
    public void finished(int code, long nanos) {
        request.add(nanos);
        long[] pairs = codes;
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at] == code) {
                pairs[at + 1]++;
                return;
            }
        }
        long[] more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = code;
        more[pairs.length + 1] = 1;
        codes = more;
    }

    /** A target's response began. */
    public void answered(long nanos) {
        upstream.add(nanos);
    }

    /** A request was tried again. */
    public void retried() {
        retries++;
    }

    SeriesLabels labels() {
        return labels;
    }

    Traffic.Series read() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        long[] pairs = codes;
        for (int at = 0; at < pairs.length; at += 2) {
            counts.put((int) pairs[at], pairs[at + 1]);
        }
        return new Traffic.Series(labels.listener(), labels.route(), labels.pool(), labels.target(), counts,
                request.read(), upstream.read(), retries);
    }
}
