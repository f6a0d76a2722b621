package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Fields of HTTP/2 as the header lines of an HTTP/1.1 message. Strict, RFC 9113 §8.2: what would read differently as text
 * never becomes text. Of one message.
 */
final class FieldLines {
    /** RFC 9113 §8.2.2: what is of one connection has no place in HTTP/2. */
    private static final Set<String> OF_A_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    /** RFC 9110 §6.5.1: what says where a message goes or ends comes too late there. */
    private static final Set<String> NOT_IN_TRAILERS = Set.of("content-length", "host", "te");
    private static final byte[] END_LINE = {'\r', '\n'};

    private final ByteArrayOutputStream text = new ByteArrayOutputStream(512);
    private long contentLength = -1;

    /** The fields behind a body as trailer lines; which of them go on is for the relay to say. */
    static byte[] trailers(List<Field> fields) throws Http2Problem {
        FieldLines lines = new FieldLines();
        for (Field field : fields) {
            String name = name(field);
            if (name.startsWith(":") || isOfConnection(name) || NOT_IN_TRAILERS.contains(name)) {
                throw malformed("a field that has no place among the trailers");
            }
            lines.add(name, field.value());
        }
        return lines.text.toByteArray();
    }

    /** Whether a field is of one connection, not of a message. */
    static boolean isOfConnection(String name) {
        return OF_A_CONNECTION.contains(name);
    }

    /** The name of a field, once it and the value are such as may stand in text. */
    static String name(Field field) throws Http2Problem {
        byte[] name = field.name();
        for (int at = 0; at < name.length; at++) {
            int octet = name[at];
            boolean token = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0;
            if (!token && !(at == 0 && octet == ':' && name.length > 1)) {
                throw malformed("a character that a field's name must not have");
            }
        }
        byte[] value = field.value();
        for (byte octet : value) {
            if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7F) {
                throw malformed("a character that a field's value must not have");
            }
        }
        boolean padded = value.length > 0 && (isSpace(value[0]) || isSpace(value[value.length - 1]));
        if (name.length == 0 || padded) {
            throw malformed("a field without a name, or a value between spaces");
        }
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** Takes the length that a message says of itself; no line is written for it yet. */
    void length(byte[] value) throws Http2Problem {
        long length = 0;
        for (byte octet : value) {
            if (octet < '0' || octet > '9' || length > Long.MAX_VALUE / 100) {
                throw malformed("a length that is no number");
            }
            length = 10 * length + octet - '0';
        }
        if (value.length == 0 || (contentLength >= 0 && contentLength != length)) {
            throw malformed("no length, or two");
        }
        contentLength = length;
    }

    /** Negative when it was not said. */
    long contentLength() {
        return contentLength;
    }

    void add(String name, byte[] value) {
        text.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        text.write(':');
        text.write(' ');
        text.writeBytes(value);
        text.writeBytes(END_LINE);
    }

    void addLength() {
        add("content-length", Long.toString(contentLength).getBytes(StandardCharsets.US_ASCII));
    }

    void addChunked() {
        add("transfer-encoding", "chunked".getBytes(StandardCharsets.US_ASCII));
    }

    /** A whole head: the first line, these lines, the empty one. */
    byte[] under(String first) {
        byte[] lines = text.toByteArray();
        text.reset();
        text.writeBytes(first.getBytes(StandardCharsets.ISO_8859_1));
        text.writeBytes(END_LINE);
        text.writeBytes(lines);
        text.writeBytes(END_LINE);
        return text.toByteArray();
    }

    static Http2Problem malformed(String what) {
        return new Http2Problem(Http2Problem.PROTOCOL_ERROR, what);
    }
}
