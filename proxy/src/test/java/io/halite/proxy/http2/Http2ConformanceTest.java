package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What h2spec checks, section by section of RFC 9113 and RFC 7541: what a client does wrong and what it is told. A frame is
 * {@code TYPE flags stream payload}; the payload is hexadecimal, {@code xx*n} repeats, and names stand for header blocks.
 */
class Http2ConformanceTest {
    private static final List<String> TYPES = List.of("DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS",
            "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION");
    private static final List<String> CODES = List.of("NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR",
            "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL",
            "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM");
    private static final String[] GET = {":method: GET", ":scheme: http", ":path: /", ":authority: a"};
    private static final String[] POST = {":method: POST", ":scheme: http", ":path: /", ":authority: a"};

    private static Scene scene;

    @BeforeAll
    static void start() throws Exception {
        scene = Scene.before(ScriptedTarget.echo(), Engine.AUTO);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    private static FrameClient client() throws IOException {
        return FrameClient.ready(scene.plane().port("shop/web"));
    }

    private static byte[] payload(String text) {
        if (text.startsWith("x: ")) {
            return concat(FrameClient.block(GET), FrameClient.block(text));
        }
        return switch (text) {
            case "get" -> FrameClient.block(GET);
            case "post" -> FrameClient.block(POST);
            case "post10" -> concat(FrameClient.block(POST), FrameClient.block("content-length: 10"));
            case "trailer" -> FrameClient.block("x-sum: 1");
            case "pseudo" -> FrameClient.block(":method: GET");
            default -> {
                byte[] all = {};
                for (String part : text.split(",", -1)) {
                    String[] times = part.split("\\*", 2);
                    byte[] octets = HexFormat.of().parseHex(times[0]);
                    for (int count = times.length > 1 ? Integer.parseInt(times[1]) : 1; count > 0; count--) {
                        all = times.length > 1 && octets.length == 1 ? fill(all, octets[0], count) : concat(all, octets);
                        count = times.length > 1 && octets.length == 1 ? 1 : count;
                    }
                }
                yield all;
            }
        };
    }

    private static byte[] fill(byte[] before, byte octet, int count) {
        byte[] all = Arrays.copyOf(before, before.length + count);
        Arrays.fill(all, before.length, all.length, octet);
        return all;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static void send(FrameClient client, String frames) throws IOException {
        for (String frame : frames.split(";", -1)) {
            String[] words = frame.strip().split(" ", 4);
            int type = TYPES.indexOf(words[0]);
            client.send(type >= 0 ? type : Integer.parseInt(words[0]), Integer.parseInt(words[1], 16),
                    (int) Long.parseLong(words[2]), payload(words.length > 3 ? words[3].strip() : ""));
        }
    }

    /** The verdict on what was sent: of the connection, or of a stream. */
    private static String verdict(FrameClient client) throws IOException {
        try {
            while (true) {
                Frame frame = client.read();
                if (frame.type() == Frames.GOAWAY) {
                    return "connection " + CODES.get(frame.number());
                }
                if (frame.type() == Frames.RST_STREAM && frame.number() != Http2Problem.NO_ERROR) {
                    return "stream " + CODES.get(frame.number());
                }
            }
        } catch (EOFException | SocketException ended) {
            return "the connection ended";
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4.2     | connection FRAME_SIZE_ERROR    | HEADERS 4 1 post; DATA 1 1 00*16385
            4.2     | connection FRAME_SIZE_ERROR    | HEADERS 5 1 00*16385
            4.3     | connection COMPRESSION_ERROR   | HEADERS 5 1 00ff
            4.3     | connection PROTOCOL_ERROR      | HEADERS 1 1 get; PRIORITY 0 1 0000000000
            4.3     | connection PROTOCOL_ERROR      | HEADERS 1 1 get; HEADERS 5 3 get
            4.3     | connection PROTOCOL_ERROR      | HEADERS 1 1 get; 99 0 1 00
            5.1     | connection PROTOCOL_ERROR      | DATA 1 1 61
            5.1     | connection PROTOCOL_ERROR      | RST_STREAM 0 1 00000008
            5.1     | connection PROTOCOL_ERROR      | WINDOW_UPDATE 0 1 00000064
            5.1     | connection PROTOCOL_ERROR      | CONTINUATION 4 1 get
            5.1     | stream STREAM_CLOSED           | HEADERS 5 1 get; DATA 1 1 61
            5.1     | *STREAM_CLOSED                 | HEADERS 5 1 get; HEADERS 5 1 trailer
            5.1     | connection PROTOCOL_ERROR      | HEADERS 5 1 get; CONTINUATION 4 1 trailer
            5.1     | stream STREAM_CLOSED           | HEADERS 4 1 post; RST_STREAM 0 1 00000008; DATA 1 1 61
            5.1     | connection STREAM_CLOSED       | HEADERS 4 1 post; RST_STREAM 0 1 00000008; HEADERS 5 1 trailer
            5.1     | connection PROTOCOL_ERROR      | HEADERS 4 1 post; RST_STREAM 0 1 00000008; CONTINUATION 4 1 get
            5.1.1   | connection PROTOCOL_ERROR      | HEADERS 5 2 get
            5.1.1   | connection PROTOCOL_ERROR      | HEADERS 5 5 get; HEADERS 5 3 get
            5.1.1   | connection PROTOCOL_ERROR      | HEADERS 5 201 get; HEADERS 5 3 get
            5.4.1   | connection PROTOCOL_ERROR      | WINDOW_UPDATE 0 0 00000000
            6.1     | connection PROTOCOL_ERROR      | DATA 1 0 61
            6.1     | connection PROTOCOL_ERROR      | HEADERS 4 1 post; DATA 9 1 056162
            6.1     | connection PROTOCOL_ERROR      | HEADERS 4 1 post; DATA 9 1
            6.2     | connection PROTOCOL_ERROR      | HEADERS 5 0 get
            6.2     | connection PROTOCOL_ERROR      | HEADERS d 1 ff00
            6.2     | connection PROTOCOL_ERROR      | HEADERS 25 1 0000
            6.3     | connection PROTOCOL_ERROR      | PRIORITY 0 0 0000000000
            6.3     | connection FRAME_SIZE_ERROR    | PRIORITY 0 1 00000000
            6.4     | connection PROTOCOL_ERROR      | RST_STREAM 0 0 00000008
            6.4     | connection FRAME_SIZE_ERROR    | HEADERS 4 1 post; RST_STREAM 0 1 000008
            6.5     | connection FRAME_SIZE_ERROR    | SETTINGS 1 0 00
            6.5     | connection PROTOCOL_ERROR      | SETTINGS 0 1
            6.5     | connection FRAME_SIZE_ERROR    | SETTINGS 0 0 000300
            6.5.2   | connection PROTOCOL_ERROR      | SETTINGS 0 0 000200000002
            6.5.2   | connection FLOW_CONTROL_ERROR  | SETTINGS 0 0 000480000000
            6.5.2   | connection PROTOCOL_ERROR      | SETTINGS 0 0 000500003fff
            6.5.2   | connection PROTOCOL_ERROR      | SETTINGS 0 0 000501000000
            6.6     | connection PROTOCOL_ERROR      | PUSH_PROMISE 4 1 00000002
            6.7     | connection PROTOCOL_ERROR      | PING 0 1 00*8
            6.7     | connection FRAME_SIZE_ERROR    | PING 0 0 00*6
            6.8     | connection PROTOCOL_ERROR      | GOAWAY 0 1 00*8
            6.8     | connection FRAME_SIZE_ERROR    | GOAWAY 0 0 00*7
            6.9     | connection PROTOCOL_ERROR      | WINDOW_UPDATE 0 0 00000000
            6.9     | stream PROTOCOL_ERROR          | HEADERS 4 1 post; WINDOW_UPDATE 0 1 00000000
            6.9     | connection FRAME_SIZE_ERROR    | WINDOW_UPDATE 0 0 000001
            6.9.1   | connection FLOW_CONTROL_ERROR  | WINDOW_UPDATE 0 0 7fffffff; WINDOW_UPDATE 0 0 7fffffff
            6.9.1   | stream FLOW_CONTROL_ERROR | HEADERS 4 1 post; WINDOW_UPDATE 0 1 7fffffff; WINDOW_UPDATE 0 1 7fffffff
            6.9.2   | connection FLOW_CONTROL_ERROR | HEADERS 4 1 post; WINDOW_UPDATE 0 1 7fff0000; SETTINGS 0 0 00047fffffff
            6.10    | connection PROTOCOL_ERROR      | HEADERS 1 1 get; CONTINUATION 0 1 trailer; HEADERS 5 1 get
            6.10    | connection PROTOCOL_ERROR      | HEADERS 1 1 get; CONTINUATION 4 0 trailer
            6.10    | connection PROTOCOL_ERROR      | HEADERS 1 1 get; CONTINUATION 4 3 trailer
            6.10    | connection PROTOCOL_ERROR      | HEADERS 5 1 get; CONTINUATION 4 1 trailer
            6.10    | connection PROTOCOL_ERROR      | HEADERS 4 1 post; DATA 0 1 61; CONTINUATION 4 1 trailer
            8.1     | stream PROTOCOL_ERROR          | HEADERS 4 1 post; DATA 0 1 61; HEADERS 4 1 trailer
            8.1     | stream PROTOCOL_ERROR          | HEADERS 4 1 post; DATA 0 1 61; HEADERS 5 1 pseudo
            8.1.1   | stream PROTOCOL_ERROR          | HEADERS 4 1 post10; DATA 1 1 61
            8.1.1   | stream PROTOCOL_ERROR          | HEADERS 4 1 post10; DATA 0 1 61*6; DATA 1 1 61*5
            8.1.1   | stream PROTOCOL_ERROR          | HEADERS 5 1 post10
            8.3.1   | stream PROTOCOL_ERROR          | HEADERS 5 1 pseudo
            8.4     | connection PROTOCOL_ERROR      | PUSH_PROMISE 4 1 00000002,828684
            H 2.3.3 | connection COMPRESSION_ERROR   | HEADERS 5 1 be
            H 2.3.3 | connection COMPRESSION_ERROR   | HEADERS 5 1 c6
            H 4.2   | connection COMPRESSION_ERROR   | HEADERS 5 1 82868420
            H 5.2   | connection COMPRESSION_ERROR   | HEADERS 5 1 0085f2b24a84ff874951fffffffa7f
            H 5.2   | connection COMPRESSION_ERROR   | HEADERS 5 1 0085f2b24a87fffffffa01
            H 5.2   | connection COMPRESSION_ERROR   | HEADERS 5 1 0085f2b24a84ffffffff
            H 6.1   | connection COMPRESSION_ERROR   | HEADERS 5 1 80
            H 6.3   | connection COMPRESSION_ERROR   | HEADERS 5 1 3fe21f82
            """)
    void isTold(String section, String expected, String frames) throws IOException {
        try (FrameClient client = client()) {
            try {
                send(client, frames);
            } catch (SocketException reset) {
                assertTrue(expected.startsWith("connection"), frames);
            }
            String verdict = verdict(client);
            boolean right = expected.startsWith("*") ? verdict.endsWith(expected.substring(1))
                    : verdict.equals(expected);
            assertTrue(right, () -> section + ": " + frames + " was told: " + verdict);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // §4.1: types and flags that nobody knows, and the bit in front of a stream's number.
        "99 0 0 0000; HEADERS 5 1 get", "99 0 7 0000; HEADERS 5 1 get", "PING f0 0 00*8; HEADERS 5 1 get",
        "SETTINGS fe 0; HEADERS c5 1 get", "HEADERS 5 2147483649 get", "PING 0 2147483648 00*8; HEADERS 5 1 get",
        // §5.1: what may come late. §5.3.2: priorities of any stream, and such as make no sense any more.
        "PRIORITY 0 7 0000000010; HEADERS 5 1 get", "HEADERS 25 1 8000000010,828684,410161",
        "HEADERS 5 3 get; RST_STREAM 0 3 00000008; WINDOW_UPDATE 0 3 00000001; PRIORITY 0 3 0000000010; HEADERS 5 5 get",
        "HEADERS 5 3 get; RST_STREAM 0 3 00000008; RST_STREAM 0 3 00000008; HEADERS 5 5 get",
        // §6.1, §6.2: padding. §6.10: blocks in many frames.
        "HEADERS c 1 02,828684,410161,0000; DATA 9 1 0161,00", "HEADERS 2d 1 02,0000000010,828684,410161,0000",
        "HEADERS 1 1 82; CONTINUATION 0 1 8684; CONTINUATION 0 1; CONTINUATION 4 1 410161",
        // §6.5: settings that nobody knows, and the largest values. §6.9.2: the window of streams may shrink below nothing.
        "SETTINGS 0 0 00ff00000001,000200000000,000300000000; HEADERS 5 1 get",
        "SETTINGS 0 0 00047fffffff,000500ffffff,000600000000; HEADERS 5 1 get",
        "WINDOW_UPDATE 0 0 7fff0000; HEADERS 5 1 get",
        // RFC 7541 §4.2, §6: sizes of the table, and each way to write a field.
        "HEADERS 5 1 203fe11f,828684,410161", "HEADERS 5 1 828684,4101610f00026178,0f2e03612d62",
        "HEADERS 5 1 828684,410161; HEADERS 5 3 828684be"})
    void isServed(String frames) throws Exception {
        try (FrameClient client = client()) {
            send(client, frames);
            Frame head = client.next(Frames.HEADERS);
            assertTrue(client.lines(head).contains(":status: 200"), frames);
        }
    }

    /** §3.4: what does not begin as HTTP/2 does is not spoken to in HTTP/2. */
    @Test
    void prefaces() throws IOException {
        for (String preface : new String[] {"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "PRI * HTTP/2.0\r\nHost: a\r\n\r\n"}) {
            try (Wire wire = Wire.to(scene.plane().port("shop/web"))) {
                String answer = wire.send(preface).readAll();
                assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 505"), answer);
            }
        }
    }

    /** §6.5.3, §6.7: settings are acknowledged, and pings with what they bring. */
    @Test
    void acknowledgements() throws IOException {
        try (FrameClient client = client()) {
            Frame first = client.next(Frames.SETTINGS);
            assertEquals(0, first.payload().length % 6);
            assertEquals(0, client.next(Frames.SETTINGS).payload().length);
            client.send(Frames.PING, 0, 0, "h2spec!!".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertEquals("h2spec!!", client.next(Frames.PING).text());
            client.send(Frames.PING, Frames.FLAG_ACK, 0, new byte[8]).send(Frames.PING, 0, 0, new byte[8]);
            assertEquals("\0".repeat(8), client.next(Frames.PING).text());
        }
    }

    /** §5.1.2: more streams than were granted. */
    @Test
    void tooManyStreams() throws Exception {
        try (FrameClient client = client()) {
            for (int stream = 1; stream < 2 * 120; stream += 2) {
                send(client, "HEADERS 4 " + stream + " post");
            }
            assertEquals("stream REFUSED_STREAM", verdict(client));
        }
    }

    /** §6.9.1, §6.9.2: no more is sent than the windows allow, and the rest when they widen. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void windowsAreKept(int window) throws Exception {
        try (FrameClient client = client()) {
            client.send(Frames.SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
            send(client, "HEADERS 5 1 get");
            client.next(Frames.HEADERS);
            StringBuilder content = new StringBuilder();
            while (content.length() < window) {
                content.append(client.next(Frames.DATA).text());
            }
            assertEquals(window, content.length());
            // The window shrinks below nothing and has to be refilled first.
            client.send(Frames.SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array());
            client.send(Frames.PING, 0, 0, new byte[8]);
            client.next(Frames.PING);
            client.number(Frames.WINDOW_UPDATE, 1, window + 3);
            while (content.length() < window + 3) {
                content.append(client.next(Frames.DATA).text());
            }
            client.number(Frames.WINDOW_UPDATE, 1, 1000);
            while (content.length() < "GET / HTTP/1.1\n".length()) {
                content.append(client.next(Frames.DATA).text());
            }
            assertEquals("GET / HTTP/1.1\n", content.toString());
        }
    }

    /** §5.1, §8.1: what a client still sent of a request that we answered early is not held against it. */
    @Test
    void whatWasUnderWayIsNoMistake() throws Exception {
        try (FrameClient client = client()) {
            List<String> malformed = new ArrayList<>(List.of(POST));
            malformed.add("connection: close");
            client.headers(1, false, malformed.toArray(String[]::new)).data(1, "abc", false).headers(1, true, "x-sum: 1");
            assertEquals(List.of("RST 1"), client.response(1));
            assertEquals("GET / HTTP/1.1\n", client.get(3, "/").response(3).getLast());
        }
    }
}
