package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.http2.FrameClient.Frame;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** WebSockets that share one HTTP/2 connection, RFC 8441. */
public final class Http2WebSockets implements AutoCloseable {
    private final FrameClient client;
    private final int count;

    private Http2WebSockets(FrameClient client, int count) {
        this.client = client;
        this.count = count;
    }

    /** Connects and opens so many. */
    public static Http2WebSockets open(int port, int count) throws IOException, Http2Problem {
        FrameClient client = FrameClient.ready(port);
        for (int number = 0; number < count; number++) {
            client.headers(stream(number), false, ":method: CONNECT", ":protocol: websocket", ":scheme: http",
                    ":path: /chat", ":authority: a.example", "sec-websocket-version: 13");
            assertEquals(":status: 200", client.lines(client.next(Frames.HEADERS)).getFirst());
        }
        return new Http2WebSockets(client, count);
    }

    private static int stream(int number) {
        return 2 * number + 1;
    }

    /** Every socket gets bytes of its own back; one that is reset is an {@code IOException}, as the end of all is. */
    public void echo(int round) throws IOException {
        Map<Integer, String> missing = new HashMap<>();
        for (int number = 0; number < count; number++) {
            String text = "stream %d round %d\n".formatted(number, round);
            missing.put(stream(number), text);
            client.data(stream(number), text, false);
        }
        while (!missing.isEmpty()) {
            Frame frame = client.read();
            switch (frame.type()) {
                case Frames.DATA -> {
                    assertEquals(missing.remove(frame.stream()), frame.text());
                    client.grant(frame.payload().length, frame.stream());
                }
                case Frames.RST_STREAM -> throw new IOException("reset with " + frame.number());
                // Whoever is asked to open no more keeps what is open.
                case Frames.GOAWAY -> assertEquals(Http2Problem.NO_ERROR, frame.number());
                default -> { }
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
