package io.halite.proxy.balance;

import io.halite.config.Algorithm.HashKey;
import io.halite.config.Algorithm;
import io.halite.config.Ticker;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import java.util.Arrays;
import java.util.List;

/** The time of picking a target, telling its start and its end. Run by hand: {@code main}. */
public final class BalancerBenchmark {
    private static final int PICKS = 200_000;
    private static final int ROUNDS = 8;

    private BalancerBenchmark() {}

    /** Prints nanoseconds per request for each algorithm and several sizes of pool. */
    public static void main(String[] args) {
        for (Algorithm algorithm : List.of(new Algorithm.RoundRobin(), new Algorithm.LeastRequest(),
                new Algorithm.LeastTime(), new Algorithm.Random(), new Algorithm.First(),
                new Algorithm.Hash(new HashKey.ClientAddress()))) {
            for (int size : new int[] {3, 20, 1_000}) {
                run(algorithm, size, false);
                run(algorithm, size, true);
            }
        }
    }

    private static void run(Algorithm algorithm, int size, boolean weighted) {
        int[] weights = new int[size];
        Arrays.setAll(weights, i -> weighted ? 1 + i * 37 % 100 : 100);
        TestPool pool = TestPool.of(weights).algorithm(algorithm);
        Balancer balancer = pool.balancer(0);
        PoolTable table = pool.latest();
        TriedTargets tried = new TriedTargets();
        RequestHead head = DescribedRequest.get("h", "/").head();
        double[] nanos = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = Ticker.SYSTEM.nanos();
            for (int i = 0; i < PICKS; i++) {
                TargetEntry target = balancer.pick(table, head, tried);
                if (target != null) {
                    balancer.started(target);
                    balancer.finished(target, Outcome.SUCCESS, 1_000_000);
                }
            }
            nanos[Math.max(0, round)] = (double) (Ticker.SYSTEM.nanos() - start) / PICKS;
        }
        Arrays.sort(nanos);
        System.out.printf("%-14s %5d targets, %-15s %7.0f ns median %7.0f ns best%n",
                algorithm.getClass().getSimpleName(), size, weighted ? "unequal weights" : "equal weights",
                nanos[ROUNDS / 2], nanos[0]);
    }
}
