package io.halite.health.probe.kind;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * All that a probe says on a connection of HTTP/2: the preface and one request. It needs four or five frames, so they are
 * written here, with literal headers (RFC 7541 §6.2.2).
 */
final class Http2Request {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** Nobody may push to a probe (ENABLE_PUSH); the body that it may look at has room (INITIAL_WINDOW_SIZE). */
    private static final byte[] SETTINGS = {0, 2, 0, 0, 0, 0, 0, 4, 0, 2, 0, 0};
    private static final int WINDOW = 64 << 10;

    private final ByteArrayOutputStream headers = new ByteArrayOutputStream(160);

    Http2Request(String method, String scheme, String authority, String path) {
        header(":method", method);
        header(":scheme", scheme);
        header(":path", path);
        header(":authority", authority);
    }

    /** Adds a header; its name in lower case. */
    Http2Request header(String name, String value) {
        headers.write(0);
        string(name);
        string(value);
        return this;
    }

    /** The bytes of the connection, with this body or none. */
    byte[] bytes(byte @Nullable [] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(320);
        out.writeBytes(PREFACE);
        frame(out, Http2Answer.TYPE_SETTINGS, 0, 0, SETTINGS);
        ByteArrayOutputStream window = new ByteArrayOutputStream(4);
        number(window, WINDOW, 4);
        frame(out, Http2Answer.TYPE_WINDOW_UPDATE, 0, 0, window.toByteArray());
        int last = body == null ? Http2Answer.END_STREAM : 0;
        frame(out, Http2Answer.TYPE_HEADERS, Http2Answer.END_HEADERS | last, Http2Answer.STREAM, headers.toByteArray());
        if (body != null) {
            frame(out, Http2Answer.TYPE_DATA, Http2Answer.END_STREAM, Http2Answer.STREAM, body);
        }
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        number(out, payload.length, 3);
        out.write(type);
        out.write(flags);
        number(out, stream, 4);
        out.writeBytes(payload);
    }

    private void string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length;
        if (rest < 0x7F) {
            headers.write(rest);
        } else {
            headers.write(0x7F);
            rest -= 0x7F;
            while (rest > 0x7F) {
                headers.write((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            headers.write(rest);
        }
        headers.writeBytes(bytes);
    }

    /** A number of so many bytes, the highest first. */
    static void number(ByteArrayOutputStream out, int value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }
}
