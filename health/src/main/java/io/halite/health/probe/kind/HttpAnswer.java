package io.halite.health.probe.kind;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Reads an HTTP/1.x response as its bytes come, within fixed bounds. One use, one thread. */
final class HttpAnswer {
    private static final int STATUS_END = 12;

    /** What comes next. */
    private enum Part { STATUS, FIELDS, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, NOTHING }

    private final LineReader lines = new LineReader();
    private Part part = Part.STATUS;
    private int status;
    private boolean http = true;
    private boolean chunked;
    private long contentLength = Long.MAX_VALUE;
    /** Of the body or of the current chunk. */
    private long left;
    private int bodyBytes;

    boolean isHttp() {
        return http;
    }

    int status() {
        return status;
    }

    /** Bytes of the body seen so far. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Whether the connection may end here: chunks announce their end, a wrong length is not held against anyone. */
    boolean mayEndHere() {
        return part == Part.BODY || part == Part.NOTHING;
    }

    /** Reads the head of the final response; true once it is complete. Interim ones (1xx, but 101) are passed over. */
    boolean readHead(ByteBuffer bytes) throws ProtocolException {
        while (true) {
            String line = lines.next(bytes);
            if (line == null) {
                return false;
            }
            if (part == Part.STATUS) {
                statusLine(line);
                part = Part.FIELDS;
            } else if (!line.isEmpty()) {
                field(line);
            } else if (isInterim()) {
                part = Part.STATUS;
            } else {
                part = chunked ? Part.CHUNK_SIZE : Part.BODY;
                left = contentLength;
                return true;
            }
            if (!http) {
                return true;
            }
        }
    }

    private boolean isInterim() {
        return status >= 100 && status < 200 && status != 101;
    }

    private void statusLine(String line) {
        http = line.length() >= STATUS_END && line.startsWith("HTTP/1.");
        status = 0;
        for (int at = 9; http && at < STATUS_END; at++) {
            int digit = line.charAt(at) - '0';
            http = digit >= 0 && digit <= 9;
            status = 10 * status + digit;
        }
    }

    private void field(String line) {
        int colon = line.indexOf(':');
        if (colon == 14 && line.regionMatches(true, 0, "content-length", 0, 14)) {
            String value = line.substring(colon + 1).strip();
            contentLength = value.matches("[0-9]{1,15}") ? Long.parseLong(value) : contentLength;
        } else if (colon == 17 && line.regionMatches(true, 0, "transfer-encoding", 0, 17)) {
            chunked = line.toLowerCase(Locale.ROOT).contains("chunked");
        }
    }

    /** Feeds the body to the search; true once it is found, the body has ended, or so many bytes were seen. */
    boolean searchBody(ByteBuffer bytes, TextSearch search, int max) throws ProtocolException {
        while (part != Part.NOTHING && bodyBytes < max && !search.isFound()) {
            if (part == Part.BODY || part == Part.CHUNK) {
                if (!feed(bytes, search, max)) {
                    return false;
                }
            } else {
                String line = lines.next(bytes);
                if (line == null) {
                    return false;
                }
                part = part == Part.CHUNK_END ? Part.CHUNK_SIZE : chunk(line);
            }
        }
        return true;
    }

    /** False when there is nothing to feed. */
    private boolean feed(ByteBuffer bytes, TextSearch search, int max) {
        if (left == 0) {
            part = part == Part.BODY ? Part.NOTHING : Part.CHUNK_END;
            return true;
        }
        int count = (int) Math.min(Math.min(bytes.remaining(), left), max - bodyBytes);
        search.feed(bytes, count);
        left -= count;
        bodyBytes += count;
        return count > 0;
    }

    private Part chunk(String line) throws ProtocolException {
        int end = line.indexOf(';');
        String size = (end < 0 ? line : line.substring(0, end)).strip();
        if (!size.matches("[0-9a-fA-F]{1,8}")) {
            throw new ProtocolException("a chunk size is malformed");
        }
        left = Long.parseLong(size, 16);
        return left == 0 ? Part.NOTHING : Part.CHUNK;
    }
}
