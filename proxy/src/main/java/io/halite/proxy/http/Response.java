package io.halite.proxy.http;

/** One parsed response head. Offsets count in the bytes it was parsed from. Reused; confined to one loop. */
final class Response {
    static final long NO_LENGTH = -1;

    final HeaderLines lines = new HeaderLines();

    /** Bytes of the head, the empty line included. */
    int length;
    int status;
    /** 0 or 1: HTTP/1.0 or later. */
    int minor;
    /** The status code and the reason phrase, without the CRLF. */
    int statusStart;
    int statusEnd;
    long contentLength;
    boolean chunked;
    boolean keepAlive;
    /** Server-sent events, of which the next may be long in coming. */
    boolean isEventStream;
    /** Value of the Upgrade header. */
    int upgradeStart;
    int upgradeEnd;

    void clear() {
        lines.clear();
        length = 0;
        status = 0;
        minor = 1;
        statusStart = 0;
        statusEnd = 0;
        contentLength = NO_LENGTH;
        chunked = false;
        keepAlive = false;
        isEventStream = false;
        upgradeStart = 0;
        upgradeEnd = 0;
    }

    boolean isInterim() {
        return status < 200;
    }

    /** RFC 9112 §6.3: whatever its headers say, the response to HEAD, a 1xx, a 204 and a 304 have no body. */
    boolean hasNoBody(boolean toHead) {
        return toHead || status == 204 || status == 304 || isInterim();
    }
}
