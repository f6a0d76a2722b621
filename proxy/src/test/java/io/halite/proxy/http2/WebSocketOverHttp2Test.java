package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets over streams of HTTP/2, RFC 8441, to targets that know them over HTTP/1.1. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class WebSocketOverHttp2Test {
    private static final String[] CONNECT = {":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /chat",
        ":authority: a.example", "sec-websocket-version: 13", "origin: http://a.example"};

    @Parameter
    Engine engine = Engine.AUTO;

    private FrameClient client(Scene scene) throws Exception {
        return FrameClient.ready(scene.plane().port("shop/web"));
    }

    @Test
    void bytesFlowBothWaysAndEitherMayEnd() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: p\r\n\r\nhello");
            self.note(wire.read(4));
            wire.send("more");
            self.note(wire.isEnded() ? "ended" : "went on");
            wire.send("bye");
        });
        try (Scene scene = Scene.before(target, engine); FrameClient client = client(scene)) {
            byte[] settings = client.next(Frames.SETTINGS).payload();
            assertTrue(hasSetting(settings, Frames.SETTING_CONNECT_PROTOCOL), "no word of RFC 8441");
            client.headers(1, false, CONNECT);
            Frame head = client.next(Frames.HEADERS);
            assertFalse(head.endsStream());
            List<String> lines = client.lines(head);
            assertEquals(":status: 200", lines.getFirst());
            assertTrue(lines.contains("sec-websocket-protocol: p"), lines.toString());
            assertFalse(lines.toString().contains("accept"), lines.toString());
            assertEquals("hello", client.next(Frames.DATA).text());
            Message request = target.take();
            assertEquals("GET /chat HTTP/1.1", request.start());
            assertEquals("websocket", request.header("upgrade").orElseThrow());
            assertEquals("13", request.header("sec-websocket-version").orElseThrow());
            assertEquals(16, Base64.getDecoder().decode(request.header("sec-websocket-key").orElseThrow()).length);
            client.data(1, "ping", false);
            await().until(() -> target.noted("ping"));
            assertEquals("more", client.next(Frames.DATA).text());
            client.data(1, "", true);
            await().until(() -> target.noted("ended"));
            StringBuilder rest = new StringBuilder();
            Frame last = client.next(Frames.DATA);
            while (!last.endsStream()) {
                rest.append(last.text());
                last = client.next(Frames.DATA);
            }
            assertEquals("bye", rest.append(last.text()).toString());
        }
    }

    private static boolean hasSetting(byte[] settings, int number) {
        for (int at = 0; at < settings.length; at += 6) {
            if (Frames.number(settings, at, 2) == number) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aResetEndsTheTunnel() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            self.note(wire.isEnded() ? "ended" : "went on");
        });
        try (Scene scene = Scene.before(target, engine); FrameClient client = client(scene)) {
            client.headers(1, false, CONNECT).next(Frames.HEADERS);
            client.number(Frames.RST_STREAM, 1, Http2Problem.CANCEL);
            await().until(() -> target.noted("ended"));
        }
    }

    @Test
    void aTargetThatWillNotIsHeard() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.answering(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), engine); FrameClient client = client(scene)) {
            List<String> refused = client.headers(1, false, CONNECT).response(1);
            assertEquals(":status: 403", refused.getFirst());
            assertEquals("no", refused.getLast());
        }
    }

    @Test
    void aTargetThatKnowsNoWebSocketsDoesNotPassForOne() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("page"), engine); FrameClient client = client(scene)) {
            assertEquals(":status: 502", client.headers(1, false, CONNECT).response(1).getFirst());
        }
    }

    @Test
    void otherTunnelsAreRefused() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("page"), engine); FrameClient client = client(scene)) {
            assertEquals(":status: 501", client.headers(1, true, ":method: CONNECT", ":protocol: connect-udp",
                    ":scheme: http", ":path: /", ":authority: a").response(1).getFirst());
            assertEquals(":status: 405",
                    client.headers(3, true, ":method: CONNECT", ":authority: a").response(3).getFirst());
            assertEquals("RST 1", client.headers(5, true, ":method: GET", ":protocol: websocket",
                    ":scheme: http", ":path: /", ":authority: a").response(5).getFirst());
        }
    }
}
