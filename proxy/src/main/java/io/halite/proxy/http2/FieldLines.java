package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import java.util.List;
import java.util.Set;

/**
 * Fields of HTTP/2 as the header lines of an HTTP/1.1 message. Strict, RFC 9113 §8.2: what would read differently as text
 * never becomes text. Used again from message to message; confined to one connection.
 */
final class FieldLines {
    /** RFC 9110 §6.5.1: what says where a message goes or ends comes too late there. */
    private static final Set<String> NOT_IN_TRAILERS = Set.of("content-length", "host", "te");
    private static final byte[] CHUNKED = FieldNames.bytes("chunked");
    /** Room for a larger message is not kept. */
    private static final int KEPT_BYTES = 8 * 1024;

    private final Octets lines = new Octets();
    private final Octets message = new Octets();
    private long contentLength = -1;

    /** Begins with another message. */
    void restart() {
        lines.restart(KEPT_BYTES);
        message.restart(KEPT_BYTES);
        contentLength = -1;
    }

    /** The fields behind a body as trailer lines; which of them go on is for the relay to say. */
    static Octets trailers(List<Field> fields) throws Http2Problem {
        FieldLines trailers = new FieldLines();
        for (int at = 0; at < fields.size(); at++) {
            Field field = fields.get(at);
            String name = field.text();
            if (name.startsWith(":") || isOfConnection(field) || NOT_IN_TRAILERS.contains(name)) {
                throw malformed("a field that has no place among the trailers");
            }
            trailers.add(field);
        }
        return trailers.lines;
    }

    /** Whether a field is of one connection, not of a message. */
    static boolean isOfConnection(Field field) {
        return FieldNames.isOfConnection(field.name(), 0, field.name().length);
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

    void add(Field field) {
        add(field.name(), field.value());
    }

    void add(byte[] name, byte[] value) {
        begin(name).put(value).endLine();
    }

    private Octets begin(byte[] name) {
        return lines.put(name).put(':').put(' ');
    }

    void addLength() {
        begin(FieldNames.CONTENT_LENGTH).number(contentLength, 10).endLine();
    }

    void addChunked() {
        add(FieldNames.TRANSFER_ENCODING, CHUNKED);
    }

    /** Where the first line of the message is put; {@link #whole} puts the lines behind it. */
    Octets firstLine() {
        return message;
    }

    /** A whole head: the first line, these lines, the empty one. Valid until the next message. */
    Octets whole() {
        return message.endLine().put(lines.bytes(), 0, lines.size()).endLine();
    }

    static Http2Problem malformed(String what) {
        return new Http2Problem(Http2Problem.PROTOCOL_ERROR, what);
    }
}
