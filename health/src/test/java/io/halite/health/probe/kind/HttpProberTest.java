package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Probing.fails;
import static io.halite.health.probe.kind.Probing.failsSoon;
import static io.halite.health.probe.kind.Probing.passes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Http;
import io.halite.config.HealthCheck.StatusRange;
import io.halite.config.HostPort;
import io.halite.health.Reason;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jspecify.annotations.Nullable;

class HttpProberTest {
    private static final Http GET = Http.get("/health");

    private static Http http(String method, @Nullable String host, Map<String, String> headers, @Nullable String body) {
        return new Http(false, "/h?x=1", method, host, new TreeMap<>(headers), Http.DEFAULT_EXPECT, body);
    }

    private static FakeTarget raw(String answer) throws IOException {
        return new FakeTarget(connection -> {
            FakeTarget.readHead(connection);
            FakeTarget.write(connection, answer);
        });
    }

    @Test
    void theRequestSaysWhatTheCheckSays() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "")) {
            passes(http("OPTIONS", "shop.example.com", Map.of("x-probe", "yes"), null), target.address());
            String head = target.lastHead.get();
            assertTrue(head.startsWith("OPTIONS /h?x=1 HTTP/1.1\r\n"), head);
            assertTrue(head.contains("\r\nHost: shop.example.com\r\n"), head);
            assertTrue(head.contains("\r\nx-probe: yes\r\n"), head);
            assertTrue(head.contains("\r\nConnection: close\r\n"), head);
            assertTrue(head.contains("\r\nUser-Agent: Halite-Health/1\r\n"), head);
        }
    }

    @Test
    void theHostIsTheTargetUnlessGivenByTheCheckOrAHeader() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "")) {
            passes(GET, target.address());
            assertTrue(target.lastHead.get().contains("\r\nHost: " + target.address() + "\r\n"));
            passes(http("GET", null, Map.of("host", "by-header"), null), target.address());
            String head = target.lastHead.get();
            assertTrue(head.contains("host: by-header\r\n") && !head.contains("Host:"), head);
        }
    }

    @Test
    void onlyExpectedStatusesPass() throws IOException {
        Http strict = new Http(false, "/", "GET", null, new TreeMap<>(Map.of()),
                List.of(new StatusRange(200, 200), new StatusRange(300, 399)), null);
        try (FakeTarget target = FakeTarget.answering(204, "")) {
            assertEquals("answered 204 where 200, 300-399 is expected",
                    fails(Reason.RESPONSE_CODE_MISMATCH, strict, target.address()));
            target.become(target.http(302, ""));
            assertEquals("answered 302", passes(strict, target.address()).evidence());
        }
    }

    @Test
    void interimResponsesArePassedOver() throws IOException {
        String answer = String.join("\r\n\r\n",
                "HTTP/1.1 100 Continue", "HTTP/1.1 103 Early\r\nLink: x", "HTTP/1.1 500 Broken", "");
        try (FakeTarget target = raw(answer)) {
            fails(Reason.RESPONSE_CODE_MISMATCH, GET, target.address());
        }
    }

    @Test
    void theBodyIsSearchedWhateverItsFraming() throws IOException {
        Http match = http("GET", null, Map.of(), "all is well");
        String body = "x".repeat(3_000) + "all is well" + "y".repeat(3_000);
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < body.length(); i += 7) {
            String chunk = body.substring(i, Math.min(body.length(), i + 7));
            chunks.append(Integer.toHexString(chunk.length())).append(";ext=1\r\n").append(chunk).append("\r\n");
        }
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n",
                "HTTP/1.0 200 OK\n\n" + body)) {
            try (FakeTarget target = raw(answer)) {
                passes(match, target.address());
            }
            try (FakeTarget target = raw(answer.replace("all is well", "all is hell").replace("w", "v"))) {
                fails(Reason.RESPONSE_BODY_MISMATCH, match, target.address());
            }
        }
    }

    @Test
    void onlyTheFirst64KiBOfTheBodyCount() throws IOException {
        Http match = http("GET", null, Map.of(), "needle");
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n";
        try (FakeTarget target = raw(head + "x".repeat((64 << 10) - 6) + "needle")) {
            passes(match, target.address());
        }
        try (FakeTarget target = raw(head + "x".repeat((64 << 10) - 5) + "needle" + "x".repeat(100_000))) {
            assertTrue(fails(Reason.RESPONSE_BODY_MISMATCH, match, target.address()).contains("65536 bytes"));
        }
    }

    @Test
    void aMuteTargetTimesOutAndSaysWhere() throws IOException {
        try (FakeTarget target = FakeTarget.mute()) {
            assertEquals("no answer within 300 ms (while awaiting the response)",
                    failsSoon(Reason.TIMEOUT, GET, target.address()));
        }
    }

    @Test
    void aDrippingTargetTimesOutToo() throws IOException {
        try (FakeTarget target = new FakeTarget(connection -> {
            FakeTarget.write(connection, "HTTP/1.1 200 OK\r\n");
            while (true) {
                FakeTarget.write(connection, "x");
                LockSupport.parkNanos(20_000_000);
            }
        })) {
            failsSoon(Reason.TIMEOUT, GET, target.address());
        }
    }

    @Test
    void aClosedConnectionAndAResetAreToldApart() throws IOException {
        try (FakeTarget target = new FakeTarget(FakeTarget::readHead)) {
            fails(Reason.CONNECTION_CLOSED, GET, target.address());
            target.become(connection -> {
                FakeTarget.readHead(connection);
                connection.setSoLinger(true, 0);
            });
            fails(Reason.CONNECTION_RESET, GET, target.address());
            target.stop();
            assertEquals(target.address() + " refused the connection",
                    fails(Reason.CONNECTION_REFUSED, GET, target.address()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\r\n\r\n",
        "HTTP/1.1\r\n\r\n"})
    void whatIsNotHttpIsInvalid(String answer) throws IOException {
        try (FakeTarget target = raw(answer)) {
            fails(Reason.INVALID_RESPONSE, GET, target.address());
        }
    }

    @Test
    void endlessHeadsAndMalformedChunksAreRefused() throws IOException {
        try (FakeTarget target = raw("HTTP/1.1 200 OK\r\n" + "x-filler: abcdefgh\r\n".repeat(50_000))) {
            fails(Reason.INVALID_RESPONSE, GET, target.address());
        }
        try (FakeTarget target = raw("HTTP/1.1 200 OK\r\nx: " + "y".repeat(200_000))) {
            fails(Reason.INVALID_RESPONSE, GET, target.address());
        }
        try (FakeTarget target = raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")) {
            fails(Reason.INVALID_RESPONSE, http("GET", null, Map.of(), "x"), target.address());
        }
    }

    @Test
    void aTimeoutOfTheConnectIsATimeout() throws IOException {
        // A listener whose queue is full: the kernel drops further connection requests.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> filling = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                filling.add(channel.socket());
            }
            String evidence = failsSoon(Reason.TIMEOUT, GET,
                    new HostPort("127.0.0.1", full.getLocalPort()));
            assertTrue(evidence.contains("while connecting"), evidence);
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }
}
