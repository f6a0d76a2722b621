package io.halite.proxy.http2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request on its way to a target. Confined to one stream. */
final class OutgoingRequest extends OutgoingText {
    private static final byte[] HOST = "host:".getBytes(StandardCharsets.US_ASCII);

    private final boolean secure;
    private boolean toHead;

    /**
     * A request.
     *
     * @param secure whether it goes over TLS
     */
    OutgoingRequest(Sink sink, boolean secure) {
        super(sink);
        this.secure = secure;
    }

    /** Whether it is of method HEAD; known once its head went. */
    boolean isHead() {
        return toHead;
    }

    @Override
    Following pseudoFields(byte[] head, HpackWriter fields) {
        int methodEnd = indexOf(head, ' ', 0);
        int targetEnd = indexOf(head, ' ', methodEnd + 1);
        String method = new String(head, 0, methodEnd, StandardCharsets.US_ASCII);
        toHead = method.equals("HEAD");
        fields.method(method).scheme(secure).path(head, methodEnd + 1, targetEnd);
        int line = lineEnd(head, targetEnd) + 2;
        while (head[line] != '\r') {
            int end = lineEnd(head, line);
            if (isHost(head, line)) {
                int value = line + HOST.length;
                while (value < end && isSpace(head[value])) {
                    value++;
                }
                int valueEnd = end;
                while (valueEnd > value && isSpace(head[valueEnd - 1])) {
                    valueEnd--;
                }
                if (valueEnd > value) {
                    // An empty one may not be: RFC 9113 §8.3.1.
                    fields.authority(head, value, valueEnd);
                }
                break;
            }
            line = end + 2;
        }
        return Following.BOUNDED_CONTENT;
    }

    @Override
    boolean isTold(String name) {
        // RFC 9113 §8.3.1: :authority says it.
        return !name.equals("host");
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static boolean isHost(byte[] head, int line) {
        byte[] start = Arrays.copyOfRange(head, line, line + HOST.length);
        for (int at = 0; at < start.length - 1; at++) {
            start[at] |= 0x20;
        }
        return Arrays.equals(start, HOST);
    }

    private static int indexOf(byte[] bytes, char octet, int from) {
        int at = from;
        while (bytes[at] != octet) {
            at++;
        }
        return at;
    }
}
