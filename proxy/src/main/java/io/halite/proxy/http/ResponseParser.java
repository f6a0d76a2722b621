package io.halite.proxy.http;

/**
 * Reads the head of a target's response, RFC 9112 §4–6. As strict as the request parser where framing is at stake: what
 * is ambiguous here would desynchronise a connection that other clients share. One pass, no allocation.
 */
final class ResponseParser {
    static final int INCOMPLETE = 0;
    static final int REFUSED = -1;

    /** A target may be more talkative than a client; one buffer holds the head. */
    static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_HEADERS = 1_000;
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    private static final byte[] VERSION = Ascii.bytes("HTTP/1.");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] UPGRADE = Ascii.bytes("upgrade");
    private static final byte[] TE = Ascii.bytes("te");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] EVENT_STREAM = Ascii.bytes("text/event-stream");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] PROXY_CONNECTION = Ascii.bytes("proxy-connection");

    private byte[] bytes = new byte[0];
    private Response response = new Response();
    private boolean hasTransferEncoding;
    private boolean closes;
    private boolean keepsAlive;
    private boolean nominates;

    /** Reads a head: its length, {@link #INCOMPLETE} or {@link #REFUSED}. */
    int parse(byte[] source, int start, int end, Response target) {
        bytes = source;
        response = target;
        response.clear();
        hasTransferEncoding = false;
        closes = false;
        keepsAlive = false;
        nominates = false;
        int at = statusLine(start, end);
        while (at > 0 && at < end && bytes[at] != '\r') {
            at = response.lines.count() == MAX_HEADERS ? REFUSED : headerLine(at, end);
        }
        if (at < 0) {
            return REFUSED;
        }
        if (at == 0 || at + 1 >= end) {
            return end - start >= MAX_HEAD ? REFUSED : INCOMPLETE;
        }
        if (bytes[at + 1] != '\n') {
            return REFUSED;
        }
        response.lines.end(at);
        response.length = at + 2 - start;
        return finish() ? response.length : REFUSED;
    }

    /** The position after the line, zero when it is incomplete. */
    private int statusLine(int start, int end) {
        for (int at = start; at < Math.min(end, start + VERSION.length); at++) {
            if (bytes[at] != VERSION[at - start]) {
                return REFUSED;
            }
        }
        if (end - start < STATUS_LENGTH + 2) {
            return 0;
        }
        byte minor = bytes[start + VERSION.length];
        if (!Ascii.isDigit(minor) || bytes[start + 8] != ' ') {
            return REFUSED;
        }
        response.minor = Math.min(1, minor - '0');
        response.statusStart = start + 9;
        for (int at = start + 9; at < start + STATUS_LENGTH; at++) {
            if (!Ascii.isDigit(bytes[at])) {
                return REFUSED;
            }
            response.status = 10 * response.status + bytes[at] - '0';
        }
        // A missing space before an empty reason phrase is common and harmless.
        int at = start + STATUS_LENGTH;
        if (response.status < 100 || response.status > 599 || (bytes[at] != ' ' && bytes[at] != '\r')) {
            return REFUSED;
        }
        while (at < end && Ascii.isValue(bytes[at])) {
            at++;
        }
        response.statusEnd = at;
        return lineEnd(at, end);
    }

    private int lineEnd(int at, int end) {
        if (at < end && bytes[at] != '\r') {
            return REFUSED;
        }
        if (at + 1 >= end) {
            return 0;
        }
        return bytes[at + 1] == '\n' ? at + 2 : REFUSED;
    }

    private int headerLine(int start, int end) {
        int at = start;
        while (at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        if (at == end) {
            return 0;
        }
        if (bytes[at] != ':' || at == start) {
            return REFUSED;
        }
        int nameEnd = at++;
        while (at < end && Ascii.isSpace(bytes[at])) {
            at++;
        }
        int valueStart = at;
        while (at < end && Ascii.isValue(bytes[at])) {
            at++;
        }
        int next = lineEnd(at, end);
        if (next <= 0) {
            return next;
        }
        int valueEnd = at;
        while (valueEnd > valueStart && Ascii.isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        response.lines.add(start);
        return field(start, nameEnd, valueStart, valueEnd) ? next : REFUSED;
    }

    private boolean field(int name, int nameEnd, int value, int end) {
        return switch (nameEnd - name) {
            case 2 -> cutIf(is(name, nameEnd, TE));
            case 7 -> !is(name, nameEnd, UPGRADE) || upgrade(value, end);
            case 10 -> is(name, nameEnd, CONNECTION) ? connection(value, end) : cutIf(is(name, nameEnd, KEEP_ALIVE));
            case 12 -> !is(name, nameEnd, CONTENT_TYPE) || contentType(value, end);
            case 14 -> !is(name, nameEnd, CONTENT_LENGTH) || contentLength(value, end);
            case 16 -> cutIf(is(name, nameEnd, PROXY_CONNECTION));
            case 17 -> !is(name, nameEnd, TRANSFER_ENCODING) || transferEncoding(value, end);
            default -> true;
        };
    }

    private boolean finish() {
        if (hasTransferEncoding && (response.minor == 0 || response.contentLength != Response.NO_LENGTH)) {
            return false;
        }
        response.keepAlive = !closes && (response.minor == 1 || keepsAlive);
        if (nominates) {
            cutNominated();
        }
        return true;
    }

    private boolean contentType(int value, int end) {
        int typeEnd = value + EVENT_STREAM.length;
        response.isEventStream = typeEnd <= end && is(value, typeEnd, EVENT_STREAM)
                && (typeEnd == end || bytes[typeEnd] == ';' || Ascii.isSpace(bytes[typeEnd]));
        return true;
    }

    private boolean upgrade(int value, int end) {
        response.upgradeStart = value;
        response.upgradeEnd = end;
        return cutIf(true);
    }

    private boolean connection(int value, int end) {
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            if (is(at, tokenEnd, CLOSE)) {
                closes = true;
            } else if (is(at, tokenEnd, KEEP_ALIVE)) {
                keepsAlive = true;
            } else if (!is(at, tokenEnd, UPGRADE) && tokenEnd > at) {
                nominates = true;
            }
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
        return cutIf(true);
    }

    /** The same length said twice is one length; two lengths are none (RFC 9112 §6.3). */
    private boolean contentLength(int value, int end) {
        long length = Ascii.number(bytes, value, end);
        boolean again = response.contentLength != Response.NO_LENGTH;
        if (length < 0 || (again && response.contentLength != length)) {
            return false;
        }
        response.contentLength = length;
        return cutIf(true);
    }

    private boolean transferEncoding(int value, int end) {
        if (hasTransferEncoding || !is(value, end, CHUNKED)) {
            return false;
        }
        hasTransferEncoding = true;
        response.chunked = true;
        return cutIf(true);
    }

    private void cutNominated() {
        for (int line = 0; line < response.lines.count(); line++) {
            int name = response.lines.start(line);
            int nameEnd = nameEnd(name);
            if (is(name, nameEnd, CONNECTION)) {
                int end = response.lines.start(line + 1) - 2;
                cutNominated(Ascii.nextToken(bytes, nameEnd + 1, end), end);
            }
        }
    }

    private void cutNominated(int value, int end) {
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            for (int line = 0; line < response.lines.count(); line++) {
                int name = response.lines.start(line);
                if (Ascii.sameWord(bytes, at, tokenEnd, name, nameEnd(name))) {
                    response.lines.cut(line);
                }
            }
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
    }

    private int nameEnd(int start) {
        int at = start;
        while (bytes[at] != ':') {
            at++;
        }
        return at;
    }

    private boolean is(int start, int end, byte[] lower) {
        return Ascii.isWord(bytes, start, end, lower);
    }

    private boolean cutIf(boolean cut) {
        response.lines.cutLastIf(cut);
        return true;
    }
}
