package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Messages bent at random, the same ones in every run: over epoll and over a selector they must come to the same for the
 * client and for the target, and nothing that a target answers may harm the next client. {@code -Dhalite.fuzz.rounds}
 * and {@code -Dhalite.fuzz.seed} for more and for others.
 */
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("halite.fuzz.rounds", 150);
    private static final long SEED = Long.getLong("halite.fuzz.seed", 26);
    private static final String[] REQUESTS = {
        "GET /a?b=c HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nCookie: a=b; c=d\r\n\r\n",
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
        "PUT /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n",
        "HEAD http://b:80/e HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x-hop\r\nX-Hop: 1\r\n\r\n",
        "GET /f HTTP/1.0\r\nConnection: keep-alive\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nMax-Forwards: 0\r\n\r\n",
        "POST /g HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"};
    private static final String[] RESPONSES = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nuntil the end",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5\r\n\r\n"};
    private static final String[] PIECES = {"\r\n", "\n", "\r", " ", "\t", ":", "\0", "0", "5", ",", ";", "chunked",
        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "\r\n\r\n", "HTTP/1.1", "\u00ff", "ffff"};

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String bent(SplittableRandom random, String text) {
        StringBuilder bent = new StringBuilder(text);
        for (int count = random.nextInt(4); count > 0 && bent.length() > 1; count--) {
            int at = random.nextInt(bent.length());
            int end = Math.min(bent.length(), at + 1 + random.nextInt(8));
            switch (random.nextInt(5)) {
                case 0 -> bent.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> bent.delete(at, end);
                case 2 -> bent.setCharAt(at, (char) random.nextInt(256));
                case 3 -> bent.insert(at, bent.substring(at, end));
                default -> bent.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return bent.toString();
    }

    /** A target that answers what it understands, and keeps it. */
    private static ScriptedTarget keeper(List<String> kept) throws IOException {
        return ScriptedTarget.running((wire, target) -> {
            while (true) {
                Message request = wire.request();
                kept.add(plain(request.toString()));
                String body = request.start().startsWith("HEAD") ? "" : "answer";
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + body);
            }
        });
    }

    /** Without what differs from one request to the next of the same kind. */
    private static String plain(String text) {
        return text.replaceAll("[0-9a-f]{32}", "ID").replaceAll("(?i)date: [^\r\n,]*, [^\r\n,]*", "DATE")
                .replaceAll("127\\.0\\.0\\.1:[0-9]+", "TARGET");
    }

    private static String through(Scene scene, byte[] stream, long cuts) throws IOException {
        SplittableRandom random = new SplittableRandom(cuts);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try (Wire client = scene.client()) {
            try {
                for (int at = 0; at < stream.length; ) {
                    int end = Math.min(stream.length, at + 1 + random.nextInt(random.nextBoolean() ? 12 : 4_000));
                    client.send(Arrays.copyOfRange(stream, at, end));
                    at = end;
                }
                client.finish();
            } catch (IOException endedEarly) {
                // Refused before all was sent: what it answered is still there to be read, as a rule.
            }
            client.in().transferTo(got);
        } catch (java.net.SocketException reset) {
            // What came before it counts.
        }
        // Whether more was on its way when these were written is a matter of time.
        return plain(got.toString(StandardCharsets.ISO_8859_1)).replaceAll("Connection: (close|keep-alive)\r\n", "")
                .replace("HTTP/1.1 100 Continue\r\n\r\n", "");
    }

    /** RFC 9112: whatever a client sends, however it is cut into segments. */
    @Test
    void requestsComeToTheSameOverEveryTransport() throws Exception {
        List<String> keptByEpoll = new CopyOnWriteArrayList<>();
        List<String> keptBySelector = new CopyOnWriteArrayList<>();
        try (Scene epoll = Scene.before(keeper(keptByEpoll), Engine.EPOLL);
                Scene selector = Scene.before(keeper(keptBySelector), Engine.SELECTOR)) {
            for (int round = 0; round < ROUNDS; round++) {
                SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + round);
                StringBuilder stream = new StringBuilder();
                for (int count = 1 + random.nextInt(3); count > 0; count--) {
                    stream.append(bent(random, REQUESTS[random.nextInt(REQUESTS.length)]));
                }
                byte[] sent = bytes(stream.toString());
                String one = through(epoll, sent, random.nextLong());
                String other = through(selector, sent, random.nextLong());
                assertEquals(one, other, () -> "of the client, " + stream);
                assertEquals(List.copyOf(keptByEpoll), List.copyOf(keptBySelector), () -> "of the target, " + stream);
                keptByEpoll.clear();
                keptBySelector.clear();
            }
            assertServes(epoll);
            assertServes(selector);
        }
    }

    private static void assertServes(Scene scene) throws IOException {
        assertEquals("answer", scene.ask("GET /last HTTP/1.1\r\nHost: a\r\n\r\n").body());
        assertEquals(0, scene.plane().plane().traffic().loops().stream().mapToLong(loop -> loop.exceptions()).sum());
    }

    /** Whatever a target answers: the client hears one answer or an end, and the next one what is meant for it. */
    @Test
    void responsesStayWithTheirRequest() throws Exception {
        for (Engine engine : new Engine[] {Engine.EPOLL, Engine.SELECTOR}) {
            AtomicReference<String> answer = new AtomicReference<>("");
            ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
                while (true) {
                    boolean odd = wire.request().start().contains("/odd");
                    wire.send(odd ? answer.get() : "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer");
                    if (odd) {
                        return;
                    }
                }
            });
            try (Scene scene = Scene.before(target, engine)) {
                for (int round = 0; round < ROUNDS; round++) {
                    SplittableRandom random = new SplittableRandom(SEED * 7_000_003 + round);
                    answer.set(bent(random, RESPONSES[random.nextInt(RESPONSES.length)])
                            + (random.nextInt(4) == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled" : ""));
                    List<Integer> statuses = new ArrayList<>();
                    try (Wire client = scene.client()) {
                        client.send("GET /odd HTTP/1.1\r\nHost: a\r\n\r\n");
                        Message first = client.response();
                        while (first.status() < 200) {
                            first = client.response();
                        }
                        statuses.add(first.status());
                        String next = client.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n").body();
                        assertTrue(next.equals("answer"), () -> answer.get() + " led to " + next);
                    } catch (IOException ended) {
                        assertTrue(statuses.size() <= 1);
                    }
                    assertServes(scene);
                }
            }
        }
    }
}
