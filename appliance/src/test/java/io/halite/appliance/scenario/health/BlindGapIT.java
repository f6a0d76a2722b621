package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.config.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five nodes probe like one, and whichever of them falls silent or dies, a worker, the leader, or both at once: their checks
 * are soon made by others, no target falls, and the target's own log says how long nobody asked.
 */
@Tag("stories")
class BlindGapIT {
    private static final System.Logger LOGGER = System.getLogger(BlindGapIT.class.getName());
    private static final int CHECKS = 10;
    private static final int NODES = 5;
    private static final Duration WINDOW = Duration.ofSeconds(8);
    /** Twelve times what the simulation allows: a busy machine may be slow, but checks that nobody makes stay so. */
    private static final Duration GAP_AT_MOST = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Set<NodeProcess> away = new HashSet<>();

    @Test
    void whoeverDiesTheChecksGoOn() throws Exception {
        try (ProbeLog target = ProbeLog.of(CHECKS)) {
            nodes.add(NodeProcess.start(dir.resolve("lb-1")));
            nodes.getFirst().apply(target.site());
            awaitDivided();
            double alone = probesPerSecond(target);
            for (int number = 2; number <= NODES; number++) {
                nodes.add(NodeProcess.join(
                        nodes.getFirst(), dir.resolve("lb-" + number), "lb-" + number, "127.0.0." + number));
            }
            awaitVoters();
            awaitDivided();
            double together = probesPerSecond(target);
            LOGGER.log(System.Logger.Level.INFO, "probes per second nodes=1: " + alone + " nodes=5: " + together);
            // Undivided it would be five times as much.
            assertEquals(CHECKS, alone, CHECKS / 2.0);
            assertEquals(CHECKS, together, CHECKS / 2.0);

            NodeProcess silent = worker();
            measure(target, "a worker fell silent", () -> signal(silent, "STOP"), silent);
            signal(silent, "CONT");
            away.remove(silent);
            awaitDivided();

            NodeProcess worker = worker();
            measure(target, "a worker was killed", worker::kill, worker);
            back(worker);
            NodeProcess leader = leader();
            measure(target, "the leader was killed", leader::kill, leader);
            back(leader);
            NodeProcess first = leader();
            NodeProcess second = worker();
            measure(target, "the leader and a worker were killed", () -> {
                first.kill();
                second.kill();
            }, first, second);
        }
    }

    @AfterEach
    void end() {
        nodes.forEach(NodeProcess::close);
    }

    /** Does it and waits until the others have every check and have made it; none of their targets may have fallen. */
    private void measure(ProbeLog target, String what, Runnable fault, NodeProcess... victims) {
        target.forget();
        fault.run();
        away.addAll(List.of(victims));
        awaitDivided();
        List<Long> before = target.counts();
        patiently().until(() -> allMoved(before, target.counts()));
        Duration gap = target.worstGap();
        LOGGER.log(System.Logger.Level.INFO, what + ": the longest that a check was not made ms=" + gap.toMillis()
                + " (interval 1 s)");
        assertTrue(gap.compareTo(GAP_AT_MOST) < 0, what + ": " + gap);
        for (NodeProcess node : present()) {
            for (int pool = 0; pool < CHECKS; pool++) {
                Json seen = node.get("/pools/p" + pool + "/targets/t");
                assertEquals("healthy", seen.text("health"));
                assertEquals(1, seen.items("transitions").size(), what + ": a target fell");
            }
        }
    }

    private static boolean allMoved(List<Long> before, List<Long> now) {
        for (int check = 0; check < CHECKS; check++) {
            if (now.get(check) <= before.get(check)) {
                return false;
            }
        }
        return true;
    }

    private void back(NodeProcess node) throws IOException {
        node.restart();
        away.remove(node);
        awaitVoters();
        awaitDivided();
    }

    private List<NodeProcess> present() {
        return nodes.stream().filter(node -> !away.contains(node)).toList();
    }

    private NodeProcess leader() {
        AtomicReference<String> name = new AtomicReference<>("");
        patiently().until(() -> {
            name.set(present().getFirst().status().text("leader"));
            return !name.get().isEmpty();
        });
        return named(name.get());
    }

    /** One that makes checks and does not lead. */
    private NodeProcess worker() {
        NodeProcess leader = leader();
        AtomicReference<NodeProcess> found = new AtomicReference<>(leader);
        patiently().until(() -> {
            shares(present().getFirst()).stream().map(share -> named(share.text("node"))).filter(node -> node != leader)
                    .findFirst().ifPresent(found::set);
            return found.get() != leader;
        });
        return found.get();
    }

    private NodeProcess named(String name) {
        return nodes.get(Integer.parseInt(name.substring("lb-".length())) - 1);
    }

    /** Two of five may die only when all five vote. */
    private void awaitVoters() {
        patiently().until(() -> nodes.getFirst().get("/nodes").items("nodes").stream()
                .filter(node -> Set.of("leader", "voter").contains(node.text("role"))).count() == NODES);
    }

    /** Every node that is there says that each check is with one node that is there too, and that all pass. */
    private void awaitDivided() {
        patiently().until(() -> present().stream().allMatch(node -> {
            List<Json> shares = shares(node);
            List<String> targets = shares.stream().flatMap(share -> share.texts("targets").stream()).toList();
            return targets.size() == CHECKS && new HashSet<>(targets).size() == CHECKS
                    && shares.stream().noneMatch(share -> away.contains(named(share.text("node"))))
                    && node.status().items("pools").stream().allMatch(
                            pool -> pool.items("targets").getFirst().text("health").equals("healthy"));
        }));
    }

    private static List<Json> shares(NodeProcess node) {
        return node.get("/assignments").items("assignments").stream()
                .filter(share -> !share.texts("targets").isEmpty()).toList();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50)).ignoreExceptions();
    }

    private static double probesPerSecond(ProbeLog target) {
        long before = target.probes();
        long begun = Ticker.SYSTEM.nanos();
        await().pollDelay(WINDOW).atMost(WINDOW.multipliedBy(10)).until(() -> true);
        return (target.probes() - before) * 1e9 / (Ticker.SYSTEM.nanos() - begun);
    }

    private static void signal(NodeProcess node, String name) {
        assertEquals(0, CommandResult.run(List.of("kill", "-" + name, Long.toString(node.pid())), "", Map.of()).exitCode());
    }
}
