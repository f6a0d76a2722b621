package io.halite.proxy.http;

/**
 * Finds where a message body ends, RFC 9112 §6–7, as its bytes pass by unchanged. Strict: a chunk that two parsers could
 * understand differently is malformed. Reused from body to body; confined to one loop.
 */
final class BodyScanner {
    private static final int SIZE_START = 0;
    private static final int SIZE = 1;
    private static final int EXTENSION_START = 2;
    private static final int EXTENSION = 3;
    private static final int SIZE_LF = 4;
    private static final int DATA = 5;
    private static final int DATA_CR = 6;
    private static final int DATA_LF = 7;
    private static final int TRAILER_START = 8;
    private static final int TRAILER_NAME = 9;
    private static final int TRAILER_VALUE = 10;
    private static final int TRAILER_LF = 11;
    private static final int END_LF = 12;
    private static final int FIXED = 13;
    private static final int UNTIL_CLOSE = 14;
    private static final int DONE = 15;
    private static final int FAILED = 16;

    private static final int MAX_SIZE_DIGITS = 15;
    /** Of one chunk; a body may have any number of chunks. */
    private static final int MAX_EXTENSION = 1024;
    private static final int MAX_TRAILERS = 16 * 1024;
    /** RFC 9110 §6.5.1: what says where a message goes or ends comes too late behind it. */
    private static final byte[][] NOT_IN_TRAILERS = {Ascii.bytes("content-length"), Ascii.bytes("transfer-encoding"),
        Ascii.bytes("host")};
    private static final int ALL = (1 << NOT_IN_TRAILERS.length) - 1;

    private int state = DONE;
    private long remaining;
    private int digits;
    private int overhead;
    private long data;
    /** Length of the trailer's name so far, and a bit for each of the names above that begins with it. */
    private int nameLength;
    private int alike;

    /** No body. */
    void none() {
        start(DONE, 0);
    }

    /** A body of this many bytes. */
    void length(long length) {
        start(length == 0 ? DONE : FIXED, length);
    }

    void chunked() {
        start(SIZE_START, 0);
    }

    void untilClose() {
        start(UNTIL_CLOSE, Long.MAX_VALUE);
    }

    private void start(int first, long length) {
        state = first;
        remaining = length;
        digits = 0;
        overhead = 0;
        data = 0;
    }

    boolean isDone() {
        return state == DONE;
    }

    boolean hasFailed() {
        return state == FAILED;
    }

    boolean isUntilClose() {
        return state == UNTIL_CLOSE;
    }

    /** Bytes of content so far, without the framing of chunks. */
    long contentBytes() {
        return data;
    }

    /** The sender closed: whether the body is complete by that. */
    boolean endsByClose() {
        if (state == UNTIL_CLOSE) {
            state = DONE;
        }
        return state == DONE;
    }

    /** The position after the bytes that belong to the body; short of {@code end} when it is done or malformed. */
    int scan(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && state < DONE) {
            at = contentAt(bytes, at, end);
            at += takeContent(end - at);
        }
        return at;
    }

    /** Passes framing by: the position of content, or of the end of the bytes or the body. */
    int contentAt(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && state != DATA && state < FIXED) {
            framing(bytes[at++]);
        }
        return at;
    }

    /** Takes content where {@link #contentAt} found it: how many of the bytes there belong to it. */
    int takeContent(int available) {
        if (state != DATA && state != FIXED && state != UNTIL_CLOSE) {
            return 0;
        }
        int taken = (int) Math.min(available, remaining);
        data += taken;
        if (state != UNTIL_CLOSE) {
            remaining -= taken;
            if (remaining == 0) {
                state = state == FIXED ? DONE : DATA_CR;
            }
        }
        return taken;
    }

    private void framing(byte octet) {
        switch (state) {
            case SIZE_START -> firstDigit(octet);
            case SIZE -> size(octet);
            case EXTENSION_START -> state = Ascii.isToken(octet) ? EXTENSION : FAILED;
            case EXTENSION -> extension(octet);
            case SIZE_LF -> expect(octet, '\n', remaining == 0 ? TRAILER_START : DATA);
            case DATA_CR -> expect(octet, '\r', DATA_LF);
            case DATA_LF -> expect(octet, '\n', SIZE_START);
            case TRAILER_START -> trailerStart(octet);
            case TRAILER_NAME -> trailerName(octet);
            case TRAILER_VALUE -> trailerValue(octet);
            case TRAILER_LF -> expect(octet, '\n', TRAILER_START);
            case END_LF -> expect(octet, '\n', DONE);
            default -> state = FAILED;
        }
    }

    private void expect(byte octet, char expected, int next) {
        state = octet == expected ? next : FAILED;
    }

    private void firstDigit(byte octet) {
        remaining = 0;
        digits = 0;
        overhead = 0;
        state = SIZE;
        size(octet);
        if (digits == 0) {
            state = FAILED;
        }
    }

    private void size(byte octet) {
        int digit = Ascii.hexDigit(octet);
        if (digit >= 0) {
            digits++;
            remaining = remaining << 4 | digit;
            state = digits > MAX_SIZE_DIGITS ? FAILED : SIZE;
        } else if (octet == '\r') {
            state = SIZE_LF;
        } else {
            // RFC 9112 §7.1.1 allows white space before an extension, as "bad" white space: it is not needed by anybody.
            state = octet == ';' ? EXTENSION_START : FAILED;
        }
    }

    private void extension(byte octet) {
        if (octet == '\r') {
            state = SIZE_LF;
        } else if (!Ascii.isValue(octet) || ++overhead > MAX_EXTENSION) {
            state = FAILED;
        }
    }

    private void trailerStart(byte octet) {
        if (octet == '\r') {
            state = END_LF;
        } else {
            state = TRAILER_NAME;
            nameLength = 0;
            alike = ALL;
            trailerName(octet);
        }
    }

    private void trailerName(byte octet) {
        if (octet == ':') {
            state = nameLength == 0 || hasNoPlace() ? FAILED : TRAILER_VALUE;
        } else if (!Ascii.isToken(octet) || ++overhead > MAX_TRAILERS) {
            state = FAILED;
        } else {
            for (int word = 0; word < NOT_IN_TRAILERS.length; word++) {
                byte[] name = NOT_IN_TRAILERS[word];
                if (nameLength >= name.length || name[nameLength] != (octet | 0x20)) {
                    alike &= ~(1 << word);
                }
            }
            nameLength++;
        }
    }

    private boolean hasNoPlace() {
        for (int word = 0; word < NOT_IN_TRAILERS.length; word++) {
            if ((alike & 1 << word) != 0 && nameLength == NOT_IN_TRAILERS[word].length) {
                return true;
            }
        }
        return false;
    }

    private void trailerValue(byte octet) {
        if (octet == '\r') {
            state = TRAILER_LF;
        } else if (!Ascii.isValue(octet) || ++overhead > MAX_TRAILERS) {
            state = FAILED;
        }
    }
}
