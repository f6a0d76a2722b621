package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.tree.TreeText;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand objects in one document. The time limits are far above what is needed, so that they fail for a quadratic
 * step only; what each step takes is printed.
 */
class LargeDocumentTest {
    private static final int OBJECTS = 10_000;
    private static final Duration SOON = Duration.ofMinutes(10);

    private static String document(int objects) {
        StringBuilder yaml = new StringBuilder("apiVersion: halite/v1\nloadBalancers:\n");
        int half = objects / 2;
        for (int i = 0; i < half; i++) {
            String listener = "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256 + ":80";
            yaml.append("  lb-").append(i).append(":\n    listeners:\n      - { name: web, address: \"").append(listener)
                    .append("\", protocol: http }\n    routes:\n      - { match: { host: h").append(i)
                    .append(".example.com, path: /api* }, forward: [ { pool: pool-").append(i)
                    .append(", weight: 90 }, { pool: pool-0, weight: 10 } ] }\n      - forward: pool-")
                    .append(i).append("\n");
        }
        yaml.append("pools:\n");
        for (int i = 0; i < half; i++) {
            yaml.append("  pool-").append(i)
                    .append(":\n    check: { http: { path: /health }, interval: 7s }\n    targets:\n");
            for (int target = 0; target < 3; target++) {
                yaml.append("      - \"10.2.").append(i % 200).append(".").append(target).append(":80\"\n");
            }
        }
        return yaml.toString();
    }

    private static <T> T timed(String what, Supplier<T> work) {
        return assertTimeoutPreemptively(SOON, () -> {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long start = threads.getCurrentThreadCpuTime();
            T result = work.get();
            long spent = threads.getCurrentThreadCpuTime() - start;
            System.out.println(what + ": " + Duration.ofNanos(spent).toMillis() + " ms of CPU");
            return result;
        });
    }

    @Test
    void tenThousandObjectsAreReadWrittenAndCompared() {
        String document = document(OBJECTS);
        ClusterConfig config = timed("read " + document.length() + " bytes of YAML", () -> Documents.valid(document));
        assertEquals(OBJECTS, config.pools().size() + config.loadBalancers().size());
        String yaml = timed("write YAML", () -> ConfigDocument.yaml(config));
        String json = timed("write JSON", () -> TreeText.json(ConfigDocument.write(config)));
        assertEquals(config, timed("read canonical YAML", () -> Documents.valid(yaml)));
        assertEquals(config, timed("read JSON", () -> Documents.valid(json)));
        SortedMap<ObjectKey, String> objects = timed("encode objects", () -> ConfigObjects.encode(config));
        assertEquals(OBJECTS, objects.size());
        assertEquals(config, timed("decode objects", () -> ConfigObjects.decode(objects)));
        ConfigDiff diff = timed("compare with nothing", () -> ConfigDiff.of(ClusterConfig.EMPTY, config));
        assertEquals(OBJECTS, diff.changes().size());
    }

    @Test
    void aPoolOfTenThousandTargetsThatAllChange() {
        ClusterConfig before = pool("10.1.");
        ClusterConfig after = pool("10.2.");
        ConfigDiff diff = timed("compare pools of " + OBJECTS + " targets", () -> ConfigDiff.of(before, after));
        assertEquals(2 * OBJECTS, diff.text().lines().filter(line -> line.matches("[-+] .*")).count());
        assertTrue(diff.effects().stream().anyMatch(effect -> effect.startsWith("adds 10000 targets")));
    }

    private static ClusterConfig pool(String prefix) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            HostPort address = new HostPort(prefix + i / 256 + "." + i % 256, 80);
            targets.add(new Target(Target.derivedName(address), address, Target.DEFAULT_WEIGHT));
        }
        SortedMap<String, Pool> pools = new TreeMap<>();
        pools.put("app", Pool.of(targets));
        return new ClusterConfig(new TreeMap<>(), pools, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }
}
