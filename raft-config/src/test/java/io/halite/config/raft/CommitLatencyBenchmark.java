package io.halite.config.raft;

import io.halite.config.Revision;
import io.halite.config.store.ProposalResult.Committed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Lone writes to a cluster of four (three voters, one learner) in one JVM: how long a proposal takes, and how long
 * until its revision is applied on each node. Run by hand: {@code CommitLatencyBenchmark [writes]}.
 */
final class CommitLatencyBenchmark {
    private CommitLatencyBenchmark() {}

    public static void main(String[] args) throws Exception {
        int writes = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        Path root = Files.createTempDirectory("halite-latency");
        try (TestCluster cluster = TestCluster.of(4, root)) {
            cluster.awaitVoters(3);
            ClusterNode leader = cluster.leader();
            Map<String, Map<Long, Long>> applied = new HashMap<>();
            for (ClusterNode node : cluster.nodes()) {
                Map<Long, Long> times = new ConcurrentSkipListMap<>();
                applied.put(node == leader ? "leader" : node.store.group().roll().learners().contains(node.id())
                        ? "learner" : "voter-" + node.id(), times);
                node.store.watch(state -> times.put(state.revision().number(), System.nanoTime()));
            }
            long[] begun = new long[writes + 1];
            long[] latency = new long[writes];
            for (int i = 0; i < writes; i++) {
                begun[i + 1] = System.nanoTime();
                if (!(leader.replace(i, TestConfigs.numbered(i)) instanceof Committed committed)
                        || !committed.revision().equals(new Revision(i + 1))) {
                    throw new IllegalStateException("write " + i);
                }
                latency[i] = System.nanoTime() - begun[i + 1];
                pause();
            }
            cluster.awaitRevision(writes);
            print("propose", latency);
            applied.forEach((name, times) -> print("live on " + name, times.entrySet().stream()
                    .filter(entry -> entry.getKey() > 0)
                    .mapToLong(entry -> entry.getValue() - begun[Math.toIntExact(entry.getKey())]).toArray()));
        }
    }

    private static void pause() {
        LockSupport.parkNanos(30_000_000);
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf("%-24s n=%d p50=%.2f ms p90=%.2f ms p99=%.2f ms max=%.2f ms%n", what, sorted.length,
                sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 9 / 10] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6, sorted[sorted.length - 1] / 1e6);
    }
}
