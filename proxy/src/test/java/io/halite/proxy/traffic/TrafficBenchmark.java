package io.halite.proxy.traffic;

import io.halite.config.Ticker;
import java.util.Arrays;

/** The time that the metrics of one request take: its bytes, its series, its durations. Run by hand: {@code main}. */
public final class TrafficBenchmark {
    private static final int REQUESTS = 500_000;
    private static final int ROUNDS = 8;
    private static final int STRIDE = 7_919;

    private TrafficBenchmark() {}

    /** Prints nanoseconds per request for several numbers of series in use. */
    public static void main(String[] args) {
        for (int series : new int[] {1, 100, 10_000}) {
            run(series);
        }
    }

    private static void run(int ways) {
        LoopTraffic traffic = new LoopTraffic();
        ListenerCounters listener = traffic.listener("shop/web");
        for (int way = 0; way < ways; way++) {
            traffic.create(1, way, new SeriesLabels("shop/web", "shop/r1", "pool" + way, "target" + way));
        }
        double[] nanos = new double[ROUNDS];
        int way = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = Ticker.SYSTEM.nanos();
            for (int request = 0; request < REQUESTS; request++) {
                way = (way + STRIDE) % ways;
                listener.received(200);
                SeriesCounters series = traffic.find(1, way);
                if (series == null) {
                    throw new IllegalStateException("no series " + way);
                }
                series.finished(request % 50 == 0 ? 404 : 200, 1_000L * (request & 0xfff));
                series.answered(900L * (request & 0xfff));
                listener.sent(1_200);
            }
            nanos[Math.max(0, round)] = (double) (Ticker.SYSTEM.nanos() - start) / REQUESTS;
        }
        Arrays.sort(nanos);
        System.out.printf("%6d series %7.1f ns median %7.1f ns best%n", ways, nanos[ROUNDS / 2], nanos[0]);
    }
}
