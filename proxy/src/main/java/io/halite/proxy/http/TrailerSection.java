package io.halite.proxy.http;

import io.halite.proxy.route.HeaderRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The trailer lines behind a body in chunks: gathered, since what may pass is known only of a whole line, and passed on
 * without those that have no business there. RFC 9110 §6.5.1: what frames or routes a message, changes what is asked,
 * proves who asks or says what the content is, comes too late in a trailer; a target that merges it with the head would let
 * clients say what the head was cleaned of. Reused from body to body; confined to one loop.
 */
final class TrailerSection {
    private static final Set<String> FORBIDDEN = Set.of(
            "connection", "keep-alive", "upgrade", "transfer-encoding", "te", "trailer", "http2-settings",
            "host", "forwarded", "via", "x-real-ip", "x-request-id",
            "authorization", "www-authenticate", "cookie", "set-cookie",
            "cache-control", "expect", "max-forwards", "pragma", "range",
            "age", "date", "expires", "location", "retry-after", "vary", "warning");
    /** What says where a message ends or goes is no mistake that one can pass over: two readers might not agree on it. */
    private static final byte[][] FRAMING =
            {Ascii.bytes("content-length"), Ascii.bytes("transfer-encoding"), Ascii.bytes("host")};
    private static final String[] FORBIDDEN_BEGINNINGS = {"content-", "x-forwarded-", "if-", "proxy-", "sec-"};
    private static final int MAX_BYTES = 16 * 1024;
    private static final byte[] NONE = new byte[0];

    private byte[] lines = NONE;
    private int size;
    private int lineStart;

    void clear() {
        size = 0;
        lineStart = 0;
        lines = NONE;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** One more octet of the lines, the empty one among them; false when it is one too many. */
    boolean add(byte octet) {
        if (size == MAX_BYTES) {
            return false;
        }
        if (size == lines.length) {
            lines = Arrays.copyOf(lines, Math.max(256, 2 * size));
        }
        lines[size++] = octet;
        if (octet == '\n') {
            lineStart = size;
        }
        return true;
    }

    /** Whether the line whose name has just ended, by its colon, would say where the message ends or goes. */
    boolean namesFraming() {
        for (byte[] name : FRAMING) {
            if (Ascii.isWord(lines, lineStart, size - 1, name)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the lines that pass, and the empty one; the position behind it. */
    int write(HeaderRules rules, byte[] out, int from) {
        int at = from;
        int line = 0;
        while (line < size) {
            int end = line;
            int nameEnd = -1;
            while (lines[end] != '\n') {
                nameEnd = nameEnd < 0 && lines[end] == ':' ? end : nameEnd;
                end++;
            }
            end++;
            boolean passes = nameEnd < 0 || (!isForbidden(line, nameEnd) && !rules.removes(lines, line, nameEnd));
            if (passes) {
                System.arraycopy(lines, line, out, at, end - line);
                at += end - line;
            }
            line = end;
        }
        clear();
        return at;
    }

    /** Also with underscores for hyphens, which targets asked by way of CGI cannot tell. */
    private boolean isForbidden(int start, int end) {
        String name = new String(lines, start, end - start, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT).replace('_', '-');
        for (String beginning : FORBIDDEN_BEGINNINGS) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return FORBIDDEN.contains(name);
    }
}
