package io.halite.health.orchestrator;

import static io.halite.health.testing.Configs.check;
import static io.halite.health.testing.Configs.pool;
import static io.halite.health.testing.Configs.state;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.health.Health;
import io.halite.health.ProbeAssignments;
import io.halite.health.ProbeAssignments.Share;
import io.halite.health.ProbeOutcome;
import io.halite.health.TargetHealth;
import io.halite.health.Verdict;
import io.halite.health.orchestrator.InProcessCluster.Node;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {
    private static final System.Logger LOGGER = System.getLogger(ClusterHealthTest.class.getName());
    private static final int TARGETS = 12;
    private static final HealthCheck TCP = check(HealthCheck.Tcp.CONNECT, 500, 2, 2);

    private final InProcessCluster cluster = new InProcessCluster();
    private final List<FakeTarget> targets = new ArrayList<>();
    private ConfigState state = ConfigState.EMPTY;

    @BeforeEach
    void startTargets() throws IOException {
        for (int i = 0; i < TARGETS; i++) {
            targets.add(FakeTarget.accepting());
        }
        state = state(Map.of("web", pool(TCP, addresses())));
    }

    @AfterEach
    void close() throws IOException {
        cluster.close();
        for (FakeTarget target : targets) {
            target.close();
        }
    }

    private HostPort[] addresses() {
        return targets.stream().map(FakeTarget::address).toArray(HostPort[]::new);
    }

    private static TargetRef ref(int target) {
        return new TargetRef("web", "t" + target);
    }

    private void start(int nodes) {
        for (int i = 1; i <= nodes; i++) {
            cluster.add("n" + i, state);
        }
        cluster.elect("n1");
        awaitEverywhere(Health.HEALTHY, TARGETS);
        awaitShares(nodes);
    }

    private void awaitEverywhere(Health health, int count) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> cluster.living().stream().allMatch(
                node -> node.health.view().current().targets().values().stream()
                        .filter(target -> target.health() == health).count() == count));
    }

    private void awaitHealth(Node node, int target, Health health) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> node.health.view().current().health(ref(target)) == health);
    }

    /** Every target in exactly one share, as all living nodes know it. */
    private void awaitShares(int nodes) {
        await().until(() -> cluster.living().stream().allMatch(node -> {
            ProbeAssignments all = node.health.assignments();
            return all.shares().size() == nodes && all.shares().stream().mapToInt(s -> s.targets().size()).sum() == TARGETS;
        }));
    }

    /** Every node shows the owner as the prober. */
    private void awaitAgreement() {
        await().until(() -> cluster.living().stream().allMatch(ClusterHealthTest::agrees));
    }

    private static boolean agrees(Node node) {
        return node.health.assignments().shares().stream().allMatch(share -> share.targets().stream().allMatch(target -> {
            TargetHealth seen = node.health.view().current().get(target);
            return seen != null && seen.prober().equals(share.node());
        }));
    }

    private int connections() {
        return targets.stream().mapToInt(target -> target.connections.get()).sum();
    }

    private double probesPerSecond(Duration window) {
        int before = connections();
        long begun = Ticker.SYSTEM.nanos();
        await().pollDelay(window).until(() -> true);
        return (connections() - before) * 1e9 / (Ticker.SYSTEM.nanos() - begun);
    }

    @Test
    void theProbesAtTheTargetsStayTheSameFromOneNodeToFive() {
        cluster.add("n1", state);
        cluster.elect("n1");
        awaitEverywhere(Health.HEALTHY, TARGETS);
        awaitShares(1);
        double alone = probesPerSecond(Duration.ofSeconds(4));
        for (int i = 2; i <= 5; i++) {
            cluster.add("n" + i, state);
        }
        awaitShares(5);
        double together = probesPerSecond(Duration.ofSeconds(4));
        LOGGER.log(System.Logger.Level.INFO, String.format("probes per second nodes=1: %.1f nodes=5: %.1f",
                alone, together));
        assertEquals(alone, together, 0.25 * alone);
        for (Share share : cluster.node("n3").health.assignments().shares()) {
            assertTrue(share.targets().size() >= 2 && share.targets().size() <= 3, share.toString());
        }
    }

    @Test
    void aNodeThatHearsOfNobodyProbesAtOnceAndOnlyLaterCallsItDegraded() {
        cluster.add("n1", state);
        Node node = cluster.node("n1");
        awaitEverywhere(Health.HEALTHY, TARGETS);
        assertFalse(node.health.isAlone());
        await().until(() -> node.health.assignments().shares().stream()
                .mapToInt(share -> share.targets().size()).sum() == TARGETS);
        assertEquals(0, node.health.assignments().term());
        await().until(node.health::isAlone);
        cluster.elect("n1");
        await().until(() -> !node.health.isAlone());
        assertEquals(TARGETS, transitions());
    }

    @Test
    void whatBreaksOneTurnDoesNotEndTheThread() throws IOException {
        start(2);
        Node broken = cluster.node("n2");
        broken.breakNext(3);
        await().until(() -> broken.health.failedSteps() == 3);
        targets.get(3).stop();
        awaitEverywhere(Health.UNHEALTHY, 1);
        assertEquals(0, cluster.node("n1").health.failedSteps());
    }

    @Test
    void aVerdictReachesEveryNode() throws IOException {
        start(3);
        for (int i = 0; i < 3; i++) {
            targets.get(i).stop();
        }
        awaitEverywhere(Health.UNHEALTHY, 3);
        TargetHealth seen = cluster.node("n3").health.view().current().get(ref(0));
        assertTrue(seen != null && seen.reason().equals("Target.ConnectionRefused"), String.valueOf(seen));
        assertTrue(seen.prober().startsWith("name-n"), seen.prober());
        targets.get(0).restart();
        awaitEverywhere(Health.UNHEALTHY, 2);
        assertEquals(Health.HEALTHY, cluster.node("n2").health.transitions(ref(0)).getLast().to());
    }

    @Test
    void aDeadWorkersTargetsAreProbedByOthers() throws IOException {
        start(3);
        Share dead = cluster.node("n1").health.assignments().shares().stream()
                .filter(share -> share.node().equals("name-n3")).findFirst().orElseThrow();
        long begun = Ticker.SYSTEM.nanos();
        cluster.kill("n3");
        for (TargetRef target : dead.targets()) {
            targets.get(Integer.parseInt(target.target().substring(1))).stop();
        }
        awaitEverywhere(Health.UNHEALTHY, dead.targets().size());
        LOGGER.log(System.Logger.Level.INFO, "targets died with their prober, all nodes know after ms="
                + (Ticker.SYSTEM.nanos() - begun) / 1_000_000 + " (lease 3 s, interval 0.5 s, fall 2)");
        awaitShares(2);
    }

    @Test
    void aNewLeaderGoesOnFromWhatTheWorkersHold() throws IOException {
        start(4);
        Map<TargetRef, String> before = probers();
        cluster.kill("n1");
        cluster.depose();
        targets.get(5).stop();
        cluster.elect("n2");
        awaitShares(3);
        awaitEverywhere(Health.UNHEALTHY, 1);
        Map<TargetRef, String> after = probers();
        before.forEach((target, node) -> {
            if (!node.equals("name-n1")) {
                assertEquals(node, after.get(target), target.toString());
            }
        });
        assertTrue(cluster.node("n3").health.assignments().term() == 2);
        awaitAgreement();
    }

    private Map<TargetRef, String> probers() {
        Map<TargetRef, String> probers = new TreeMap<>();
        cluster.node("n2").health.assignments().shares()
                .forEach(share -> share.targets().forEach(target -> probers.put(target, share.node())));
        return probers;
    }

    @Test
    void withoutALeaderEveryNodeProbesForItselfAndComesBackWithoutFlapping() throws IOException {
        start(2);
        cluster.depose();
        cluster.living().forEach(Node::cut);
        await().until(() -> cluster.living().stream().allMatch(node -> node.health.isAlone()));
        targets.get(0).stop();
        awaitEverywhere(Health.UNHEALTHY, 1);
        int changes = transitions();
        cluster.living().forEach(Node::heal);
        cluster.elect("n2");
        awaitShares(2);
        await().until(() -> cluster.living().stream().noneMatch(node -> node.health.isAlone()));
        probesPerSecond(Duration.ofSeconds(2));
        assertEquals(changes, transitions());
        awaitAgreement();
    }

    private int transitions() {
        int count = 0;
        for (Node node : cluster.living()) {
            for (int i = 0; i < TARGETS; i++) {
                count += node.health.transitions(ref(i)).size();
            }
        }
        return count;
    }

    @Test
    void aNodeThatMeetsARefusalHasTheOwnerProbeAtOnce() throws IOException {
        state = state(Map.of("web", pool(check(HealthCheck.Tcp.CONNECT, 3_600_000, 2, 3), addresses())));
        start(3);
        targets.get(4).stop();
        long begun = Ticker.SYSTEM.nanos();
        for (Node node : cluster.living()) {
            node.health.suspect(ref(4));
        }
        awaitEverywhere(Health.UNHEALTHY, 1);
        LOGGER.log(System.Logger.Level.INFO, "a refusal was settled everywhere after ms="
                + (Ticker.SYSTEM.nanos() - begun) / 1_000_000);
    }

    @Test
    void aCheckOnDemandIsMadeByTheOwnerWhoeverIsAsked() throws IOException {
        start(3);
        targets.get(7).stop();
        awaitEverywhere(Health.UNHEALTHY, 1);
        for (int target : new int[] {2, 7}) {
            String owner = cluster.node("n1").health.assignments().shares().stream()
                    .filter(share -> share.targets().contains(ref(target))).findFirst().orElseThrow().node();
            for (Node node : cluster.living()) {
                ProbeOutcome outcome = node.health.checkNow(ref(target)).orElseThrow();
                assertEquals(owner, outcome.node(), "asked " + node.id);
                assertEquals(target == 7 ? Verdict.FAILED : Verdict.PASSED, outcome.verdict());
                assertEquals(target == 7 ? "Target.ConnectionRefused" : "", outcome.reason());
                assertFalse(outcome.message().isEmpty());
            }
        }
        Node loser = cluster.node("n1");
        loser.cut();
        assertEquals(Verdict.PASSED, loser.health.checkNow(ref(2)).orElseThrow().verdict());
        assertEquals("name-n1", loser.health.checkNow(ref(2)).orElseThrow().node());
    }

    @Test
    void anUnconfirmedFailureIsAVetoForOneNodeOnly() throws IOException {
        Pool web = pool(check(HealthCheck.Http.get("/"), 500, 2, 2), addresses());
        Pool twice = new Pool(web.algorithm(), web.sticky(), web.check(), web.retries(), web.ejection(),
                web.slowStart(), web.panicThreshold(), web.minimumHealthy(), web.whenAllDown(), 2,
                web.targets(), web.upstream());
        for (FakeTarget target : targets) {
            target.become(target.http(200, "ok"));
        }
        state = state(Map.of("web", twice));
        for (int i = 1; i <= 3; i++) {
            cluster.add("n" + i, state);
        }
        cluster.elect("n1");
        awaitEverywhere(Health.HEALTHY, TARGETS);
        await().until(() -> cluster.node("n1").health.assignments().shares().stream()
                .mapToInt(share -> share.targets().size()).sum() == 2 * TARGETS);
        // All probes come from one address here, so the target cannot favour a node: it fails every second request.
        FakeTarget flaky = targets.get(0);
        flaky.become(flaky.http(500, ""));
        awaitHealth(cluster.node("n1"), 0, Health.UNHEALTHY);
        flaky.become(flaky.http(200, ""));
        awaitEverywhere(Health.HEALTHY, TARGETS);
    }
}
