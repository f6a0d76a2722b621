package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Probing.fails;
import static io.halite.health.probe.kind.Probing.failsSoon;
import static io.halite.health.probe.kind.Probing.passes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Agent;
import io.halite.config.HealthCheck.Dns;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.Tcp;
import io.halite.config.HealthCheck.Udp;
import io.halite.config.HostPort;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Passed;
import io.halite.health.probe.kind.ProbeResult.Voided;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionProbersTest {

    @Test
    void tcpSendsAndExpects() throws IOException {
        Tcp check = new Tcp("PING\r\n", "+PONG");
        try (FakeTarget target = new FakeTarget(connection -> {
            byte[] said = connection.getInputStream().readNBytes(6);
            FakeTarget.write(connection, "noise ");
            boolean ping = Arrays.equals(said, "PING\r\n".getBytes(StandardCharsets.UTF_8));
            FakeTarget.write(connection, ping ? "+PONG\r\n" : "-ERR\r\n");
        })) {
            passes(check, target.address());
            fails(Reason.RESPONSE_BODY_MISMATCH, new Tcp("QUIT\r\n", "+PONG"), target.address());
            target.become(FakeTarget::silence);
            assertTrue(failsSoon(Reason.TIMEOUT, check, target.address()).contains("expected answer"));
        }
    }

    @Test
    void tcpReadsNoMoreThan64KiB() throws IOException {
        try (FakeTarget target = new FakeTarget(connection -> {
            byte[] junk = new byte[8_192];
            while (true) {
                connection.getOutputStream().write(junk);
            }
        })) {
            String evidence = fails(Reason.RESPONSE_BODY_MISMATCH, new Tcp(null, "needle"), target.address());
            assertEquals("the answer of 65536 bytes lacks the expected text", evidence);
        }
    }

    @Test
    void udpExpectsAnAnswerAndAsksAgainWhenItIsLost() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (Echo echo = new Echo(said -> asked.incrementAndGet() == 1 ? new byte[0] : said)) {
            Kind kind = new Udp("ping", "ping");
            assertInstanceOf(Passed.class,
                    Probing.probe(kind, echo.address(), Duration.ofSeconds(4)));
            assertTrue(asked.get() >= 2);
            fails(Reason.RESPONSE_BODY_MISMATCH, new Udp("ping", "pong"), echo.address());
        }
    }

    @Test
    void udpWithoutExpectationFailsOnlyWhenRefused() throws IOException {
        try (Echo silent = new Echo(_ -> new byte[0])) {
            passes(new Udp("event", null), silent.address());
        }
        HostPort closed;
        try (DatagramSocket unread = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = new HostPort("127.0.0.1", unread.getLocalPort());
        }
        fails(Reason.CONNECTION_REFUSED, new Udp("event", null), closed);
        fails(Reason.CONNECTION_REFUSED, new Udp("event", "x"), closed);
    }

    @Test
    void udpSilenceIsATimeoutWhenAnAnswerIsExpected() throws IOException {
        try (Echo silent = new Echo(_ -> new byte[0])) {
            failsSoon(Reason.TIMEOUT, new Udp("ping", "pong"), silent.address());
            failsSoon(Reason.TIMEOUT, new Dns("example.com", "A"), silent.address());
        }
    }

    @Test
    void dnsWantsNoerrorForItsOwnQuestion() throws IOException {
        AtomicInteger rcode = new AtomicInteger();
        AtomicInteger stale = new AtomicInteger(1);
        try (Echo server = new Echo(question -> {
            byte[] answer = question.clone();
            answer[2] |= (byte) 0x80;
            answer[3] |= (byte) rcode.get();
            if (stale.getAndDecrement() > 0) {
                answer[0] ^= 1;
            }
            return answer;
        })) {
            Dns check = new Dns("www.example.com.", "aaaa");
            assertInstanceOf(Passed.class, Probing.probe(check, server.address(), Duration.ofSeconds(4)));
            rcode.set(3);
            assertEquals("answered NXDOMAIN to www.example.com. aaaa",
                    fails(Reason.RESPONSE_CODE_MISMATCH, check, server.address()));
            rcode.set(9);
            assertTrue(fails(Reason.RESPONSE_CODE_MISMATCH, check, server.address()).contains("RCODE 9"));
        }
    }

    @Test
    void anImpossibleCheckIsVoidNotAFailure() throws IOException {
        HostPort nobody = new HostPort("127.0.0.1", 9);
        assertInstanceOf(Voided.class, Probing.probe(new Dns("example.com", "NONSENSE"), nobody));
        assertInstanceOf(Voided.class, Probing.probe(new Dns("x".repeat(64) + ".com", "A"), nobody));
    }

    @ParameterizedTest
    @CsvSource({"up,NONE,100", "ready,NONE,100", "75%,NONE,75", "up 50%,NONE,50", "'50%,up',NONE,50", "150%,NONE,150",
        "99999%,NONE,100", "drain,AGENT_DRAIN,0", "drain 30%,AGENT_DRAIN,0", "whatever,NONE,100", "'',NONE,100",
        "UP 20% # all good,NONE,20"})
    void theAgentsWordsPass(String line, Reason warning, int percent) {
        Passed passed = assertInstanceOf(Passed.class, AgentProber.verdict(line));
        assertEquals(warning, passed.warning());
        assertEquals(percent, passed.weightPercent());
    }

    @ParameterizedTest
    @CsvSource({"down,AGENT_DOWN", "fail,AGENT_DOWN", "stopped#rolling,AGENT_DOWN", "maint,AGENT_MAINT",
        "down#disk full,AGENT_DOWN", "50% down,AGENT_DOWN"})
    void theAgentsWordsFail(String line, Reason reason) {
        Failed failed = assertInstanceOf(Failed.class, AgentProber.verdict(line));
        assertEquals(reason, failed.reason());
        assertEquals("the agent says '" + line + "'", failed.evidence());
    }

    @Test
    void aSilentAgentLeavesTheVerdictToTheTarget() throws IOException {
        try (FakeTarget target = FakeTarget.accepting();
                FakeTarget agent = new FakeTarget(connection -> FakeTarget.write(connection, "up 40%\r\n"))) {
            Agent check = new Agent(agent.address().port());
            assertEquals(40, passes(check, target.address()).weightPercent());
            agent.become(FakeTarget::silence);
            ProbeResult result = Probing.probe(check, target.address(), Duration.ofSeconds(2));
            assertTrue(assertInstanceOf(Passed.class, result).evidence().contains("is silent"));
            agent.stop();
            assertTrue(passes(check, target.address()).evidence().contains("is silent"));
            target.stop();
            fails(Reason.CONNECTION_REFUSED, check, target.address());
        }
    }

    /** A UDP server on a free port of 127.0.0.1; an empty answer is not sent. */
    private static final class Echo implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

        Echo(UnaryOperator<byte[]> script) throws IOException {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
                        socket.receive(packet);
                        byte[] answer = script.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
                        if (answer.length > 0) {
                            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                        }
                    }
                } catch (IOException closed) {
                    // done
                }
            });
        }

        HostPort address() {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
