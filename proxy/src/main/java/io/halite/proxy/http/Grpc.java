package io.halite.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What the proxy knows of gRPC over HTTP/2: which requests are calls, how long a client waits for one, and how a call hears
 * of a failure, which is by a status of its own in a response that has no content. Stateless.
 */
final class Grpc {
    private static final byte[] CONTENT_TYPE = Ascii.bytes("application/grpc");
    private static final byte[] FIELDS = Ascii.bytes("Content-Type: application/grpc\r\nContent-Length: 0\r\ngrpc-status: ");
    private static final byte[] MESSAGE = Ascii.bytes("\r\ngrpc-message: ");
    private static final int MAX_TIMEOUT_DIGITS = 8;

    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;

    private Grpc() {}

    /** Whether a Content-Type is that of a call: gRPC-Web, which is something else, is not. */
    static boolean isCall(byte[] bytes, int start, int end) {
        int typeEnd = start + CONTENT_TYPE.length;
        return Ascii.startsWith(bytes, start, end, CONTENT_TYPE)
                && (typeEnd == end || bytes[typeEnd] == '+' || bytes[typeEnd] == ';' || Ascii.isSpace(bytes[typeEnd]));
    }

    /** The value of grpc-timeout in nanoseconds; {@link Request#ABSENT} when it is none. */
    static long timeout(byte[] bytes, int start, int end) {
        if (end - start < 2 || end - start > MAX_TIMEOUT_DIGITS + 1) {
            return Request.ABSENT;
        }
        long number = 0;
        for (int at = start; at < end - 1; at++) {
            if (!Ascii.isDigit(bytes[at])) {
                return Request.ABSENT;
            }
            number = 10 * number + bytes[at] - '0';
        }
        long unit = switch (bytes[end - 1]) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1L;
            default -> 0;
        };
        return unit == 0 ? Request.ABSENT : Math.min(number, Long.MAX_VALUE / unit) * unit;
    }

    /** Writes the fields that tell a call why it failed. */
    static void failure(HeadWriter out, Reason reason, String sentence) {
        out.put(FIELDS).decimal(status(reason)).put(MESSAGE)
                .put(Ascii.bytes(printable(reason.name() + ": " + sentence))).put('\r').put('\n');
    }

    /** The status of gRPC that comes nearest, as its project maps those of HTTP, but for deadlines. */
    private static int status(Reason reason) {
        return switch (reason) {
            case RESPONSE_TIMEOUT, TOTAL_TIMEOUT, BODY_TIMEOUT -> DEADLINE_EXCEEDED;
            case BODY_TOO_LARGE, HEAD_TOO_LARGE, TOO_MANY_HEADERS -> RESOURCE_EXHAUSTED;
            case FORBIDDEN -> PERMISSION_DENIED;
            case NO_ROUTE, METHOD_NOT_ALLOWED -> UNIMPLEMENTED;
            default -> reason.status() > 501 && reason.status() < 505 ? UNAVAILABLE : INTERNAL;
        };
    }

    /** What may stand in grpc-message as it is; the rest is said in hexadecimal. */
    private static String printable(String text) {
        StringBuilder message = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                message.append((char) octet);
            } else {
                message.append('%').append(String.format(Locale.ROOT, "%02X", octet & 0xff));
            }
        }
        return message.toString();
    }
}
