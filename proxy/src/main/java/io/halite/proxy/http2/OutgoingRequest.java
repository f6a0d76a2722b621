package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;
import java.util.Arrays;

/** A request on its way to a target. Confined to one stream. */
final class OutgoingRequest extends OutgoingText {
    private static final byte[] HEAD = FieldNames.bytes("HEAD");

    private final boolean secure;
    private boolean toHead;

    /**
     * A request.
     *
     * @param secure whether it goes over TLS
     */
    OutgoingRequest(Sink sink, HpackWriter block, BufferPool buffers, boolean secure) {
        super(sink, block, buffers);
        this.secure = secure;
    }

    /** Whether it is of method HEAD; known once its head went. */
    boolean isHead() {
        return toHead;
    }

    @Override
    Following pseudoFields(byte[] text, int head, HpackWriter fields) {
        int methodEnd = indexOf(text, ' ', head);
        int targetEnd = indexOf(text, ' ', methodEnd + 1);
        toHead = Arrays.equals(text, head, methodEnd, HEAD, 0, HEAD.length);
        fields.method(text, head, methodEnd).scheme(secure).path(text, methodEnd + 1, targetEnd);
        int line = lineEnd(text, targetEnd) + 2;
        while (text[line] != '\r') {
            int end = lineEnd(text, line);
            int value = line + FieldNames.HOST.length + 1;
            if (value <= end && text[value - 1] == ':' && FieldNames.is(FieldNames.HOST, text, line, value - 1)) {
                authority(text, value, end, fields);
                break;
            }
            line = end + 2;
        }
        return Following.BOUNDED_CONTENT;
    }

    /** An empty one may not be: RFC 9113 §8.3.1. */
    private static void authority(byte[] text, int from, int to, HpackWriter fields) {
        int start = from;
        while (start < to && isSpace(text[start])) {
            start++;
        }
        int end = to;
        while (end > start && isSpace(text[end - 1])) {
            end--;
        }
        if (end > start) {
            fields.authority(text, start, end);
        }
    }

    @Override
    boolean isTold(byte[] text, int start, int end) {
        // RFC 9113 §8.3.1: :authority says it.
        return !FieldNames.is(FieldNames.HOST, text, start, end);
    }

    private static int indexOf(byte[] bytes, char octet, int from) {
        int at = from;
        while (bytes[at] != octet) {
            at++;
        }
        return at;
    }
}
