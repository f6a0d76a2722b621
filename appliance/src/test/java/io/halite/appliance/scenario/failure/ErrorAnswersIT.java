package io.halite.appliance.scenario.failure;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every answer the proxy gives by itself: its status, a request id and a reason, as text and as JSON. */
class ErrorAnswersIT {
    @TempDir
    Path dir;

    private TestBackend backend;
    private ServerSocket silent;
    private NodeProcess node;
    private int port;

    @BeforeEach
    void start() throws IOException {
        backend = TestBackend.start("app");
        silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        node = NodeProcess.start(dir.resolve("node"));
        port = NodeProcess.freePort();
        int dead = NodeProcess.freePort();
        node.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes:
                      - match: { path: /app* }
                        forward: app
                      - match: { path: /dead }
                        forward: dead
                      - match: { path: /silent }
                        forward: silent
                      - match: { path: /none }
                        forward: none
                      - match: { path: /moved }
                        redirect: { to: "https://shop.example.com/new", code: 308 }
                      - match: { path: /hello }
                        respond: { status: 200, body: "hello", contentType: text/plain }
                    timeouts: { connect: 1s, responseHeader: 1s, requestHeader: 2s }
                    limits: { body: 1KiB, headers: 4KiB, headerCount: 20 }
                pools:
                  app: { targets: [ "%s" ] }
                  dead: { check: none, targets: [ "127.0.0.1:%d" ] }
                  silent: { check: none, targets: [ "127.0.0.1:%d" ] }
                  none:
                    check: { http: { path: / }, interval: 1s, timeout: 500ms, fall: 1 }
                    whenAllDown: none
                    targets: [ "127.0.0.1:%d" ]
                """.formatted(port, backend.address(), dead, silent.getLocalPort(), dead));
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
        silent.close();
        backend.close();
    }

    @Test
    void eachFailureHasItsStatusAReasonAndARequestId() throws Exception {
        assertAnswer(404, "/nowhere");
        assertAnswer(502, "/dead");
        assertAnswer(504, "/silent");
        await().until(() -> NodeProcess.status(port, "/none") == 503);
        assertAnswer(503, "/none");
        assertAnswer(413, "/app", "--data-binary", "x".repeat(2_000));
        assertAnswer(413, "/app", "-H", "Transfer-Encoding: chunked", "--data-binary", "x".repeat(2_000));
        // Whether this client wants JSON stands in the very head that is too large to read.
        String tooLarge = NodeProcess.curl("-i", "-H", "X-Long: " + "x".repeat(5_000), url("/app")).out();
        assertTrue(tooLarge.startsWith("HTTP/1.1 431") && tooLarge.contains("request id: "), tooLarge);
        assertEquals(200, NodeProcess.status(port, "/app"));
    }

    @Test
    void redirectsAndOwnAnswersAreAsTheRouteSays() {
        String redirect = NodeProcess.curl("-i", url("/moved")).ok().out();
        assertTrue(redirect.startsWith("HTTP/1.1 308"), redirect);
        assertTrue(redirect.toLowerCase(java.util.Locale.ROOT).contains("location: https://shop.example.com/new"),
                redirect);
        assertEquals("hello", NodeProcess.curl(url("/hello")).ok().out());
    }

    @Test
    void garbageIsRefusedWith400AndASlowHeadWith408() throws Exception {
        assertTrue(raw("GARBAGE\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertTrue(raw("POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")
                .startsWith("HTTP/1.1 400"));
        assertTrue(raw("GET /app HTTP/1.1\r\nHost: a\r\n").startsWith("HTTP/1.1 408"));
    }

    @Test
    void targetsSeeTheForwardedHeadersAndNoHopByHopOnes() {
        String seen = NodeProcess.curl("-H", "Connection: X-Secret", "-H", "X-Secret: 1", "-H",
                "X-Forwarded-For: 6.6.6.6", url("/app/x?y=1")).ok().out();
        assertTrue(seen.contains("GET /app/x?y=1"), seen);
        assertTrue(seen.contains("X-forwarded-for: 127.0.0.1"), seen);
        assertTrue(seen.contains("X-forwarded-proto: http"), seen);
        assertTrue(seen.contains("X-forwarded-host: 127.0.0.1:" + port), seen);
        assertTrue(seen.contains("Via: 1.1"), seen);
        assertTrue(!seen.contains("X-secret"), seen);
    }

    private void assertAnswer(int status, String path, String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = "-i";
        arguments[options.length + 1] = "-H";
        arguments[options.length + 2] = "Accept: application/json";
        arguments[options.length + 3] = url(path);
        String answer = NodeProcess.curl(arguments).out();
        assertTrue(answer.contains("HTTP/1.1 " + status), answer);
        assertTrue(answer.contains("\"status\":" + status), answer);
        assertTrue(answer.contains("requestId"), answer);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }
}
