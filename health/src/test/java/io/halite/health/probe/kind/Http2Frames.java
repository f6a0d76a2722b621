package io.halite.health.probe.kind;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.health.testing.FakeTarget;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames of HTTP/2 written by hand, so that every form and a hostile peer can be played. */
final class Http2Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    /** Indexed field 8: {@code :status 200}. */
    static final byte[] OK_HEADERS = {(byte) 0x88};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a frame. */
    Http2Frames frame(int type, int flags, int stream, byte... payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        out.writeBytes(payload);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** A header field without indexing. */
    static byte[] literal(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(0);
        field.write(name.length());
        field.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        field.write(value.length());
        field.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        return field.toByteArray();
    }

    /** A target that hears one request and says this. */
    static FakeTarget target(Http2Frames answer) throws IOException {
        return target(answer.bytes());
    }

    static FakeTarget target(byte[] answer) throws IOException {
        return new FakeTarget(connection -> {
            request(connection);
            connection.getOutputStream().write(answer);
            FakeTarget.silence(connection);
        });
    }

    /** Reads the preface and the frames up to the end of the request; answers the payloads of its stream. */
    static List<byte[]> request(Socket connection) throws IOException {
        DataInputStream in = new DataInputStream(connection.getInputStream());
        byte[] preface = new byte[24];
        in.readFully(preface);
        assertTrue(new String(preface, StandardCharsets.US_ASCII).startsWith("PRI * HTTP/2.0\r\n"));
        List<byte[]> payloads = new ArrayList<>();
        for (int flags = 0, stream = 0; stream == 0 || (flags & END_STREAM) == 0;) {
            int first = in.readInt();
            flags = in.readUnsignedByte();
            stream = in.readInt();
            byte[] payload = new byte[first >>> 8];
            in.readFully(payload);
            if (stream != 0) {
                payloads.add(payload);
            }
        }
        return payloads;
    }
}
