package io.halite.proxy.http;

import io.halite.config.Limits;
import io.halite.proxy.route.RequestHead;

/**
 * Reads the head of a request, RFC 9112 §2–6, and refuses whatever two parsers could understand differently: the proxy
 * and a target that disagree about where a request ends are how requests are smuggled. One pass, no allocation.
 */
final class RequestParser {
    /** The head is not complete yet. */
    static final int INCOMPLETE = 0;
    /** The head is refused, {@link Request#reason} says why. */
    static final int REFUSED = -1;

    private static final byte[] VERSION = Ascii.bytes("HTTP/");
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");
    private static final int VERSION_LENGTH = 8;

    private final RequestFields fields = new RequestFields();

    /**
     * Reads a head.
     *
     * @param request was cleared; its offsets will count from {@code start}
     * @return the length of the head, {@link #INCOMPLETE} or {@link #REFUSED}
     */
    int parse(byte[] bytes, int start, int end, Request request, Limits limits) {
        fields.begin(bytes, start, request);
        int limit = (int) Math.min(end, (long) start + limits.headers());
        int at = messageLines(bytes, start, limit, limits, request);
        if (at == INCOMPLETE && end - start >= limits.headers()) {
            boolean inFirstLine = request.head.methodEnd() == 0;
            return refuse(request, inFirstLine ? Reason.TARGET_TOO_LONG : Reason.HEAD_TOO_LARGE);
        }
        if (at <= 0) {
            return at;
        }
        if (!fields.finish()) {
            return REFUSED;
        }
        request.length = at - start;
        return request.length;
    }

    private int messageLines(byte[] bytes, int start, int end, Limits limits, Request request) {
        int line = start;
        if (start < end && bytes[start] == '\r') {
            // RFC 9112 §2.2: an empty line before the request line is ignored.
            if (start + 1 == end) {
                return INCOMPLETE;
            }
            if (bytes[start + 1] != '\n') {
                return refuse(request, Reason.BARE_CR);
            }
            line = start + 2;
        }
        int at = requestLine(bytes, start, line, end, request);
        return at <= 0 ? at : headerLines(bytes, start, at, end, limits, request);
    }

    private int requestLine(byte[] bytes, int base, int start, int end, Request request) {
        int at = start;
        while (at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (at == start || bytes[at] != ' ') {
            return refuse(request, bytes[at] == '\n' ? Reason.BARE_LF : Reason.BAD_REQUEST_LINE);
        }
        int methodEnd = at++;
        int targetStart = at;
        int query = -1;
        while (at < end && Ascii.isTarget(bytes[at])) {
            if (bytes[at] == '?' && query < 0) {
                query = at;
            }
            at++;
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes[at] != ' ' || at == targetStart) {
            boolean lineEnds = bytes[at] == '\r' || bytes[at] == '\n' || bytes[at] == ' ';
            return refuse(request, lineEnds ? Reason.BAD_REQUEST_LINE : Reason.BAD_TARGET);
        }
        int targetEnd = at++;
        if (end - at < VERSION_LENGTH + 2 && !endsEarly(bytes, at, end)) {
            return INCOMPLETE;
        }
        int next = version(bytes, at, end, request);
        if (next > 0) {
            fields.method(start, methodEnd);
            if (!target(bytes, base, targetStart, targetEnd, query < 0 ? targetEnd : query, request)) {
                return REFUSED;
            }
            request.head.method(start - base, methodEnd - base);
        }
        return next;
    }

    private static boolean endsEarly(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] == '\n') {
                return true;
            }
        }
        return false;
    }

    private static int version(byte[] bytes, int at, int end, Request request) {
        boolean wellFormed = end - at >= VERSION_LENGTH + 2 && Ascii.isExactly(bytes, at, at + 5, VERSION)
                && Ascii.isDigit(bytes[at + 5]) && bytes[at + 6] == '.' && Ascii.isDigit(bytes[at + 7]);
        if (!wellFormed) {
            return refuse(request, Reason.BAD_REQUEST_LINE);
        }
        int after = at + VERSION_LENGTH;
        if (bytes[after] != '\r' || bytes[after + 1] != '\n') {
            return refuse(request, bytes[after] == '\n' ? Reason.BARE_LF
                    : bytes[after] == '\r' ? Reason.BARE_CR : Reason.BAD_REQUEST_LINE);
        }
        if (bytes[at + 5] != '1') {
            return refuse(request, Reason.VERSION_NOT_SUPPORTED);
        }
        request.minor = Math.min(1, bytes[at + 7] - '0');
        return after + 2;
    }

    /** RFC 9112 §3.2: the four forms of a request target. */
    private boolean target(byte[] bytes, int base, int start, int end, int query, Request request) {
        RequestHead head = request.head;
        if (fields.isConnect()) {
            return refused(request, Reason.METHOD_NOT_ALLOWED);
        }
        boolean asterisk = bytes[start] == '*' && end - start == 1 && fields.isOptions();
        if (bytes[start] == '/' || asterisk) {
            head.path(start - base, query - base, end - base);
            request.isForServer = asterisk;
            return true;
        }
        int authority = Ascii.startsWith(bytes, start, end, HTTP) ? start + HTTP.length
                : Ascii.startsWith(bytes, start, end, HTTPS) ? start + HTTPS.length : -1;
        if (authority < 0) {
            return refused(request, Reason.BAD_TARGET);
        }
        int path = authority;
        while (path < end && bytes[path] != '/' && bytes[path] != '?') {
            path++;
        }
        if (path == authority || !fields.absoluteAuthority(authority, path)) {
            return refused(request, Reason.BAD_TARGET);
        }
        if (path < end && bytes[path] == '/') {
            head.path(path - base, query - base, end - base);
            return true;
        }
        // No path: it is "/" (RFC 9110 §4.2.3), and the slash before the authority serves. A query cannot follow it.
        head.path(authority - 1 - base, authority - base, authority - base);
        return path == end || refused(request, Reason.BAD_TARGET);
    }

    private int headerLines(byte[] bytes, int base, int start, int end, Limits limits, Request request) {
        int at = start;
        while (at < end) {
            byte first = bytes[at];
            if (first == '\r') {
                if (at + 1 == end) {
                    return INCOMPLETE;
                }
                request.lines.end(at - base);
                return bytes[at + 1] == '\n' ? at + 2 : refuse(request, Reason.BARE_CR);
            }
            if (request.lines.count() == limits.headerCount()) {
                return refuse(request, Reason.TOO_MANY_HEADERS);
            }
            int next = headerLine(bytes, base, at, end, request);
            if (next <= 0) {
                return next;
            }
            at = next;
        }
        return INCOMPLETE;
    }

    private int headerLine(byte[] bytes, int base, int start, int end, Request request) {
        int at = start;
        while (at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes[at] != ':' || at == start) {
            return refuse(request, badName(bytes[at], at == start));
        }
        int nameEnd = at++;
        while (at < end && Ascii.isSpace(bytes[at])) {
            at++;
        }
        int valueStart = at;
        while (at < end && Ascii.isValue(bytes[at])) {
            at++;
        }
        if (at + 1 >= end) {
            return at < end && bytes[at] != '\r' ? refuse(request, badValue(bytes[at])) : INCOMPLETE;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            return refuse(request, badValue(bytes[at]));
        }
        int valueEnd = at;
        while (valueEnd > valueStart && Ascii.isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        request.head.addHeader(start - base, nameEnd - base, valueStart - base, valueEnd - base);
        request.lines.add(start - base);
        return fields.field(start, nameEnd, valueStart, valueEnd) ? at + 2 : REFUSED;
    }

    private static Reason badName(byte octet, boolean first) {
        return switch (octet) {
            case ' ', '\t' -> first ? Reason.OBS_FOLD : Reason.SPACE_BEFORE_COLON;
            case '\n' -> Reason.BARE_LF;
            default -> Reason.BAD_HEADER_NAME;
        };
    }

    private static Reason badValue(byte octet) {
        return switch (octet) {
            case '\r' -> Reason.BARE_CR;
            case '\n' -> Reason.BARE_LF;
            default -> Reason.CONTROL_CHARACTER;
        };
    }

    private static int refuse(Request request, Reason reason) {
        request.reason = reason;
        return REFUSED;
    }

    private static boolean refused(Request request, Reason reason) {
        request.reason = reason;
        return false;
    }
}
