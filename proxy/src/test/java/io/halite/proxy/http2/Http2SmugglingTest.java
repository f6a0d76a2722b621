package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.BackEnd;
import io.halite.proxy.testing.BackEnd.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * HTTP/2 requests that would be two in HTTP/1.1, in front of servers that people run: each is reset and counted and no
 * server hears of it, or it is one request. Behind each comes one more on the same connection, which is served as it is.
 */
@Tag("peers")
class Http2SmugglingTest {
    private static final String INNER = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Field lines instead of, or beside those of {@code POST /m}; the text behind an empty one is the body. */
    private static final String[][] REFUSED = {
        {"x: a\r\n\r\n" + INNER}, {"x: a\r\nTransfer-Encoding: chunked"}, {"x: a\nTransfer-Encoding: chunked"}, {"x: a\rb"},
        {"x: a\0b"}, {"x\r\ny: a"}, {"x: \r\n" + INNER}, {"x y: a"}, {"x:y: a"}, {"transfer-encoding : chunked"},
        {"transfer-encoding: chunked", "", "0\r\n\r\n" + INNER}, {"Transfer-Encoding: chunked", "", "0\r\n\r\n" + INNER},
        {"transfer-encoding\0: chunked"}, {"x: a", "transfer-encoding: chunked, identity"}, {"te: chunked"},
        {"connection: transfer-encoding"}, {"proxy-connection: close"}, {"keep-alive: 1"}, {"upgrade: h2c"},
        {"content-length: 5", "", INNER}, {"content-length: 500", "", INNER},
        {"content-length: +35", "", INNER}, {"content-length: 35, 35", "", INNER}, {"content-length: 0x23", "", INNER},
        {"content-length: 35", "content-length: 0", "", INNER}, {"content-length: ", "", INNER},
        {"content-length: 99999999999999999999", "", INNER},
        {":method: POST /smuggled HTTP/1.1\r\nHost: a\r\n\r\nGET"}, {":method: POST "}, {":method: G\tT"}, {":method: "},
        {":method: POST\r\nX: y"}, {":path: /m HTTP/1.1\r\nHost: a\r\n\r\nGET /smuggled"}, {":path: /m HTTP/1.1"},
        {":path: /m\tx"}, {":path: m"}, {":path: "}, {":path: http://b/m"}, {":path: *m"}, {":path: /m\0"},
        {":authority: a\r\nTransfer-Encoding: chunked"}, {":authority: a b"}, {":scheme: http\r\nX: y"},
        {"host: b"}, {"x: y", ":path: /smuggled"}, {":smuggled: 1"}};
    private static final String[][] ONE = {
        {"", INNER}, {"content-length: 35", "", INNER}, {"content_length: 0", "", INNER},
        {"transfer_encoding: chunked", "content-length: 35", "", INNER}, {"x: ", "", INNER},
        {"x-transfer-encoding: chunked", "", INNER}, {"te: trailers", "", INNER}, {"expect: 100-continue", "", INNER}};

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Program.class)
    void oneRequestOrNone(Program program) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (BackEnd backEnd = BackEnd.start(program, directory); TestPlane plane = TestPlane.start(Engine.AUTO, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools: { app: { check: none, targets: [ "%s" ] } }
                    """.formatted(backEnd.address()));
            for (String[] request : REFUSED) {
                long before = refused(plane);
                String problem = problem(plane, backEnd, request, false);
                if (problem.isEmpty() && refused(plane) != before + 1) {
                    problem = "was not counted";
                }
                note(wrong, request, problem);
            }
            for (String[] request : ONE) {
                note(wrong, request, problem(plane, backEnd, request, true));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static void note(List<String> wrong, String[] request, String problem) {
        if (!problem.isEmpty()) {
            wrong.add(Arrays.toString(request) + " " + problem);
        }
    }

    private static long refused(TestPlane plane) {
        return plane.plane().traffic().refused().values().stream().mapToLong(count -> count).sum();
    }

    private static String problem(TestPlane plane, BackEnd backEnd, String[] request, boolean served) throws Exception {
        int before = backEnd.seen().size();
        String probe = "GET /probe-" + before;
        try (FrameClient client = FrameClient.ready(plane.port("shop/web"))) {
            send(client, request);
            List<String> answer = client.response(1);
            if (served && !answer.getLast().equals("POST /m " + INNER.length() + "\n")) {
                return "was answered " + answer;
            }
            if (!served && !answer.getFirst().matches("RST 1|:status: 400")) {
                return "was answered " + answer;
            }
            List<String> probed = client.get(3, probe.substring(4)).response(3);
            if (!probed.getLast().equals(probe + " 0\n")) {
                return "the next was answered " + probed;
            }
        }
        await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> backEnd.seen().contains(probe));
        List<String> seen = backEnd.seen().subList(before, backEnd.seen().size());
        List<String> heard = new ArrayList<>(seen);
        if (!served && Arrays.asList(request).contains("")) {
            // A body of another length than was said is noticed when it comes: the head may have been passed on.
            heard.removeIf(line -> line.equals("POST /m") || line.startsWith("broken"));
        }
        boolean right = heard.equals(served ? List.of("POST /m", probe) : List.of(probe));
        return right ? "" : "seen were " + seen;
    }

    private static void send(FrameClient client, String[] request) throws Exception {
        List<String> all = Arrays.asList(request);
        int end = all.contains("") ? all.indexOf("") : all.size();
        List<String> lines = new ArrayList<>();
        for (String line : List.of(":method: POST", ":scheme: http", ":path: /m", ":authority: a")) {
            String name = line.substring(0, line.indexOf(": ", 1) + 2);
            lines.add(all.getFirst().startsWith(name) ? all.getFirst() : line);
        }
        all.subList(0, end).stream().filter(line -> !lines.contains(line)).forEach(lines::add);
        client.headers(1, end == all.size(), lines.toArray(String[]::new));
        if (end < all.size()) {
            client.data(1, all.getLast(), true);
        }
    }
}
