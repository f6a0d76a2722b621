package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients and targets that mean harm can do to the HTTP/2 connections that all requests to a target share. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class HostileHttp2TargetTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @Parameter
    Engine engine = Engine.AUTO;

    private final Http2Scene scene = new Http2Scene();

    @AfterEach
    void close() throws Exception {
        scene.closeAll();
    }

    private static void answer(FrameClient peer, FrameTarget.Request request, String content) throws IOException {
        peer.headers(request.stream(), false, ":status: 200").data(request.stream(), content, true);
    }

    @Test
    void requestsThatAreGivenUpTakeNoOthersAlong() throws Exception {
        AtomicInteger came = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request patient = FrameTarget.request(peer);
            came.incrementAndGet();
            while (ended.get() < 320) {
                Frame frame = peer.read();
                if (frame.type() == Frames.HEADERS) {
                    came.incrementAndGet();
                } else if (frame.type() == Frames.RST_STREAM) {
                    // As what was under way already.
                    peer.headers(frame.stream(), false, ":status: 200");
                    for (int piece = 0; piece < 10; piece++) {
                        peer.data(frame.stream(), "x", piece == 9);
                    }
                    ended.incrementAndGet();
                }
            }
            answer(peer, patient, "answered");
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "");
        Wire patient = scene.client(plane).send(GET);
        await().until(() -> came.get() == 1);
        FrameClient leaving = scene.client2(plane);
        for (int round = 0; round < 4; round++) {
            int first = 1 + round * 160;
            int before = 80 * round;
            for (int stream = first; stream < first + 160; stream += 2) {
                leaving.get(stream, "/");
            }
            await().until(() -> came.get() == 1 + before + 80);
            for (int stream = first; stream < first + 160; stream += 2) {
                leaving.number(Frames.RST_STREAM, stream, Http2Problem.CANCEL);
            }
            await().until(() -> ended.get() == before + 80);
        }
        assertEquals("answered", patient.response().body());
        assertEquals(1, target.connections());
    }

    @Test
    void aWholeResponseOutlivesItsConnection() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            peer.headers(request.stream(), false, ":status: 200").data(request.stream(), "x".repeat(1000), false);
            await().until(() -> self.noted("begun"));
            peer.data(request.stream(), "x".repeat(1000), true);
            self.note("closes");
        });
        TestPlane plane = scene.before(engine, target, "");
        FrameClient slow = scene.closing(FrameClient.connect(plane.port("shop/web")));
        slow.wire().send(FrameClient.PREFACE);
        slow.send(Frames.SETTINGS, 0, 0, FrameTarget.setting(Frames.SETTING_INITIAL_WINDOW, 10)).get(1, "/");
        assertEquals("x".repeat(10), slow.next(Frames.DATA).text());
        target.note("begun");
        await().until(() -> target.noted("closes"));
        // A request that finds the connection at its end needs another: by then that end was seen.
        await().until(() -> {
            scene.client(plane).send(GET);
            return target.connections() > 1;
        });
        slow.number(Frames.WINDOW_UPDATE, 1, 3000);
        int rest = 0;
        while (rest < 1990) {
            Frame frame = slow.read();
            assertEquals(Frames.DATA, frame.type());
            rest += frame.payload().length;
        }
        assertEquals(1990, rest);
    }

    @Test
    void interimHeadsThatNobodyReadsAreNotHeld() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request request = FrameTarget.request(peer);
            String large = "x: " + "y".repeat(15_000);
            for (int head = 0; head < 2_000; head++) {
                peer.headers(request.stream(), false, ":status: 103", large);
            }
            peer.send(Frames.PING, 0, 0, new byte[8]);
            Frame frame = peer.read();
            while (frame.type() != Frames.PING && frame.type() != Frames.RST_STREAM) {
                frame = peer.read();
            }
            self.note(frame.type() == Frames.PING ? "all were held" : "RST " + frame.number());
        });
        TestPlane plane = scene.before(engine, target, "");
        scene.client(plane).withSmallBuffer().send(GET);
        await().until(() -> !target.notes().isEmpty());
        assertEquals(List.of("RST " + Http2Problem.PROTOCOL_ERROR), target.notes());
    }

    @Test
    void aTargetThatTakesNoRequestsIsNotAskedForEver() throws Exception {
        ScriptedTarget target = FrameTarget.running(FrameTarget.setting(Frames.SETTING_MAX_STREAMS, 0),
                (peer, self) -> peer.next(Frames.GOAWAY));
        TestPlane plane = scene.before(engine, target, "retries: { attempts: 0 }");
        Message response = scene.client(plane).ask(GET);
        assertEquals(502, response.status());
        assertTrue(response.body().contains("CONNECT_FAILED"), response.body());
        assertEquals(1, target.connections());
    }

    @Test
    void malformedContentGivesItsWindowBack() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            int window = 65_535;
            for (int number = 0; number < 430; number++) {
                Frame frame = peer.read();
                while (frame.type() != Frames.HEADERS) {
                    window += frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 0 ? frame.number() : 0;
                    frame = peer.read();
                }
                peer.headers(frame.stream(), false, ":status: 200", "content-length: 1")
                        .data(frame.stream(), "x".repeat(16_384), false);
                window -= 16_384;
            }
            self.note(window > 0 ? "some is left" : "nothing is left: " + window);
            answer(peer, FrameTarget.request(peer), "well");
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "retries: { attempts: 0 }");
        for (int number = 0; number < 430; number++) {
            Wire cut = scene.client(plane).send(GET);
            assertThrows(IOException.class, cut::response);
            cut.close();
        }
        assertEquals("well", scene.client(plane).ask(GET).body());
        assertEquals(List.of("some is left"), target.notes());
    }

    @Test
    void fieldsOfClientsAreSuchAsHttp2Has() throws Exception {
        ScriptedTarget target = FrameTarget.echo();
        TestPlane plane = scene.before(engine, target, "");
        scene.client(plane).ask("GET / HTTP/1.1\r\nHost: \t\r\nX-Padded: \t a b \t \r\n\r\n");
        scene.client(plane).ask("GET / HTTP/1.1\r\nHost:\t a.example \r\n\r\n");
        assertTrue(target.notes().getFirst().contains("\nx-padded: a b\n"), target.notes().toString());
        assertFalse(target.notes().getFirst().contains(":authority"), target.notes().toString());
        assertTrue(target.notes().get(1).contains("\n:authority: a.example\n"), target.notes().toString());
    }

    @Test
    void requestsThatWaitGoWhenTheTargetTakesMore() throws Exception {
        ScriptedTarget target = FrameTarget.running(FrameTarget.setting(Frames.SETTING_MAX_STREAMS, 1), (peer, self) -> {
            FrameTarget.Request first = FrameTarget.request(peer);
            await().until(() -> self.noted("both"));
            peer.send(Frames.SETTINGS, 0, 0, FrameTarget.setting(Frames.SETTING_MAX_STREAMS, 2));
            answer(peer, FrameTarget.request(peer), "second");
            await().until(() -> self.noted("second"));
            answer(peer, first, "first");
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "limits: { connections: 1 }");
        List<Wire> clients = List.of(scene.client(plane).send(GET), scene.client(plane).send(GET));
        target.note("both");
        await().until(() -> clients.get(0).hasInput() || clients.get(1).hasInput());
        Wire second = clients.get(clients.get(0).hasInput() ? 0 : 1);
        assertEquals("second", second.response().body());
        target.note("second");
        assertEquals("first", (second == clients.get(0) ? clients.get(1) : clients.get(0)).response().body());
    }

    @Test
    void requestsThatKeepComingDoNotHideThatTheTargetIsSilent() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            peer.next(Frames.PING);
            self.note("asked");
        });
        TestPlane plane = scene.before(engine, target, "");
        Http2Scene.apply(plane, target, "5m", "");
        await().pollInterval(Duration.ofSeconds(2)).until(() -> {
            scene.client(plane).send(GET);
            return target.noted("asked");
        });
    }

    /**
     * Servers of gRPC end a connection with GOAWAY, too_many_pings, that is asked more than twice in five minutes, after a
     * first time, while they say nothing: rather than that, further requests go over another connection.
     */
    @Test
    void aSilentTargetIsNotAskedTooOften() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            int pings = 0;
            while (true) {
                Frame frame = peer.read();
                if (frame.type() == Frames.PING) {
                    peer.send(Frames.PING, Frames.FLAG_ACK, 0, frame.payload());
                    pings++;
                    self.note("ping " + pings);
                }
            }
        });
        TestPlane plane = scene.before(engine, target, "");
        Http2Scene.apply(plane, target, "1500ms", "");
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            assertEquals(504, scene.client(plane).ask(GET).status());
            return target.connections() > 1;
        });
        assertTrue(target.noted("ping 3"), target.notes().toString());
        assertFalse(target.noted("ping 4"), target.notes().toString());
    }

    @Test
    void aResetIsNotAnsweredByAReset() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            FrameTarget.Request first = FrameTarget.request(peer);
            peer.number(Frames.RST_STREAM, first.stream(), Http2Problem.INTERNAL_ERROR);
            Frame next = peer.read();
            while (next.type() != Frames.HEADERS) {
                self.note("type " + next.type());
                next = peer.read();
            }
            peer.headers(next.stream(), true, ":status: 204");
            peer.read();
        });
        TestPlane plane = scene.before(engine, target, "retries: { attempts: 0 }");
        assertEquals(502, scene.client(plane).ask(GET).status());
        assertEquals(204, scene.client(plane).ask(GET).status());
        assertFalse(target.noted("type " + Frames.RST_STREAM), target.notes().toString());
    }

    @Test
    void numbersOfStreamsAreSeenInTheirOrder() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.read(FrameClient.PREFACE.length());
            await().until(() -> self.noted("all wait"));
            FrameClient peer = FrameClient.over(wire).send(Frames.SETTINGS, 0, 0).send(Frames.SETTINGS, Frames.FLAG_ACK, 0);
            for (int request = 0; request < 9; request++) {
                self.note("" + peer.next(Frames.HEADERS).stream());
            }
            wire.read(1);
        });
        TestPlane plane = scene.before(engine, target, "");
        for (int request = 0; request < 7; request++) {
            scene.client(plane).send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(15_000) + "\r\n\r\n");
        }
        await().until(() -> target.connections() == 1);
        FrameClient both = scene.client2(plane).get(1, "/").get(3, "/");
        // Answered behind them, they are where they wait.
        both.send(Frames.PING, 0, 0, new byte[8]).next(Frames.PING);
        target.note("all wait");
        await().until(() -> target.notes().size() == 10);
        assertEquals(List.of("all wait", "1", "3", "5", "7", "9", "11", "13", "15", "17"), target.notes());
    }
}
