package io.halite.health.probe.kind;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads an HTTP/1.x response within fixed bounds. One use, one thread. */
final class HttpAnswer {
    private static final int BUFFER = 2 << 10;
    private static final int MAX_HEAD = 32 << 10;
    private static final int MAX_LINE = 8 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private int headBytes;
    private int status;
    private boolean http = true;
    private boolean chunked;
    private long contentLength = Long.MAX_VALUE;

    private HttpAnswer(InputStream in) {
        this.in = in;
    }

    /** Reads the head of the final response; interim ones (1xx, but 101) are passed over. */
    static HttpAnswer read(InputStream in) throws IOException {
        HttpAnswer answer = new HttpAnswer(in);
        do {
            answer.readHead();
        } while (answer.http && answer.status >= 100 && answer.status < 200 && answer.status != 101);
        return answer;
    }

    boolean isHttp() {
        return http;
    }

    int status() {
        return status;
    }

    private void readHead() throws IOException {
        String line = line();
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            http = false;
            return;
        }
        String code = line.substring(9, 12);
        http = code.chars().allMatch(c -> c >= '0' && c <= '9');
        status = http ? Integer.parseInt(code) : 0;
        while (http && !line.isEmpty()) {
            line = line();
            header(line);
        }
    }

    private void header(String line) {
        int colon = line.indexOf(':');
        if (colon == 14 && line.regionMatches(true, 0, "content-length", 0, 14)) {
            String value = line.substring(colon + 1).strip();
            contentLength = value.matches("[0-9]{1,15}") ? Long.parseLong(value) : contentLength;
        } else if (colon == 17 && line.regionMatches(true, 0, "transfer-encoding", 0, 17)) {
            chunked = line.toLowerCase(Locale.ROOT).contains("chunked");
        }
    }

    /** Feeds the body to the search until found, the body's end or the bound; answers how many bytes were read. */
    int searchBody(TextSearch search, int max) throws IOException {
        if (status == 204 || status == 304) {
            return 0;
        }
        return chunked ? searchChunks(search, max) : searchPlain(search, Math.min(contentLength, max));
    }

    private int searchPlain(TextSearch search, long max) throws IOException {
        int read = 0;
        while (read < max && !search.isFound()) {
            int count = available(max - read);
            if (count == 0) {
                break;
            }
            search.feed(buffer, position, count);
            position += count;
            read += count;
        }
        return read;
    }

    private int searchChunks(TextSearch search, int max) throws IOException {
        int read = 0;
        while (read < max && !search.isFound()) {
            String line = line();
            int end = line.indexOf(';');
            String size = (end < 0 ? line : line.substring(0, end)).strip();
            if (!size.matches("[0-9a-fA-F]{1,8}")) {
                throw new ProtocolException("a chunk size is malformed");
            }
            long chunk = Long.parseLong(size, 16);
            if (chunk == 0) {
                break;
            }
            int count = searchPlain(search, Math.min(chunk, max - (long) read));
            read += count;
            if (count == chunk) {
                line();
            }
        }
        return read;
    }

    private String line() throws IOException {
        StringBuilder line = null;
        while (true) {
            if (available(Long.MAX_VALUE) == 0) {
                throw new EOFException();
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            String part = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
            boolean complete = end < limit;
            headBytes += end - position + 1;
            position = complete ? end + 1 : end;
            if (headBytes > MAX_HEAD + MAX_BODY_LINES || (line != null && line.length() > MAX_LINE)) {
                throw new ProtocolException("the head of the answer is too large");
            }
            if (complete && line == null) {
                return stripped(part);
            }
            line = (line == null ? new StringBuilder() : line).append(part);
            if (complete) {
                return stripped(line.toString());
            }
        }
    }

    /** Chunk lines count too; a body of one-byte chunks is no use either. */
    private static final int MAX_BODY_LINES = 64 << 10;

    private static String stripped(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Bytes that can be read from the buffer now, at most {@code max}; zero at the end. */
    private int available(long max) throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return (int) Math.min(max, limit - position);
    }
}
