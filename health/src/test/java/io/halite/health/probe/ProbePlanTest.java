package io.halite.health.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.halite.config.ClusterConfig;
import io.halite.config.HealthCheck;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.Upstream.ProxyVersion;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.config.store.ConfigState;
import io.halite.health.probe.kind.Manner;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a pool's own settings make of its check. */
class ProbePlanTest {

    /** The check that the only target of a pool gets. */
    private static HealthCheck check(String pool) {
        return key(pool).check();
    }

    private static ProbeKey key(String pool) {
        ClusterConfig config = switch (ConfigDocument.read(("apiVersion: halite/v1\npools:\n  app: { " + pool
                + ", targets: [ { name: one, address: \"10.0.0.1:443\" } ] }\n").getBytes(StandardCharsets.UTF_8),
                DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> valid.config();
            case ConfigDocument.Outcome.Invalid invalid -> throw new AssertionError(invalid.problems().toString());
        };
        ProbePlan plan = ProbePlan.of(new ConfigState(new Revision(1), config, 0, Collections.emptySortedMap()));
        ProbePlan.Entry entry = Objects.requireNonNull(plan.targets().get(new TargetRef("app", "one")));
        return Objects.requireNonNull(entry.key());
    }

    private static HealthCheck.Http http(String pool) {
        return (HealthCheck.Http) check(pool).kind();
    }

    @Test
    void overTlsAProbeAsksForTheNameThatRequestsAskFor() {
        String tls = "tls: { serverName: app.internal }, check: ";
        assertEquals("app.internal", http(tls + "{ https: { path: /up }, interval: 7s }").host());
        assertEquals("/up", http(tls + "{ https: { path: /up } }").path());
        assertEquals(7, check(tls + "{ https: {}, interval: 7s }").interval().toSeconds());
        assertEquals(new HealthCheck.Tls("app.internal"), check(tls + "{ tls: {} }").kind());
    }

    @Test
    void aNameOfTheChecksOwnStays() {
        String tls = "tls: { serverName: app.internal }, check: ";
        assertEquals("own.internal", http(tls + "{ https: { host: own.internal } }").host());
        assertEquals(new HealthCheck.Tls("own.internal"), check(tls + "{ tls: { serverName: own.internal } }").kind());
    }

    @Test
    void withoutTlsOrNameNothingChanges() {
        assertEquals(null, http("check: { https: {} }").host());
        assertEquals(null, http("tls: {}, check: { https: {} }").host());
        assertEquals(null, http("tls: { serverName: app.internal }, check: { http: {} }").host());
    }

    @Test
    void checksBeginWithTheHeaderThatThePoolsConnectionsBeginWith() {
        assertEquals(ProxyVersion.V2, key("proxyProtocol: v2, check: { http: {} }").manner().proxyProtocol());
        assertEquals(ProxyVersion.V1, key("proxyProtocol: v1").manner().proxyProtocol());
        assertEquals(Manner.PLAIN, key("check: { http: {} }").manner());
        assertEquals(Manner.PLAIN, key("proxyProtocol: v2, check: { udp: { send: ping } }").manner());
    }

    @Test
    void anotherHeaderIsAnotherProbeOnEveryNode() {
        ProbeKey plain = key("check: { tcp: {} }");
        ProbeKey headed = key("proxyProtocol: v1, check: { tcp: {} }");
        assertNotEquals(plain, headed);
        assertNotEquals(plain.id(), headed.id());
        assertNotEquals(headed.id(), key("proxyProtocol: v2, check: { tcp: {} }").id());
        assertEquals(headed, key("proxyProtocol: v1, check: { tcp: {} }"));
    }

    @Test
    void checksSpeakHttp2AndGrpcOverTlsWhereThePoolDoes() {
        Manner http2 = new Manner(null, true, false, null);
        assertEquals(http2, key("protocol: http2, check: { http: {} }").manner());
        assertEquals(http2, key("protocol: http2, tls: {}, check: { https: {} }").manner());
        assertEquals(Manner.PLAIN, key("protocol: http2, check: { grpc: {} }").manner());
        assertEquals(new Manner(null, false, true, "app.internal"),
                key("protocol: http2, tls: { serverName: app.internal }, check: { grpc: {} }").manner());
        ProbeKey one = key("check: { http: {} }");
        ProbeKey two = key("protocol: http2, check: { http: {} }");
        assertNotEquals(one, two);
        assertNotEquals(one.id(), two.id());
        assertNotEquals(key("check: { grpc: {} }").id(), key("tls: {}, check: { grpc: {} }").id());
    }

    @Test
    void whatDoesNotMatterToACheckMakesNoOtherProbe() {
        assertEquals(key("check: { tcp: {} }"), key("protocol: http2, tls: {}, check: { tcp: {} }"));
        assertEquals(key("check: { grpc: {} }"), key("protocol: http2, check: { grpc: {} }"));
    }
}
