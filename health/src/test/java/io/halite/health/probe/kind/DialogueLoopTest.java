package io.halite.health.probe.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Http;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HealthCheck.Tcp;
import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Passed;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DialogueLoopTest {
    private static final Http GET = Http.get("/");

    private final DialogueLoop loop = new DialogueLoop();
    private final List<ProbeResult> results = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private Attempt begin(Kind kind, HostPort target) {
        Attempt attempt = new Attempt(target, InetAddress.ofLiteral(target.host()), Duration.ofSeconds(20), Ticker.SYSTEM);
        loop.begin(assertInstanceOf(Prober.Plain.class, Prober.of(kind, target, Manner.PLAIN)), attempt, results::add);
        return attempt;
    }

    private void awaitResults(int count) {
        for (int rounds = 0; results.size() < count && rounds < 2_000; rounds++) {
            loop.await(10);
        }
        assertEquals(count, results.size());
    }

    @Test
    void manyDialoguesAreHeldByOneThread() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "")) {
            for (int i = 0; i < 300; i++) {
                begin(GET, target.address());
            }
            awaitResults(300);
            results.forEach(result -> assertInstanceOf(Passed.class, result));
            assertEquals(300, target.connections.get());
        }
    }

    @Test
    void oneThatIsMuteHoldsUpNobodyAndExpires() throws IOException {
        try (FakeTarget mute = FakeTarget.mute(); FakeTarget target = FakeTarget.answering(204, "")) {
            Attempt waiting = begin(GET, mute.address());
            begin(GET, target.address());
            awaitResults(1);
            assertEquals("answered 204", results.getFirst().evidence());
            waiting.expire();
            assertEquals(2, results.size());
            assertEquals(Reason.TIMEOUT, assertInstanceOf(Failed.class, results.getLast()).reason());
            assertTrue(results.getLast().evidence().contains("awaiting the response"));
            assertTrue(waiting.isFinished());
            loop.await(0);
            assertEquals(2, results.size());
        }
    }

    @Test
    void anAnswerInSingleBytesIsUnderstood() throws IOException {
        try (FakeTarget target = new FakeTarget(connection -> {
            FakeTarget.readHead(connection);
            connection.setTcpNoDelay(true);
            String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            for (char next : (head + "3\r\nall\r\n5\r\n well\r\n0\r\n\r\n").toCharArray()) {
                FakeTarget.write(connection, String.valueOf(next));
                LockSupport.parkNanos(200_000);
            }
        })) {
            begin(new Http(false, "/", "GET", null, GET.headers(), GET.expect(), "all well"), target.address());
            awaitResults(1);
            assertInstanceOf(Passed.class, results.getFirst());
        }
    }

    @Test
    void whatIsSentMayBeLargerThanTheSocketTakesAtOnce() throws IOException {
        String long1 = "x".repeat(8 << 20);
        CountDownLatch begun = new CountDownLatch(1);
        try (FakeTarget target = new FakeTarget(connection -> {
            begun.countDown();
            int length = connection.getInputStream().readNBytes(long1.length()).length;
            FakeTarget.write(connection, "read " + length);
        })) {
            begin(new Tcp(long1, "read " + long1.length()), target.address());
            awaitResults(1);
            assertInstanceOf(Passed.class, results.getFirst());
            assertEquals(0, begun.getCount());
        }
    }

    @Test
    void aRefusalAndAnUnusableAddressEndAtOnceOrSoon() throws IOException {
        FakeTarget target = FakeTarget.accepting();
        target.stop();
        begin(Tcp.CONNECT, target.address());
        awaitResults(1);
        assertEquals(Reason.CONNECTION_REFUSED, assertInstanceOf(Failed.class, results.getFirst()).reason());
        begin(Tcp.CONNECT, new HostPort("255.255.255.255", 80));
        awaitResults(2);
        assertTrue(!(results.getLast() instanceof Passed), results.getLast().toString());
    }
}
