package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9112 §2–5: what is a request, and that everything else is refused with its reason and reaches no target. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class MessageSyntaxTest {
    @Parameter
    Engine engine;

    private Scene scene;

    @BeforeEach
    void start() throws Exception {
        scene = Scene.before(ScriptedTarget.echo(), engine, "limits: { headers: 4KiB, headerCount: 20 }");
    }

    @AfterEach
    void stop() throws IOException {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BAD_REQUEST_LINE    | GARBAGE
            BAD_REQUEST_LINE    | GET /
            BAD_REQUEST_LINE    | GET  / HTTP/1.1~Host: a
            BAD_REQUEST_LINE    | GET / HTTP/1.1 ~Host: a
            BAD_REQUEST_LINE    | GET / http/1.1~Host: a
            BAD_REQUEST_LINE    | GET / HTTP/11~Host: a
            BAD_REQUEST_LINE    | GET / HTTP/1.1.1~Host: a
            BAD_REQUEST_LINE    | GET<09>/ HTTP/1.1~Host: a
            BAD_REQUEST_LINE    | (GET / HTTP/1.1~Host: a
            BAD_TARGET          | GET x HTTP/1.1~Host: a
            BAD_TARGET          | GET /a#b HTTP/1.1~Host: a
            BAD_TARGET          | GET /a<01>b HTTP/1.1~Host: a
            BAD_TARGET          | GET /a<e4>b HTTP/1.1~Host: a
            BAD_TARGET          | GET * HTTP/1.1~Host: a
            BAD_TARGET          | GET ftp://a/ HTTP/1.1~Host: a
            BAD_TARGET          | GET http:///x HTTP/1.1~Host: a
            BAD_TARGET          | GET http://u@a/x HTTP/1.1~Host: a
            MISSING_HOST        | GET / HTTP/1.1~X: a
            DUPLICATE_HOST      | GET / HTTP/1.1~Host: a~Host: a
            BAD_HOST            | GET / HTTP/1.1~Host: a b
            BAD_HOST            | GET / HTTP/1.1~Host: a/b
            BAD_HOST            | GET / HTTP/1.1~Host: a@b
            BAD_HOST            | GET / HTTP/1.1~Host: a:8x
            BAD_HOST            | GET / HTTP/1.1~Host: [::1
            BAD_HOST            | GET http://a/ HTTP/1.1~Host: a b
            SPACE_BEFORE_COLON  | GET / HTTP/1.1~Host : a
            SPACE_BEFORE_COLON  | GET / HTTP/1.1~Host: a~X<09>: b
            OBS_FOLD            | GET / HTTP/1.1~Host: a~X: b~ c
            OBS_FOLD            | GET / HTTP/1.1~ Host: a
            BAD_HEADER_NAME     | GET / HTTP/1.1~Host: a~X(: b
            BAD_HEADER_NAME     | GET / HTTP/1.1~Host: a~: b
            BAD_HEADER_NAME     | GET / HTTP/1.1~Host: a~X<00>: b
            SPACE_BEFORE_COLON  | GET / HTTP/1.1~Host: a~no colon
            BAD_HEADER_NAME     | GET / HTTP/1.1~Host: a~nocolon
            CONTROL_CHARACTER   | GET / HTTP/1.1~Host: a~X: b<00>c
            CONTROL_CHARACTER   | GET / HTTP/1.1~Host: a~X: b<7f>c
            CONTROL_CHARACTER   | GET / HTTP/1.1~Host: a~X: b<0b>c
            BARE_CR             | GET / HTTP/1.1~Host: a~X: b^c
            BARE_LF             | GET / HTTP/1.1~Host: a~X: b!Y: c
            BARE_LF             | GET / HTTP/1.1!Host: a
            BARE_LF             | GET / HTTP/1.1~Host: a!
            """)
    void isRefused(String reason, String request) throws IOException {
        String text = Pattern.compile("<(..)>").matcher(request)
                .replaceAll(octet -> String.valueOf((char) Integer.parseInt(octet.group(1), 16)))
                .replace("~", "\r\n").replace("^", "\r").replace("!", "\n") + "\r\n\r\n";
        try (Wire client = scene.client()) {
            Message answer = client.ask(text);
            assertEquals(400, answer.status(), answer.toString());
            assertTrue(answer.body().contains("code: " + reason), answer.toString());
            assertEquals("close", answer.header("connection").orElseThrow());
            assertTrue(client.isEnded());
        }
        assertEquals(0, scene.target().connections());
        assertEquals(1, scene.plane().plane().traffic().refused().values().stream().mapToLong(n -> n).sum());
    }

    /** RFC 9112 §2.3, RFC 9110 §2.5: another major version is not spoken here, another minor one is. */
    @Test
    void versionsAreToldApart() throws IOException {
        assertEquals(505, scene.ask("GET / HTTP/2.0\r\nHost: a\r\n\r\n").status());
        assertEquals(200, scene.ask("GET / HTTP/1.7\r\nHost: a\r\n\r\n").status());
        assertEquals(200, scene.ask("GET / HTTP/1.0\r\n\r\n").status());
    }

    /** RFC 9112 §2.2: an empty line before the request line is ignored, more are not. */
    @Test
    void oneEmptyLineBeforeARequestIsIgnored() throws IOException {
        assertEquals(200, scene.ask("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(400, scene.ask("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(400, scene.ask("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").status());
    }

    /** RFC 9112 §3.2.2: the absolute form is served, and its authority replaces that of Host. */
    @Test
    void theAbsoluteFormNamesTheHost() throws Exception {
        assertEquals(200, scene.ask("GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n").status());
        Message seen = scene.target().take();
        assertEquals("GET /x?y HTTP/1.1", seen.start());
        assertEquals("b:81", seen.header("host").orElseThrow());
        assertEquals("b:81", seen.header("x-forwarded-host").orElseThrow());
        assertEquals(200, scene.ask("GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals("GET / HTTP/1.1", scene.target().take().start());
    }

    /** RFC 9112 §3.2.4, RFC 9110 §9.3.7: the asterisk form asks about this server, which answers by itself. */
    @Test
    void theAsteriskFormIsAnsweredHere() throws Exception {
        Message answer = scene.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, answer.status());
        assertTrue(answer.header("allow").orElseThrow().contains("POST"));
        assertEquals(0, scene.target().connections());
    }

    /** RFC 9110 §9.3.6: CONNECT is for forward proxies. */
    @Test
    void connectIsNotAllowed() throws IOException {
        Message answer = scene.ask("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
        assertEquals(405, answer.status());
        assertTrue(answer.header("allow").orElseThrow().contains("GET"));
    }

    /** RFC 9110 §7.2, §4.2: hosts that look odd but are valid. */
    @ParameterizedTest
    @CsvSource({"a", "A.Example", "a:80", "'a:'", "[::1]", "[::1]:8080", "''", "a_b", "1.2.3.4"})
    void isAHost(String host) throws Exception {
        assertEquals(200, scene.ask("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status());
        assertEquals(host, scene.target().take().header("host").orElseThrow());
    }

    /** RFC 9110 §5.5: obs-text and tabs are field content; white space around a value is not. */
    @Test
    void valuesPassUnchanged() throws Exception {
        assertEquals(200, scene.ask("GET / HTTP/1.1\r\nHost: a\r\nX-One:\t b\u00e4\tc  \r\nX-Two:\r\n\r\n").status());
        Message seen = scene.target().take();
        assertEquals("b\u00e4\tc", seen.header("x-one").orElseThrow());
        assertEquals("", seen.header("x-two").orElseThrow());
    }

    /** RFC 6585 §5, RFC 9110 §15.5.15: heads beyond the limits. */
    @Test
    void headsBeyondTheLimitsAreRefused() throws IOException {
        assertEquals(414, scene.ask("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(431, scene.ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(5_000) + "\r\n\r\n").status());
        assertEquals(431, scene.ask("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(20) + "\r\n").status());
        assertEquals(200, scene.ask("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(19) + "\r\n").status());
        assertEquals(200, scene.ask("GET /" + "x".repeat(3_900) + " HTTP/1.1\r\nHost: a\r\n\r\n").status());
    }

    /** The answer is in the form that the client accepts, and names the request. */
    @Test
    void errorsAreJsonOrTextByAccept() throws IOException {
        Message json = scene.ask(Wire.head("GET / HTTP/1.1", "Accept: application/json", "X-Request-Id: abc-1",
                "Host: a", "Host: b"));
        assertEquals("application/json", json.header("content-type").orElseThrow());
        assertEquals("{\"status\":400,\"code\":\"DUPLICATE_HOST\",\"message\":\"There is more than one Host header.\","
                + "\"requestId\":\"abc-1\"}\n", json.body());
        assertEquals("abc-1", json.header("x-request-id").orElseThrow());
        Message text = scene.ask("GET / HTTP/1.1\r\nX: y\r\n\r\n");
        assertTrue(text.header("content-type").orElseThrow().startsWith("text/plain"));
        assertTrue(text.body().contains("request id: " + text.header("x-request-id").orElseThrow()));
    }
}
