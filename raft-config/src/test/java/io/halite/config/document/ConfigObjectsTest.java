package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.HealthCheck;
import io.halite.config.Pool;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the store keeps: one canonical JSON text per object, which later versions and earlier ones can read. */
class ConfigObjectsTest {
    private static final ObjectKey APP = new ObjectKey("pools", "app");

    private static Pool decoded(String json) {
        return Documents.get(ConfigObjects.decode(new TreeMap<>(Map.of(APP, json))).pools(), "app");
    }

    @Test
    void objectsAreCompactJsonWithoutDefaults() {
        ClusterConfig config = Documents.valid("""
                apiVersion: halite/v1
                pools:
                  app: { checkers: 1, algorithm: roundRobin, targets: [ { address: "10.0.0.1:80", weight: 100 } ] }
                """);
        assertEquals(Map.of(APP, "{\"targets\":[\"10.0.0.1:80\"]}"), ConfigObjects.encode(config));
    }

    @Test
    void theEmptyConfigHasNoObjects() {
        assertTrue(ConfigObjects.encode(ClusterConfig.EMPTY).isEmpty());
        assertEquals(ClusterConfig.EMPTY, ConfigObjects.decode(new TreeMap<>()));
    }

    @Test
    void keysOfANewerVersionAreIgnored() {
        Pool pool = decoded("{\"targets\":[{\"address\":\"10.0.0.1:80\",\"zone\":\"a\"}],\"mirror\":{\"to\":\"x\"}}");
        assertEquals(1, pool.targets().size());
        assertEquals(pool, decoded("{\"targets\":[\"10.0.0.1:80\"]}"));
    }

    @Test
    void valuesOfANewerVersionFallBackToDefaults() {
        Pool pool = decoded("{\"algorithm\":\"fastest\",\"check\":{\"quic\":{}},\"checkers\":9}");
        assertEquals(Pool.of(pool.targets()), pool.withCheck(HealthCheck.DEFAULT));
    }

    @Test
    void kindsOfANewerVersionAreIgnored() {
        SortedMap<ObjectKey, String> objects = new TreeMap<>(Map.of(APP, "{}", new ObjectKey("plugins", "x"), "{}",
                new ObjectKey("a", "x"), "{}", new ObjectKey("zzz", "x"), "[]"));
        assertEquals(Set.of("app"), ConfigObjects.decode(objects).pools().keySet());
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() {
        assertEquals("the object pools/app cannot be understood: expected an object with algorithm, sticky, check, retries, "
                + "ejection, slowStart, panicThreshold, minimumHealthy, whenAllDown, checkers, protocol, tls, "
                + "proxyProtocol, keepAlive, limits, targets, found a list",
                assertThrows(IllegalArgumentException.class, () -> decoded("[]")).getMessage());
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> decoded("{\"targets\"")).getMessage());
        assertTrue(message.startsWith("the object pools/app is not JSON: line 1"), message);
    }

    @Test
    void aKeyIsKindAndName() {
        assertEquals(APP, ObjectKey.parse("pools/app"));
        assertEquals(new ObjectKey("zones", "a.b"), ObjectKey.parse(new ObjectKey("zones", "a.b").toString()));
        for (String wrong : Set.of("", "pools", "/app", "pools/")) {
            assertThrows(IllegalArgumentException.class, () -> ObjectKey.parse(wrong), wrong);
        }
    }
}
