package io.halite.health.probe.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.halite.config.HealthCheck.Agent;
import io.halite.config.HealthCheck.Grpc;
import io.halite.config.HealthCheck.Http;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.Tcp;
import io.halite.config.HealthCheck.Tls;
import io.halite.config.HostPort;
import io.halite.config.Upstream.ProxyVersion;
import io.halite.health.probe.kind.ProbeResult.Passed;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Probes of targets that take no connection without a PROXY header. */
class PreambleTest {
    private static final byte[] V1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");

    private static byte[] header(ProxyVersion version) {
        return version == ProxyVersion.V1 ? V1 : V2;
    }

    /** Answers what a strict target does: nothing at all without its header. */
    private static FakeTarget strict(ProxyVersion version, FakeTarget.Script then) throws IOException {
        byte[] expected = header(version);
        return new FakeTarget(connection -> {
            byte[] said = connection.getInputStream().readNBytes(expected.length);
            if (HexFormat.of().formatHex(said).equals(HexFormat.of().formatHex(expected))) {
                then.serve(connection);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(ProxyVersion.class)
    void theHeaderComesBeforeTheRequest(ProxyVersion version) throws IOException {
        try (FakeTarget target = strict(version, connection -> {
            FakeTarget.readHead(connection);
            FakeTarget.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            assertInstanceOf(Passed.class, Probing.probe(Http.get("/"), target.address(), Manner.headed(version)));
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyVersion.class)
    void theHeaderComesBeforeWhatATcpCheckSends(ProxyVersion version) throws IOException {
        try (FakeTarget target = strict(version, connection -> {
            connection.getInputStream().readNBytes(4);
            FakeTarget.write(connection, "PONG");
        })) {
            assertInstanceOf(Passed.class,
                    Probing.probe(new Tcp("PING", "PONG"), target.address(), Manner.headed(version)));
        }
    }

    @Test
    void theHeaderComesBeforeTlsAndGrpcAndAfterASilentAgent() throws Exception {
        assertEquals("0d0a0d0a000d0a515549540a20000000" + "1603", firstBytes(new Tls(null), V2.length + 2));
        assertEquals("0d0a0d0a000d0a515549540a20000000" + HexFormat.of().formatHex("PRI *".getBytes(
                StandardCharsets.US_ASCII)), firstBytes(new Grpc(null), V2.length + 5));
        assertEquals("0d0a0d0a000d0a515549540a20000000", firstBytes(new Agent(closedPort()), V2.length));
    }

    private static int closedPort() throws IOException {
        try (FakeTarget closed = FakeTarget.accepting()) {
            return closed.address().port();
        }
    }

    private static String firstBytes(Kind kind, int count) throws Exception {
        BlockingQueue<String> first = new ArrayBlockingQueue<>(1);
        try (FakeTarget target = new FakeTarget(connection ->
                first.add(HexFormat.of().formatHex(connection.getInputStream().readNBytes(count))))) {
            HostPort address = target.address();
            Probing.probe(kind, address, Manner.headed(ProxyVersion.V2));
            return String.valueOf(first.poll(120, TimeUnit.SECONDS));
        }
    }
}
