package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Http2Frames.DATA;
import static io.halite.health.probe.kind.Http2Frames.END_HEADERS;
import static io.halite.health.probe.kind.Http2Frames.END_STREAM;
import static io.halite.health.probe.kind.Http2Frames.GOAWAY;
import static io.halite.health.probe.kind.Http2Frames.HEADERS;
import static io.halite.health.probe.kind.Http2Frames.OK_HEADERS;
import static io.halite.health.probe.kind.Http2Frames.PING;
import static io.halite.health.probe.kind.Http2Frames.SETTINGS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.config.HealthCheck.Http;
import io.halite.config.HostPort;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Passed;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** The HTTP check of pools whose targets speak HTTP/2, maybe nothing else. */
class Http2ProberTest {
    private static final Manner HTTP2 = new Manner(null, true, false, null);

    private static Http check(boolean tls, String method, @Nullable String host, Map<String, String> headers,
            @Nullable String body) {
        return new Http(tls, "/up?x=1", method, host, new TreeMap<>(headers), Http.DEFAULT_EXPECT, body);
    }

    private static Http get(@Nullable String body) {
        return check(false, "GET", null, Map.of(), body);
    }

    private static String passes(Http check, HostPort target) {
        return assertInstanceOf(Passed.class, Probing.probe(check, target, HTTP2)).evidence();
    }

    private static String fails(Reason reason, Http check, HostPort target) {
        return Probing.reason(reason, Probing.probe(check, target, HTTP2));
    }

    private static Http2Frames greeting() {
        return new Http2Frames().frame(SETTINGS, 0, 0).frame(PING, 0, 0, new byte[8]);
    }

    /** A literal whose name is field 8 of the static table, as servers send what the table has no entry for. */
    private static byte[] status(String code) {
        return ("\10\3" + code).getBytes(StandardCharsets.US_ASCII);
    }

    private static Http2Frames ok() {
        return greeting().frame(HEADERS, END_HEADERS | END_STREAM, 1, OK_HEADERS);
    }

    @Test
    void theRequestSaysWhatTheCheckSays() throws IOException {
        AtomicReference<String> head = new AtomicReference<>("");
        try (FakeTarget target = new FakeTarget(connection -> {
            head.set(new String(Http2Frames.request(connection).getFirst(), StandardCharsets.ISO_8859_1));
            connection.getOutputStream().write(ok().bytes());
            FakeTarget.silence(connection);
        })) {
            assertEquals("answered 200", passes(check(false, "OPTIONS", "shop.example.com",
                    Map.of("X-Probe", "yes", "Connection", "close"), null), target.address()));
            String said = head.get();
            for (String part : new String[] {":method\7OPTIONS", ":path\7/up?x=1", ":authority\20shop.example.com",
                ":scheme\4http", "x-probe\3yes", "Halite-Health/1"}) {
                assertTrue(said.contains(part), said);
            }
            assertTrue(!said.contains("onnection"), said);
            passes(get(null), target.address());
            assertTrue(head.get().contains(target.address().toString()), head.get());
            passes(check(false, "GET", null, Map.of("Host", "by.header"), null), target.address());
            assertTrue(head.get().contains(":authority\11by.header") && !head.get().contains("host"), head.get());
        }
    }

    @Test
    void onlyExpectedStatusesPassAndInterimOnesArePassedOver() throws IOException {
        Http2Frames early = greeting().frame(HEADERS, END_HEADERS, 1, status("103"));
        try (FakeTarget target = Http2Frames.target(
                early.frame(HEADERS, END_HEADERS | END_STREAM, 1, status("503")))) {
            assertEquals("answered 503 where 200-399 is expected",
                    fails(Reason.RESPONSE_CODE_MISMATCH, get(null), target.address()));
        }
        try (FakeTarget target = Http2Frames.target(
                greeting().frame(HEADERS, END_HEADERS | END_STREAM, 1, status("302")))) {
            assertEquals("answered 302", passes(get(null), target.address()));
        }
    }

    @Test
    void theFirst64KiBOfTheBodyAreSearched() throws IOException {
        byte[] filler = new byte[8 << 10];
        Http2Frames answer = greeting().frame(HEADERS, END_HEADERS, 1, OK_HEADERS);
        for (int i = 0; i < 7; i++) {
            answer.frame(DATA, 0, 1, filler);
        }
        byte[] last = Arrays.copyOf(filler, filler.length);
        byte[] needle = "needle".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(needle, 0, last, last.length - needle.length, needle.length);
        answer.frame(DATA, 0, 1, last).frame(DATA, 0, 1, "too late".getBytes(StandardCharsets.US_ASCII));
        try (FakeTarget target = Http2Frames.target(answer)) {
            passes(get("needle"), target.address());
            assertTrue(fails(Reason.RESPONSE_BODY_MISMATCH, get("too late"), target.address()).contains("65536 bytes"));
        }
        try (FakeTarget target = Http2Frames.target(ok())) {
            fails(Reason.RESPONSE_BODY_MISMATCH, get("needle"), target.address());
        }
    }

    @Test
    void aTargetThatIsAboutToCloseStillAnswersAndOneThatWillNotFails() throws IOException {
        try (FakeTarget target = Http2Frames.target(greeting().frame(GOAWAY, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0})
                .frame(HEADERS, END_HEADERS | END_STREAM, 1, OK_HEADERS))) {
            passes(get(null), target.address());
        }
        try (FakeTarget target = Http2Frames.target(
                greeting().frame(GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 11}))) {
            assertTrue(fails(Reason.INVALID_RESPONSE, get(null), target.address()).contains("GOAWAY), error 11"));
        }
        try (FakeTarget target = Http2Frames.target(
                greeting().frame(HEADERS, END_HEADERS | END_STREAM, 3, OK_HEADERS))) {
            fails(Reason.INVALID_RESPONSE, get(null), target.address());
        }
    }

    @Test
    void aTargetOfHttp1FailsAndTheSentenceSaysWhy() throws IOException {
        try (FakeTarget target = new FakeTarget(connection -> {
            FakeTarget.write(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
            FakeTarget.silence(connection);
        })) {
            assertEquals("the answer is not HTTP/2 while awaiting the response (HTTP/2)",
                    fails(Reason.INVALID_RESPONSE, get(null), target.address()));
        }
    }

    @Test
    void overTlsTheTargetMustAgree() throws IOException {
        Http check = check(true, "GET", "shop.internal", Map.of(), null);
        var server = TlsProberTest.serverWith(Duration.ofDays(3));
        FakeTarget.Script script = connection -> {
            Http2Frames.request(connection);
            connection.getOutputStream().write(ok().bytes());
            FakeTarget.silence(connection);
        };
        try (FakeTarget target = TlsProberTest.tls(server, script, "h2", "http/1.1")) {
            Passed passed = assertInstanceOf(Passed.class, Probing.probe(check, target.address(), HTTP2));
            assertEquals(Reason.CERTIFICATE_EXPIRES, passed.warning());
        }
        try (FakeTarget target = TlsProberTest.tls(server, script)) {
            assertEquals("the target does not agree to HTTP/2 (ALPN) while shaking hands",
                    fails(Reason.INVALID_RESPONSE, check, target.address()));
        }
        try (FakeTarget target = TlsProberTest.tls(server, script, "http/1.1")) {
            assertInstanceOf(ProbeResult.Failed.class, Probing.probe(check, target.address(), HTTP2));
        }
    }

    /** Debian's nghttp2-server: HTTP/2 and nothing else, which a check of HTTP/1.1 finds unhealthy. */
    @Test
    void aRealServerOfHttp2AlonePasses(@TempDir Path directory) throws Exception {
        String program = Stream.of("/usr/bin/nghttpd", "/usr/sbin/nghttpd").filter(path -> Files.exists(Path.of(path)))
                .findAny().orElse("");
        assumeTrue(!program.isEmpty(), "nghttpd (Debian: nghttp2-server) is missing");
        Files.writeString(directory.resolve("up"), "all is well");
        int port = freePort();
        Process server = new ProcessBuilder(program, "--no-tls", "-d", directory.toString(), "" + port)
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            HostPort target = new HostPort("127.0.0.1", port);
            await().atMost(Duration.ofSeconds(30)).until(() -> accepts(port));
            assertEquals("answered 200", passes(get("is well"), target));
            fails(Reason.RESPONSE_BODY_MISMATCH, get("is hell"), target);
            Http absent = new Http(false, "/absent", "GET", null, new TreeMap<>(Map.of()), Http.DEFAULT_EXPECT, null);
            fails(Reason.RESPONSE_CODE_MISMATCH, absent, target);
            assertInstanceOf(ProbeResult.Failed.class, Probing.probe(get(null), target));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
