package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 of clients, over plain connections: RFC 9113 frame by frame, and real clients. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2Test {
    @Parameter
    Engine engine = Engine.AUTO;

    private Scene scene(ScriptedTarget target) throws Exception {
        return Scene.before(target, engine);
    }

    private static int port(Scene scene) {
        return scene.plane().port("shop/web");
    }

    private static FrameClient client(Scene scene) throws IOException {
        return FrameClient.ready(port(scene));
    }

    private static long refused(Scene scene, String reason) {
        return scene.plane().plane().traffic().refused().getOrDefault(reason, 0L);
    }

    @Test
    void requestsAndResponses() throws Exception {
        try (Scene scene = scene(ScriptedTarget.echo()); FrameClient client = client(scene)) {
            List<String> response = client.get(1, "/x?y=1", "x-one: 1", "cookie: a=b", "cookie: c=d").response(1);
            assertEquals(":status: 200", response.getFirst());
            assertEquals("GET /x?y=1 HTTP/1.1\n", response.getLast());
            assertFalse(response.stream().anyMatch(line -> line.startsWith("connection")), response.toString());
            Message request = scene.target().take();
            assertEquals("a.example", request.header("host").orElseThrow());
            assertEquals("1", request.header("x-one").orElseThrow());
            assertEquals("a=b; c=d", request.header("cookie").orElseThrow());
            assertEquals("127.0.0.1", request.header("x-forwarded-for").orElseThrow());
            // The same connections serve what comes after.
            for (int stream = 3; stream < 40; stream += 2) {
                assertEquals("GET /" + stream + " HTTP/1.1\n", client.get(stream, "/" + stream).response(stream).getLast());
            }
            assertEquals(1, scene.target().connections());
            await().until(() -> scene.plane().plane().traffic().series().stream().mapToLong(
                    series -> series.codes().getOrDefault(200, 0L)).sum() == 20);
            assertEquals(1, scene.plane().plane().traffic().listeners().getFirst().accepted());
            assertEquals(1, scene.plane().plane().traffic().listeners().getFirst().open());
        }
    }

    @Test
    void bodiesInChunksAndWithLength() throws Exception {
        try (Scene scene = scene(ScriptedTarget.echo()); FrameClient client = client(scene)) {
            client.post(1, "/", "content-length: 6").data(1, "abc", false).data(1, "def", true);
            assertEquals("POST / HTTP/1.1\nabcdef", client.response(1).getLast());
            assertEquals("6", scene.target().take().header("content-length").orElseThrow());
            client.post(3, "/").data(3, "abc", false).data(3, "def", true);
            assertEquals("POST / HTTP/1.1\nabcdef", client.response(3).getLast());
            assertEquals("chunked", scene.target().take().header("transfer-encoding").orElseThrow());
            // Padding is no content; trailers go behind the chunks.
            client.post(5, "/").send(Frames.DATA, Frames.FLAG_PADDED, 5, new byte[] {3, 'x', 'y', 0, 0, 0})
                    .headers(5, true, "x-sum: 1");
            assertEquals("POST / HTTP/1.1\nxy", client.response(5).getLast());
            assertEquals(List.of("x-sum: 1"), scene.target().take().trailers());
            client.post(7, "/").data(7, "", true);
            assertEquals("POST / HTTP/1.1\n", client.response(7).getLast());
        }
    }

    @Test
    void responsesOfEveryKind() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                Message request = self.read(wire);
                wire.send(switch (request.start().split(" ", -1)[1]) {
                    case "/chunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                            + "3;a=b\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: 9\r\n\r\n";
                    case "/nochunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
                    case "/hints" -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
                    case "/head" -> "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
                    case "/big" -> "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000);
                    default -> "HTTP/1.1 404 Not Found\r\nX-Upper: YES\r\nContent-Length: 0\r\n\r\n";
                });
            }
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            List<String> chunks = client.get(1, "/chunks", "te: trailers").response(1);
            assertEquals("abc0123456789abcdef", chunks.get(chunks.size() - 2));
            assertEquals("x-sum: 9", chunks.getLast());
            assertFalse(chunks.toString().contains("transfer-encoding"));
            assertEquals("", client.get(3, "/nochunks").response(3).getLast());
            List<String> hints = client.get(5, "/hints").response(5);
            assertEquals(":status: 103", hints.getFirst());
            assertTrue(hints.contains(":status: 204"));
            List<String> head = client.headers(7, true, ":method: HEAD", ":scheme: http", ":path: /head",
                    ":authority: a").response(7);
            assertTrue(head.contains("content-length: 500"));
            assertEquals("", head.getLast());
            assertEquals("x".repeat(300_000), client.get(9, "/big").response(9).getLast());
            assertTrue(client.get(11, "/none").response(11).contains("x-upper: YES"));
        }
    }

    /** Streams do not wait for each other, and the slow reader of one holds no other up. */
    @Test
    void streamsAreIndependent() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                Message request = self.read(wire);
                if (request.start().contains("/slow")) {
                    await().until(() -> self.noted("go"));
                }
                String body = request.start().contains("/big") ? "x".repeat(2_000_000) : "done";
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            client.get(1, "/slow").get(3, "/big");
            // The big one fills its window and waits.
            int got = 0;
            while (got < 65_535) {
                got += client.next(Frames.DATA).payload().length;
            }
            assertEquals(65_535, got);
            client.number(Frames.WINDOW_UPDATE, 0, 1_000_000);
            assertEquals("done", client.get(5, "/fast").response(5).getLast());
            target.note("go");
            assertEquals("done", client.response(1).getLast());
            client.number(Frames.WINDOW_UPDATE, 3, 2_000_000).number(Frames.WINDOW_UPDATE, 0, 2_000_000);
            while (got < 2_000_000) {
                got += client.next(Frames.DATA).payload().length;
            }
            assertEquals(2_000_000, got);
        }
    }

    /** A body of which the target takes nothing: the client's window does not grow. */
    @Test
    void uploadsAreHeldBack() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            await().until(() -> self.noted("go"));
            String body = self.read(wire).body();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + body.length());
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            client.post(1, "/");
            String piece = "y".repeat(16_000);
            int window = 65_535;
            int sent = 0;
            target.note("go");
            while (sent < 1_600_000) {
                if (window >= piece.length()) {
                    client.data(1, piece, sent + piece.length() == 1_600_000);
                    window -= piece.length();
                    sent += piece.length();
                } else {
                    Frame update = client.next(Frames.WINDOW_UPDATE);
                    window += update.stream() == 1 ? update.number() : 0;
                }
            }
            assertEquals("1600000", client.response(1).getLast());
        }
    }

    /** What RFC 9113 §8 calls malformed, above all what would be two requests in HTTP/1.1. */
    @Test
    void malformedRequestsAreReset() throws Exception {
        String[] get = {":method: GET", ":scheme: http", ":path: /", ":authority: a"};
        String[][] wrong = {
            {"transfer-encoding: chunked"}, {"connection: close"}, {"upgrade: x"}, {"te: gzip"}, {"X-Upper: 1"},
            {"a b: 1"}, {"a: 1\r\nb: 2"}, {"a: 1\n"}, {"a: \u0000"}, {"a:  1"}, {":path: /2"}, {":unknown: 1"},
            {"x: 1", ":authority: b"}, {"host: b"}, {"content-length: 5"}, {"content-length: x"}};
        try (Scene scene = scene(ScriptedTarget.ok("x")); FrameClient client = client(scene)) {
            int stream = 1;
            for (String[] more : wrong) {
                String[] lines = java.util.stream.Stream.of(get, more).flatMap(java.util.stream.Stream::of)
                        .toArray(String[]::new);
                assertEquals(List.of("RST 1"), client.headers(stream, true, lines).response(stream),
                        String.join("|", more).toLowerCase(Locale.ROOT));
                stream += 2;
            }
            for (String[] lines : new String[][] {{":method: GET", ":scheme: http"}, {":method: GET", ":path: /"},
                {":method: GET", ":scheme: http", ":path: x"}, {":method: G T", ":scheme: http", ":path: /"},
                {":method: GET", ":scheme: http", ":path: / HTTP/1.1"}}) {
                assertEquals(List.of("RST 1"), client.headers(stream, true, lines).response(stream));
                stream += 2;
            }
            // A body of another length than was said.
            client.post(stream, "/", "content-length: 3").data(stream, "abcd", false);
            assertEquals(List.of("RST 1"), client.response(stream));
            stream += 2;
            client.post(stream, "/", "content-length: 3").data(stream, "ab", true);
            assertEquals(List.of("RST 1"), client.response(stream));
            stream += 2;
            assertEquals(":status: 405", client.headers(stream, true, ":method: CONNECT", ":authority: a")
                    .response(stream).getFirst());
            stream += 2;
            // The connection goes on.
            assertEquals("x", client.get(stream, "/").response(stream).getLast());
            assertEquals(1, scene.target().waiting());
        }
    }

    @Test
    void brokenFramesEndTheConnection() throws Exception {
        byte[][] wrong = {
            FrameClient.frame(Frames.DATA, 0, 0, (byte) 1), FrameClient.frame(Frames.DATA, 0, 1, (byte) 1),
            FrameClient.frame(Frames.HEADERS, 4, 2, FrameClient.block(":method: GET")),
            FrameClient.frame(Frames.CONTINUATION, 4, 1), FrameClient.frame(Frames.PUSH_PROMISE, 4, 1),
            FrameClient.frame(Frames.SETTINGS, 0, 1), FrameClient.frame(Frames.RST_STREAM, 0, 1, new byte[4]),
            FrameClient.frame(Frames.WINDOW_UPDATE, 0, 0, new byte[4]),
            FrameClient.frame(Frames.PING, 0, 1, new byte[8]),
            FrameClient.frame(Frames.HEADERS, 0x8, 1, (byte) 9)};
        byte[][] badSizes = {
            FrameClient.frame(Frames.SETTINGS, 0, 0, (byte) 1), FrameClient.frame(Frames.SETTINGS, 1, 0, new byte[6]),
            FrameClient.frame(Frames.PING, 0, 0, new byte[7]), FrameClient.frame(Frames.PRIORITY, 0, 1, new byte[4]),
            FrameClient.frame(Frames.RST_STREAM, 0, 1, new byte[3]),
            FrameClient.frame(Frames.DATA, 0, 1, new byte[16_385])};
        try (Scene scene = scene(ScriptedTarget.ok("x"))) {
            for (byte[] frame : wrong) {
                try (FrameClient client = client(scene)) {
                    client.wire().send(frame);
                    assertEquals(Http2Problem.PROTOCOL_ERROR, client.goAway());
                }
            }
            for (byte[] frame : badSizes) {
                try (FrameClient client = client(scene)) {
                    client.wire().send(frame);
                    assertEquals(Http2Problem.FRAME_SIZE_ERROR, client.goAway());
                }
            }
            try (FrameClient client = client(scene)) {
                client.send(Frames.HEADERS, 5, 1, (byte) 0x80);
                assertEquals(Http2Problem.COMPRESSION_ERROR, client.goAway());
            }
            try (FrameClient client = client(scene)) {
                client.number(Frames.WINDOW_UPDATE, 0, Integer.MAX_VALUE);
                assertEquals(Http2Problem.FLOW_CONTROL_ERROR, client.goAway());
            }
            // A header block that something comes between, and no settings at all.
            try (FrameClient client = client(scene)) {
                client.send(Frames.HEADERS, 1, 1, FrameClient.block(":method: GET")).send(Frames.PING, 0, 0, new byte[8]);
                assertEquals(Http2Problem.PROTOCOL_ERROR, client.goAway());
            }
            try (FrameClient client = FrameClient.connect(port(scene))) {
                client.wire().send(FrameClient.PREFACE);
                client.send(Frames.PING, 0, 0, new byte[8]);
                assertEquals(Http2Problem.PROTOCOL_ERROR, client.goAway());
            }
            await().until(() -> scene.plane().plane().traffic().listeners().getFirst().open() == 0);
        }
    }

    @Test
    void floodsAreSentAway() throws Exception {
        try (Scene scene = scene(ScriptedTarget.ok("x"))) {
            for (byte[] frame : new byte[][] {FrameClient.frame(Frames.PING, 0, 0, new byte[8]),
                FrameClient.frame(Frames.SETTINGS, 0, 0), FrameClient.frame(Frames.PRIORITY, 0, 1, new byte[5]),
                FrameClient.frame(Frames.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1}), FrameClient.frame(99, 0, 0)}) {
                try (FrameClient client = client(scene)) {
                    ByteBuffer flood = ByteBuffer.allocate(700 * frame.length);
                    for (int count = 0; count < 700; count++) {
                        flood.put(frame);
                    }
                    assertFlood(client, flood.array());
                }
            }
            // Rapid reset.
            try (FrameClient client = client(scene)) {
                java.io.ByteArrayOutputStream flood = new java.io.ByteArrayOutputStream();
                byte[] block = FrameClient.block(":method: GET", ":scheme: http", ":path: /", ":authority: a");
                for (int stream = 1; stream < 2_000; stream += 2) {
                    flood.writeBytes(FrameClient.frame(Frames.HEADERS, 5, stream, block));
                    flood.writeBytes(FrameClient.frame(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
                }
                assertFlood(client, flood.toByteArray());
            }
            // A header block without end.
            try (FrameClient client = client(scene)) {
                java.io.ByteArrayOutputStream flood = new java.io.ByteArrayOutputStream();
                flood.writeBytes(FrameClient.frame(Frames.HEADERS, 0, 1, FrameClient.block(":method: GET")));
                for (int count = 0; count < 40; count++) {
                    flood.writeBytes(FrameClient.frame(Frames.CONTINUATION, 0, 1, FrameClient.block("a: b")));
                }
                assertFlood(client, flood.toByteArray());
            }
            assertEquals(7, refused(scene, "HTTP2_FLOOD"));
            await().until(() -> scene.plane().plane().traffic().listeners().getFirst().open() == 0);
        }
    }

    /** The end comes as a GOAWAY or, where it overtakes the client's sending, as a reset. */
    private static void assertFlood(FrameClient client, byte[] flood) {
        try {
            client.wire().send(flood);
            assertEquals(Http2Problem.ENHANCE_YOUR_CALM, client.goAway());
        } catch (IOException reset) {
            assertTrue(client.wire().ends());
        }
    }

    @Test
    void limitsHold() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            self.note("read");
            await().until(() -> self.noted("go"));
        }), engine, "limits: { headers: 4KiB, body: 10 }")) {
            try (FrameClient client = client(scene)) {
                assertEquals(":status: 431", client.get(1, "/", "x: " + "y".repeat(5_000)).response(1).getFirst());
                assertEquals(":status: 413", client.post(3, "/").data(3, "x".repeat(11), true).response(3).getFirst());
                // A hundred at a time.
                for (int stream = 5; stream < 5 + 2 * 100; stream += 2) {
                    client.get(stream, "/");
                }
                assertEquals(List.of("RST 7"), client.get(205, "/").response(205));
                // Those that the client gives up make room.
                client.number(Frames.RST_STREAM, 5, 8).number(Frames.RST_STREAM, 7, 8);
                client.get(207, "/");
                assertEquals(List.of("RST 7"), client.get(209, "/").get(211, "/").response(211));
            }
            scene.target().note("go");
            await().until(() -> scene.plane().plane().inFlight(new io.halite.config.TargetRef("app", "one")) == 0);
        }
    }

    @Test
    void deadlinesHold() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, "timeouts: { requestHeader: 4s, idle: 4s }")) {
            // A preface that stops, a frame that stops, a header block that stops, silence.
            try (Wire preface = Wire.to(port(scene)); FrameClient frame = client(scene); FrameClient block = client(scene);
                    FrameClient silent = client(scene)) {
                preface.send("PRI * HTTP/2.0\r\n");
                frame.wire().send(new byte[] {0, 0, 9, 1});
                block.send(Frames.HEADERS, 1, 1, FrameClient.block(":method: GET"));
                assertEquals("x", silent.get(1, "/").response(1).getLast());
                assertEquals(408, preface.response().status());
                assertEnds(frame);
                assertEnds(block);
                assertEquals(Http2Problem.NO_ERROR, silent.goAway());
                assertEnds(silent);
            }
        }
    }

    private static void assertEnds(FrameClient client) throws IOException {
        try {
            while (true) {
                client.read();
            }
        } catch (java.io.EOFException ended) {
            assertEquals("the connection ended", ended.getMessage());
        } catch (java.net.SocketException reset) {
            assertTrue(client.wire().isEnded());
        }
    }

    /** A closing listener serves what is on its way when the client hears of it, and takes no more then. */
    @Test
    void closingIsAnnounced() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.note("read " + self.read(wire).start());
            await().until(() -> self.noted("go"));
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            client.get(1, "/one");
            await().until(() -> target.noted("read GET /one HTTP/1.1"));
            scene.plane().apply("""
                    apiVersion: halite/v1
                    pools: { app: { check: none, targets: [ { name: one, address: "%s" } ] } }
                    """.formatted(target.address()));
            assertEquals(Integer.MAX_VALUE, client.next(Frames.GOAWAY).number(0));
            Frame ping = client.next(Frames.PING);
            client.get(3, "/two").send(Frames.PING, Frames.FLAG_ACK, 0, ping.payload());
            assertEquals(3, client.next(Frames.GOAWAY).number(0));
            assertEquals(List.of("RST 7"), client.get(5, "/").response(5));
            target.note("go");
            Set<Integer> answered = new HashSet<>();
            while (answered.size() < 2) {
                Frame frame = client.read();
                if (frame.type() == Frames.DATA && frame.endsStream()) {
                    assertEquals("x", frame.text());
                    answered.add(frame.stream());
                }
            }
            assertEquals(Set.of(1, 3), answered);
            assertEnds(client);
        }
    }

    /** A client that does not say that it has heard is not waited for. */
    @Test
    void closingDoesNotWaitForAnAnswer() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            await().atMost(Duration.ofMinutes(1)).until(() -> self.noted("go"));
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            client.get(1, "/");
            target.take();
            scene.plane().apply("apiVersion: halite/v1");
            assertEquals(Integer.MAX_VALUE, client.next(Frames.GOAWAY).number(0));
            assertEquals(1, client.next(Frames.GOAWAY).number(0));
            target.note("go");
            assertEquals("x", client.response(1).getLast());
            assertEnds(client);
        }
    }

    /** A target that dies in the middle resets the stream, not the connection; before it began it is a 502. */
    @Test
    void failuresAreOfTheirStream() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            Message request = self.read(wire);
            if (request.start().contains("/half")) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            } else if (request.start().contains("/close")) {
                wire.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
            }
        });
        try (Scene scene = scene(target); FrameClient client = client(scene)) {
            assertEquals(List.of("RST 2"), client.get(1, "/half").response(1));
            assertEquals("until the end", client.get(3, "/close").response(3).getLast());
            assertEquals(":status: 502", client.post(5, "/dead").data(5, "x", true).response(5).getFirst());
        }
    }

    @Test
    void aListenerMayRefuseIt() throws Exception {
        try (Scene scene = scene(ScriptedTarget.ok("x"))) {
            scene.plane().apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http, http2: false } ]
                        routes: [ { forward: app } ]
                    pools: { app: { check: none, targets: [ "%s" ] } }
                    """.formatted(scene.target().address()));
            try (Wire wire = scene.client()) {
                int status = wire.send(FrameClient.PREFACE).response().status();
                assertTrue(status == 400 || status == 505, String.valueOf(status));
            }
        }
    }

    @Test
    void realClients() throws Exception {
        try (Scene scene = scene(ScriptedTarget.echo())) {
            String url = "http://127.0.0.1:" + port(scene) + "/";
            assertEquals("GET / HTTP/1.1\n2 200", Peer.run("curl", "-sS", "--http2-prior-knowledge", "-w",
                    "%{http_version} %{http_code}", url));
            String body = "b".repeat(200_000);
            java.nio.file.Path file = java.nio.file.Files.createTempFile("body", ".txt");
            java.nio.file.Files.writeString(file, body);
            assertEquals("POST / HTTP/1.1\n" + body, Peer.run("curl", "-sS", "--http2-prior-knowledge", "--data-binary",
                    "@" + file, url));
            String nghttp = Peer.run("nghttp", "-v", "--header-table-size=64", url, url + "2");
            assertTrue(nghttp.contains(":status: 200") && !nghttp.contains("PROTOCOL_ERROR"), nghttp);
            String load = Peer.run("h2load", "-n", "2000", "-c", "4", "-m", "20", url);
            assertTrue(load.contains("2000 succeeded, 0 failed, 0 errored"), load);
            java.nio.file.Files.delete(file);
        }
    }
}
