package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9112 §6–8: where a body ends, for requests and for responses, and what happens when that is not clear. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class BodyTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | LENGTH_AND_CHUNKED         | Content-Length: 3~Transfer-Encoding: chunked
            400 | LENGTH_AND_CHUNKED         | Transfer-Encoding: chunked~Content-Length: 3
            400 | DUPLICATE_CONTENT_LENGTH   | Content-Length: 3~Content-Length: 4
            400 | DUPLICATE_CONTENT_LENGTH   | Content-Length: 3~Content-Length: 3
            400 | BAD_CONTENT_LENGTH         | Content-Length: 3, 3
            400 | BAD_CONTENT_LENGTH         | Content-Length: +3
            400 | BAD_CONTENT_LENGTH         | Content-Length: -3
            400 | BAD_CONTENT_LENGTH         | Content-Length: 0x3
            400 | BAD_CONTENT_LENGTH         | Content-Length: 3 3
            400 | BAD_CONTENT_LENGTH         | Content-Length:
            400 | BAD_CONTENT_LENGTH         | Content-Length: 99999999999999999999
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: chunked~Transfer-Encoding: chunked
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: chunked, chunked
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: xchunked
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: identity
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: chunked, gzip
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: chunked;q=1
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding: "chunked"
            400 | BAD_TRANSFER_ENCODING      | Transfer-Encoding:
            501 | UNKNOWN_TRANSFER_CODING    | Transfer-Encoding: gzip, chunked
            """)
    void framingThatIsAmbiguousIsRefused(int status, String reason, String lines) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            Message answer = client.ask(POST + lines.replace("~", "\r\n") + "\r\n\r\nabc");
            assertEquals(status, answer.status());
            assertTrue(answer.body().contains("code: " + reason), answer.toString());
            assertTrue(client.isEnded());
            assertEquals(0, scene.target().connections());
        }
    }

    /** RFC 9112 §6.1: transfer codings have no meaning in HTTP/1.0. */
    @Test
    void chunkedInHttp10IsRefused() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine)) {
            assertEquals(400, scene.ask("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3~abc~0~~                     | abc
            3;x=y~abc~0~~                 | abc
            3;x="y z"~abc~0;last~~        | abc
            A~0123456789~a~0123456789~0~~ | 01234567890123456789
            003~abc~000~~                 | abc
            0~~                           | ''
            """)
    void chunksArePassedOn(String chunks, String content) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            for (int round = 0; round < 2; round++) {
                Message answer = client.ask(POST + "transfer-encoding: Chunked\r\n\r\n" + chunks.replace("~", "\r\n"));
                assertEquals(200, answer.status());
                Message seen = scene.target().take();
                assertEquals(content, seen.body());
                assertEquals(List.of("chunked"), seen.headers("transfer-encoding"));
            }
            assertEquals(1, scene.target().connections());
        }
    }

    /** RFC 9112 §7.1.2: trailers belong to the message. */
    @Test
    void trailersArePassedOn() throws Exception {
        String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\n"
                + "X-Sum: 7\r\n\r\n";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine); Wire client = scene.client()) {
            Message answer = client.ask(POST + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Check: 1\r\nY: \r\n\r\n");
            assertEquals(List.of("X-Sum: 7"), answer.trailers());
            assertEquals(List.of("X-Check: 1", "Y: "), scene.target().take().trailers());
            assertEquals(200, client.ask(GET).status());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            g~abc~0~~
            -3~abc~0~~
            +3~abc~0~~
            0x3~abc~0~~
            ;x~abc~0~~
            3 ~abc~0~~
            3 ;x~abc~0~~
            3~abcd~0~~
            3!abc~0~~
            3~abc!0~~
            3;x!y~abc~0~~
            1000000000000000~abc~0~~
            0~X : y~~
            0~ X: y~~
            0~X~~
            0~X: y!~~
            0!~
            """)
    void malformedChunksAreRefused(String chunks) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            String body = chunks.replace("~", "\r\n").replace("!", "\n");
            Message answer = client.ask(POST + "Transfer-Encoding: chunked\r\n\r\n" + body);
            assertEquals(400, answer.status(), answer.toString());
            assertTrue(answer.body().contains("code: BAD_CHUNK"), answer.toString());
            assertTrue(client.isEnded());
        }
    }

    /** The same when the head went to the target long before the chunk that is wrong. */
    @Test
    void aMalformedLaterChunkEndsBothConnections() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            assertTrue(wire.readAll().endsWith("3\r\nabc\r\n"));
            self.note("cut short");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            await().until(() -> target.connections() == 1);
            Message answer = client.ask("xyz\r\n");
            assertEquals(400, answer.status());
            assertTrue(client.isEnded());
            await().until(() -> target.noted("cut short"));
        }
    }

    /** RFC 9112 §6.3: responses that have no body whatever their headers say. */
    @ParameterizedTest
    @CsvSource({"204, GET", "304, GET", "200, HEAD", "404, HEAD"})
    void responsesWithoutBodyHaveNone(int status, String method) throws Exception {
        String response = "HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\n";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine); Wire client = scene.client()) {
            for (int round = 0; round < 3; round++) {
                Message answer = client.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").headResponse();
                assertEquals(status, answer.status());
                assertEquals(status != 204, answer.header("content-length").isPresent());
            }
            assertEquals(1, scene.target().connections());
        }
    }

    /** RFC 9112 §6.3: a response without a length ends with the connection. */
    @Test
    void aResponseWithoutLengthEndsWithTheConnection() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nX: y\r\n\r\nsome").send("thing");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            Message answer = client.ask(GET);
            assertEquals("something", answer.body());
            assertEquals("close", answer.header("connection").orElseThrow());
            assertTrue(client.isEnded());
        }
    }

    /** RFC 9112 §7: a client of HTTP/1.0 gets no chunks. */
    @Test
    void chunksAreUnwrappedForHttp10() throws Exception {
        String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine); Wire client = scene.client()) {
            Message answer = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertEquals("abcde", answer.body());
            assertFalse(answer.header("transfer-encoding").isPresent());
            assertTrue(client.isEnded());
            assertEquals(200, scene.ask(GET).status());
            assertEquals(1, scene.target().connections());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK~Content-Length: 3~Transfer-Encoding: chunked~~
            HTTP/1.1 200 OK~Content-Length: 3~Content-Length: 4~~abc
            HTTP/1.1 200 OK~Content-Length: x~~abc
            HTTP/1.1 200 OK~Transfer-Encoding: gzip~~abc
            HTTP/1.1 200 OK~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~
            HTTP/1.0 200 OK~Transfer-Encoding: chunked~~0~~
            HTTP/1.1 200 OK~X : y~~
            HTTP/1.1 200 OK~X: y~ z~~
            HTTP/1.1 200 OK!Content-Length: 0!!
            HTTP/1.1 20 OK~Content-Length: 0~~
            HTTP/1.1 2000 OK~Content-Length: 0~~
            HTTP/1.1 600 OK~Content-Length: 0~~
            HTTP/2.0 200 OK~Content-Length: 0~~
            HTTP/1.1 101 Switching Protocols~Upgrade: x~Connection: upgrade~~
            SSH-2.0-OpenSSH~
            <html>~
            """)
    void responsesThatAreNoneBecome502(String response) throws Exception {
        String text = response.replace("~", "\r\n").replace("!", "\n");
        try (Scene scene = Scene.before(ScriptedTarget.answering(text), engine); Wire client = scene.client()) {
            Message answer = client.ask(GET);
            assertEquals(502, answer.status());
            assertTrue(answer.body().contains("code: BAD_RESPONSE"), answer.toString());
            // It is not the client's fault: its connection serves on.
            assertEquals(502, client.ask(GET).status());
        }
    }

    /** RFC 9112 §6.3: the same length said twice is one length. */
    @Test
    void repeatedLengthsOfAResponseAreMerged() throws Exception {
        String response = "HTTP/1.1 200\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nok";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine)) {
            Message answer = scene.ask(GET);
            assertEquals(List.of("2"), answer.headers("content-length"));
            assertEquals("ok", answer.body());
        }
    }

    /** RFC 9112 §8: a body that stops short must not look whole. */
    @ParameterizedTest
    @CsvSource({"'Content-Length: 10\r\n\r\nabc'", "'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'",
        "'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz'"})
    void aTruncatedResponseIsSeenAsSuch(String rest) throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\n" + rest);
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send(GET);
            assertThrows(IOException.class, client::response);
        }
    }

    /** A client that leaves in the middle of its body: the target must not take the part for the whole. */
    @Test
    void aTruncatedRequestIsSeenAsSuch() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            assertThrows(IOException.class, () -> self.read(wire));
            self.note("cut short");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send(POST + "Content-Length: 10\r\n\r\nabc");
            await().until(() -> target.connections() == 1);
            client.finish();
            assertEquals(400, client.response().status());
            await().until(() -> target.noted("cut short"));
        }
    }

    /** A body beyond the limit is refused by its announced length, or as soon as it exceeds it. */
    @Test
    void bodiesBeyondTheLimitAreRefused() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine, "limits: { body: 1KiB }")) {
            assertEquals(413, scene.ask(POST + "Content-Length: 1025\r\nExpect: 100-continue\r\n\r\n").status());
            assertEquals(200, scene.ask(POST + "Content-Length: 1024\r\n\r\n" + "x".repeat(1_024)).status());
            String chunk = "200\r\n" + "x".repeat(512) + "\r\n";
            String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk;
            assertEquals(200, scene.ask(chunked + "0\r\n\r\n").status());
            assertEquals(413, scene.ask(chunked + "1\r\nx\r\n0\r\n\r\n").status());
            try (Wire client = scene.client()) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
                assertEquals(413, client.ask(chunk + chunk).status());
            }
        }
    }
}
