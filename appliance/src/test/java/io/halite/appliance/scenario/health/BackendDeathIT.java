package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Client;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import io.halite.config.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the death of a backend until no node sends anything there: without traffic by its check, and under traffic by the
 * first refusal, which has the owner of the check probe at once. No client sees an error.
 */
@Tag("stories")
class BackendDeathIT {
    private static final System.Logger LOGGER = System.getLogger(BackendDeathIT.class.getName());
    /** By its interval alone the second death would be known after one to two minutes. */
    private static final Duration SELDOM = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @Test
    void everyNodeKnowsByTheCheckAndUnderTrafficByTheFirstRefusal() throws Exception {
        int port = NodeProcess.freePort();
        try (TestBackend stays = TestBackend.start("stays");
                NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3")) {
            List<NodeProcess> nodes = List.of(one, two, three);
            TestBackend dies = TestBackend.start("dies");
            int deadPort = dies.port();
            one.apply(site(port, Duration.ofSeconds(1), stays.address(), dies.address()));
            awaitHealth(nodes, "healthy");
            dies.close();
            LOGGER.log(System.Logger.Level.INFO, "without traffic every node knew after ms="
                    + awaitHealth(nodes, "unhealthy") + " (interval 1 s, fall 2)");

            TestBackend again = TestBackend.start("dies", deadPort);
            awaitHealth(nodes, "healthy");
            one.apply(site(port, SELDOM, stays.address(), again.address()));
            awaitHealth(nodes, "healthy");
            Client load = Client.load(port, "/", 2);
            try (load) {
                await().until(() -> again.requests() > 50);
                again.close();
                long millis = awaitHealth(nodes, "unhealthy");
                LOGGER.log(System.Logger.Level.INFO, "under traffic of one node every node knew after ms=" + millis
                        + " (interval 60 s, fall 2)");
                assertTrue(millis < SELDOM.toMillis(), "the refusal did not have it probed early");
            }
            assertTrue(load.allSucceeded(), load.summary());
        }
    }

    /** Waits until all nodes see the mortal target so; how long that took. */
    private static long awaitHealth(List<NodeProcess> nodes, String health) {
        long begun = Ticker.SYSTEM.nanos();
        await().pollInterval(Duration.ofMillis(10)).until(() -> nodes.stream().allMatch(
                node -> node.get("/pools/app/targets/dies").text("health").equals(health)));
        return (Ticker.SYSTEM.nanos() - begun) / 1_000_000;
    }

    private static String site(int port, Duration interval, String stays, String dies) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app:
                    check: { http: { path: /health }, interval: %ds, timeout: %ds, fall: 2, rise: 2 }
                    panicThreshold: 10%%
                    targets: [ { name: stays, address: "%s" }, { name: dies, address: "%s" } ]
                """.formatted(port, interval.toSeconds(), Math.min(10, interval.toSeconds()), stays, dies);
    }
}
