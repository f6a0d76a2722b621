package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that are spoken to in HTTP/2, by prior knowledge: RFC 9113 frame by frame. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2TargetTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @Parameter
    Engine engine = Engine.AUTO;

    private final Http2Scene scene = new Http2Scene();

    @AfterEach
    void close() throws Exception {
        scene.closeAll();
    }

    @Test
    void clientsOfBothVersionsReachIt() throws Exception {
        ScriptedTarget target = FrameTarget.echo();
        TestPlane plane = scene.before(engine, target, "");
        Message first = scene.client(plane).ask("POST /x?y=1 HTTP/1.1\r\nHost: a.example\r\nConnection: x-hop\r\n"
                + "X-Hop: 1\r\nX-Kept: Yes\r\nContent-Length: 5\r\n\r\nhello");
        assertEquals("HTTP/1.1 200 OK", first.start());
        assertEquals("POST /x?y=1\nhello", first.body());
        assertEquals("GET /z\n", scene.client2(plane).get(1, "/z", "te: trailers").response(1).getLast());
        assertEquals("POST /c\nabcdef", scene.client(plane).ask("POST /c HTTP/1.1\r\nHost: a.example\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n").body());
        // All of them went over one connection, which is a proxy's.
        assertEquals(1, target.connections());
        assertTrue(target.noted(String.join("\n", ":method: POST", ":scheme: http", ":path: /x?y=1",
                ":authority: a.example", "x-kept: Yes", "content-length: 5", "x-forwarded-for: 127.0.0.1",
                "x-forwarded-proto: http", "via: 1.1 halite", "x-forwarded-host: a.example",
                "x-request-id: " + requestId(target))), "no such request");
    }

    private static String requestId(ScriptedTarget target) {
        return target.notes().getFirst().replaceAll("(?s).*x-request-id: ", "");
    }

    @Test
    void responsesOfEveryKind() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            while (true) {
                FrameTarget.Request request = FrameTarget.request(peer);
                int stream = request.stream();
                switch (request.field(":path")) {
                    case "/trailers" -> peer.headers(stream, false, ":status: 200").data(stream, "abc", false)
                            .headers(stream, true, "x-sum: 9");
                    case "/length" -> peer.headers(stream, false, ":status: 200", "content-length: 3")
                            .data(stream, "abc", true);
                    case "/none" -> peer.headers(stream, true, ":status: 204");
                    case "/hints" -> peer.headers(stream, false, ":status: 103", "link: </a>")
                            .headers(stream, true, ":status: 404");
                    case "/head" -> peer.headers(stream, true, ":status: 200", "content-length: 500");
                    default -> peer.headers(stream, false, ":status: 200").data(stream, "", true);
                }
            }
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire client = scene.client(plane);
        Message trailers = client.ask("GET /trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");
        assertEquals("abc", trailers.body());
        assertEquals(List.of("x-sum: 9"), trailers.trailers());
        Message length = client.ask("GET /length HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("abc", length.body());
        assertEquals("3", length.header("content-length").orElseThrow());
        assertEquals(204, client.ask("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(103, client.ask("GET /hints HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals("HTTP/1.1 404 Not Found", client.response().start());
        client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("500", client.headResponse().header("content-length").orElseThrow());
        assertEquals("", client.ask("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n").body());
        List<String> both = scene.client2(plane).get(1, "/trailers", "te: trailers").response(1);
        assertEquals(List.of("abc", "x-sum: 9"), both.subList(both.size() - 2, both.size()));
        assertEquals(1, target.connections());
    }

    @Test
    void requestsShareAConnectionAndAreAnsweredInAnyOrder() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            List<Integer> streams = new ArrayList<>();
            for (int request = 0; request < 10; request++) {
                streams.add(FrameTarget.request(peer).stream());
            }
            for (int stream : streams.reversed()) {
                peer.headers(stream, false, ":status: 200").data(stream, "answer " + stream, true);
            }
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        List<Wire> clients = new ArrayList<>();
        for (int request = 0; request < 10; request++) {
            clients.add(scene.client(plane).send(GET));
        }
        for (Wire client : clients) {
            assertTrue(client.response().body().startsWith("answer "));
        }
        assertEquals(1, target.connections());
    }

    @Test
    void noMoreStreamsThanTheTargetTakes() throws Exception {
        AtomicInteger came = new AtomicInteger();
        ScriptedTarget target = FrameTarget.running(FrameTarget.setting(Frames.SETTING_MAX_STREAMS, 2), (peer, self) -> {
            int first = FrameTarget.request(peer).stream();
            int second = FrameTarget.request(peer).stream();
            came.addAndGet(2);
            // A third would come before these are answered, if it came at all.
            await().until(() -> came.get() == 6);
            peer.headers(first, true, ":status: 200").headers(second, true, ":status: 200");
            self.note(peer.read().type() == Frames.HEADERS ? "a third" : "no third");
        });
        TestPlane plane = scene.before(engine, target, "");
        List<Wire> clients = new ArrayList<>();
        for (int request = 0; request < 6; request++) {
            clients.add(scene.client(plane).send(GET));
        }
        for (Wire client : clients) {
            assertEquals(200, client.response().status());
        }
        assertEquals(3, target.connections());
        assertFalse(target.noted("a third"));
    }

    @Test
    void whatTheTargetDidNotLookAtIsSentAgain() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            if (self.connections() == 1) {
                peer.number(Frames.RST_STREAM, request.stream(), Http2Problem.REFUSED_STREAM);
                peer.read();
            }
            peer.headers(request.stream(), false, ":status: 200").data(request.stream(), request.content(), true);
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        // Not idempotent, and yet: RFC 9113 §8.7.
        Message response = scene.client(plane).ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        assertEquals("hello", response.body());
        assertEquals(2, target.connections());
    }

    @Test
    void whatTheTargetMayHaveDoneIsNotSentAgain() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            while (true) {
                FrameTarget.Request request = FrameTarget.request(peer);
                peer.number(Frames.RST_STREAM, request.stream(), Http2Problem.INTERNAL_ERROR);
            }
        });
        TestPlane plane = scene.before(engine, target, "");
        assertEquals(502, scene.client(plane).ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status());
        assertEquals(1, target.connections());
    }

    @Test
    void aFarewellEndsWhatItNamesAndNoMore() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request first = FrameTarget.request(peer);
            if (self.connections() == 1) {
                FrameTarget.request(peer);
                peer.send(Frames.GOAWAY, 0, 0, new byte[] {0, 0, 0, (byte) first.stream(), 0, 0, 0, 0});
                self.note("gone away");
            }
            peer.headers(first.stream(), false, ":status: 200").data(first.stream(), "of " + self.connections(), true);
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire first = scene.client(plane).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
        await().until(() -> target.connections() == 1);
        Wire second = scene.client(plane).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
        assertEquals(200, first.response().status());
        assertEquals("of 2", second.response().body());
        await().until(() -> target.noted("gone away"));
        assertEquals(2, target.connections());
    }

    @Test
    void uploadsWaitForTheTarget() throws Exception {
        AtomicInteger came = new AtomicInteger();
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            Frame head = peer.next(Frames.HEADERS);
            boolean ended = false;
            while (!ended) {
                Frame frame = peer.next(Frames.DATA);
                came.addAndGet(frame.payload().length);
                ended = frame.endsStream();
                if (came.get() == 65_535) {
                    self.note("full");
                    await().until(() -> self.noted("open"));
                }
                if (came.get() >= 65_535 && !ended) {
                    peer.grant(frame.payload().length, head.stream());
                    if (came.get() == 65_535) {
                        peer.grant(65_535, head.stream());
                    }
                }
            }
            peer.headers(head.stream(), false, ":status: 200").data(head.stream(), "" + came, true);
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire client = scene.client(plane);
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\n\r\n");
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.send("x".repeat(400_000));
            } catch (IOException ended) {
                throw new IllegalStateException(ended);
            }
        });
        await().until(() -> target.noted("full"));
        assertEquals(65_535, came.get());
        target.note("open");
        assertEquals("400000", client.response().body());
        assertTrue(sender.join(Duration.ofSeconds(10)));
    }

    @Test
    void downloadsWaitForTheClient() throws Exception {
        AtomicInteger granted = new AtomicInteger(65_535);
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            peer.headers(request.stream(), false, ":status: 200", "content-length: 40000000");
            for (int sent = 0; sent < 40_000_000; sent += 10_000) {
                while (granted.get() < sent + 10_000) {
                    Frame update = peer.next(Frames.WINDOW_UPDATE);
                    granted.addAndGet(update.stream() == request.stream() ? update.number() : 0);
                }
                peer.data(request.stream(), "x".repeat(10_000), sent + 10_000 == 40_000_000);
            }
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire client = scene.client(plane);
        client.send(GET);
        await().during(Duration.ofMillis(300)).until(new StandsStill(granted)::look);
        assertTrue(granted.get() < 20_000_000, "held for a client that does not read: " + granted);
        // Another request goes on over the same connection's sibling windows.
        assertEquals(40_000_000, client.response().body().length());
    }

    /** Whether a number stays what it is. */
    private static final class StandsStill {
        private final AtomicInteger number;
        private int last;

        StandsStill(AtomicInteger number) {
            this.number = number;
        }

        boolean look() {
            int before = last;
            last = number.get();
            return last == before && last > 65_535;
        }
    }

    @Test
    void aClientThatLeavesCancelsItsRequest() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.request(peer);
            self.note("RST " + peer.next(Frames.RST_STREAM).number());
            FrameTarget.Request next = FrameTarget.request(peer);
            peer.headers(next.stream(), false, ":status: 200").data(next.stream(), "next", true);
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        FrameClient leaving = scene.client2(plane);
        leaving.get(1, "/");
        await().until(() -> target.connections() == 1);
        leaving.number(Frames.RST_STREAM, 1, Http2Problem.CANCEL);
        await().until(() -> target.noted("RST " + Http2Problem.CANCEL));
        assertEquals("next", scene.client(plane).ask(GET).body());
        assertEquals(1, target.connections());
    }

    @Test
    void aTargetThatIsSilentIsAskedWhetherItIsThere() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.request(peer);
            self.note("RST " + peer.next(Frames.RST_STREAM).number());
            Frame ping = peer.next(Frames.PING);
            peer.send(Frames.PING, Frames.FLAG_ACK, 0, ping.payload());
            FrameTarget.Request next = FrameTarget.request(peer);
            peer.headers(next.stream(), false, ":status: 200").data(next.stream(), "next", true);
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        assertEquals(504, scene.client(plane).ask(GET).status());
        await().until(() -> target.noted("RST " + Http2Problem.CANCEL));
        await().untilAsserted(() -> assertEquals("next", scene.client(plane).ask(GET).body()));
        assertEquals(1, target.connections());
    }

    @Test
    void aConnectionThatBreaksTakesOnlyItsOwnRequestsAlong() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request first = FrameTarget.request(peer);
            FrameTarget.Request second = FrameTarget.request(peer);
            peer.headers(first.stream(), false, ":status: 200").data(first.stream(), "begun", false);
            peer.headers(second.stream(), false, ":status: 200").data(second.stream(), "whole", true);
            await().until(() -> self.noted("read"));
            peer.send(Frames.DATA, 0, 0, new byte[1]);
            self.note("GOAWAY " + peer.goAway());
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire first = scene.client(plane).send(GET);
        Wire second = scene.client(plane).send(GET);
        boolean firstWhole = false;
        String whole = "";
        try {
            whole = second.response().body();
        } catch (IOException cut) {
            firstWhole = true;
        }
        target.note("read");
        if (firstWhole) {
            whole = first.response().body();
        }
        assertEquals("whole", whole);
        await().until(() -> target.noted("GOAWAY " + Http2Problem.PROTOCOL_ERROR));
    }

    @Test
    void malformedResponsesAreNoResponses() throws Exception {
        List<String[]> malformed = List.of(
                new String[] {":status: 101"}, new String[] {"x: 1"}, new String[] {":status: 2oo"},
                new String[] {":status: 200", "connection: close"}, new String[] {":status: 200", "X-Upper: 1"},
                new String[] {":status: 200", ":path: /"}, new String[] {":status: 200", "x: a\r\nb: c"},
                new String[] {":status: 200", "transfer-encoding: chunked"},
                new String[] {":status: 200", "content-length: x"},
                new String[] {":status: 200", "content-length: 1", "content-length: 2"});
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            while (true) {
                FrameTarget.Request request = FrameTarget.request(peer);
                int number = Integer.parseInt(request.field(":path").substring(1));
                peer.headers(request.stream(), false, malformed.get(number));
                self.note(number + " RST " + peer.next(Frames.RST_STREAM).number());
            }
        });
        TestPlane plane = scene.before(engine, target, "retries: { attempts: 0 }");
        for (int number = 0; number < malformed.size(); number++) {
            String wanted = number + " RST " + Http2Problem.PROTOCOL_ERROR;
            assertEquals(502, scene.client(plane).ask("GET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n").status(), wanted);
            await(wanted).until(() -> target.noted(wanted));
        }
        assertEquals(1, target.connections());
    }

    @Test
    void aTargetThatSpeaksSomethingElseIsFoundOut() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.read(24);
            wire.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            wire.readAll();
        });
        TestPlane plane = scene.before(engine, target, "retries: { attempts: 0 }");
        Message response = scene.client(plane).ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
        assertEquals(502, response.status());
        assertTrue(response.body().contains("TARGET_HANDSHAKE_FAILED"), response.body());
    }

    @Test
    void idleConnectionsGo() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            peer.headers(request.stream(), true, ":status: 204");
            self.note("GOAWAY " + peer.goAway());
            self.note(peer.wire().isEnded() ? "ended" : "went on");
        });
        TestPlane plane = scene.before(engine, target, "keepAlive: { idle: 1s }");
        assertEquals(204, scene.client(plane).ask(GET).status());
        await().until(() -> target.noted("GOAWAY 0"));
        await().until(() -> target.noted("ended"));
    }

    @Test
    void aTargetThatLeavesTheTableKeepsWhatItHas() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            peer.headers(request.stream(), false, ":status: 200").data(request.stream(), "one ", false);
            self.note("GOAWAY " + peer.goAway());
            peer.data(request.stream(), "two", true);
            self.note(peer.wire().isEnded() ? "ended" : "went on");
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire client = scene.client(plane).send(GET);
        ScriptedTarget other = scene.closing(FrameTarget.echo());
        await().until(() -> target.connections() == 1);
        await().untilAsserted(() -> {
            Http2Scene.apply(plane, other, "5s", "");
            assertEquals("GET /a?b=c\n", scene.client(plane).ask(GET).body());
        });
        assertEquals("one two", client.response().body());
        await().until(() -> target.noted("ended"));
        assertFalse(target.noted("went on"));
    }

    @Test
    void limitsOfConnectionsHold() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        ScriptedTarget target = FrameTarget.running(FrameTarget.setting(Frames.SETTING_MAX_STREAMS, 1), (peer, self) -> {
            while (true) {
                FrameTarget.Request request = FrameTarget.request(peer);
                // Whoever has the answer finds it counted.
                answered.incrementAndGet();
                peer.headers(request.stream(), false, ":status: 200").data(request.stream(), "ok", true);
            }
        });
        TestPlane plane = scene.before(engine, target, "limits: { connections: 1 }");
        List<Wire> clients = new ArrayList<>();
        for (int request = 0; request < 8; request++) {
            clients.add(scene.client(plane).send(GET));
        }
        for (Wire client : clients) {
            assertEquals("ok", client.response().body());
        }
        assertEquals(8, answered.get());
        assertEquals(1, target.connections());
    }
}
