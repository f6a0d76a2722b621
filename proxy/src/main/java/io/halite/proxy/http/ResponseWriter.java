package io.halite.proxy.http;

/** Writes the head of a target's response as the client gets it. */
final class ResponseWriter {
    private static final byte[] VERSION = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final byte[] SWITCH = Ascii.bytes("Connection: Upgrade\r\n");
    private static final byte[] UPGRADE = Ascii.bytes("Upgrade: ");
    private static final byte[] END_LINE = Ascii.bytes("\r\n");
    private static final int UPGRADE_REQUIRED = 426;

    private ResponseWriter() {}

    /** Writes a 1xx. */
    static void interim(HeadWriter out, Response response, byte[] bytes) {
        begin(out, response, bytes);
        if (response.status == 101) {
            out.put(SWITCH);
            upgrade(out, response, bytes);
        }
        out.put(END_LINE);
    }

    /**
     * Begins a final head; the caller adds what it has to add and ends it with {@link #end}.
     *
     * @param keepAlive whether the client's connection lives on
     */
    static void begin(HeadWriter out, Response response, byte[] bytes, Request request, boolean keepAlive) {
        begin(out, response, bytes);
        if (!keepAlive) {
            out.put(CLOSE);
        } else if (request.minor == 0) {
            out.put(KEEP_ALIVE);
        }
        boolean lengthTells = request.isHead || response.status == 304 || !response.hasNoBody(false);
        if (response.contentLength != Response.NO_LENGTH && lengthTells) {
            out.put(CONTENT_LENGTH).decimal(response.contentLength).put(END_LINE);
        } else if (response.chunked && request.minor == 1 && lengthTells) {
            out.put(CHUNKED);
        }
        if (response.status == UPGRADE_REQUIRED) {
            upgrade(out, response, bytes);
        }
    }

    static void end(HeadWriter out) {
        out.put(END_LINE);
    }

    private static void begin(HeadWriter out, Response response, byte[] bytes) {
        out.restart().put(VERSION).put(bytes, response.statusStart, response.statusEnd).put(END_LINE);
        response.lines.copyTo(bytes, out);
    }

    private static void upgrade(HeadWriter out, Response response, byte[] bytes) {
        if (response.upgradeEnd > response.upgradeStart) {
            out.put(UPGRADE).put(bytes, response.upgradeStart, response.upgradeEnd).put(END_LINE);
        }
    }
}
