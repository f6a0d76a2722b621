package io.halite.proxy.http;

import io.halite.proxy.route.HeaderRules;

/**
 * Finds where a message body ends, RFC 9112 §6–7, as its bytes pass by unchanged but for trailers. Strict: a chunk that two
 * parsers could understand differently is malformed. Reused from body to body; confined to one loop.
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
    /** Failed by a trailer that says where the message ends or goes. */
    private static final int FRAMED_BY_TRAILER = 17;

    private static final int MAX_SIZE_DIGITS = 15;
    /** Of one chunk; a body may have any number of chunks. */
    private static final int MAX_EXTENSION = 1024;

    private final TrailerSection trailers = new TrailerSection();
    private int state = DONE;
    private long remaining;
    private int digits;
    private int overhead;
    private long data;
    /** Where the bytes end that pass as they came. */
    private int verbatimEnd;

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
        trailers.clear();
    }

    boolean isDone() {
        return state == DONE;
    }

    boolean hasFailed() {
        return state >= FAILED;
    }

    /** Whether it has failed by a trailer that says where the message ends or goes. */
    boolean isFramedByTrailer() {
        return state == FRAMED_BY_TRAILER;
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
        verbatimEnd = trailers.isEmpty() ? -1 : start;
        while (at < end && state < DONE) {
            at = contentAt(bytes, at, end);
            at += takeContent(end - at);
        }
        if (verbatimEnd < 0) {
            verbatimEnd = at;
        }
        return at;
    }

    /**
     * Writes the trailers that pass behind what passes as it came, once there are all of them. There is room: either they
     * came in the bytes that were scanned last, or those were nothing else and stand at the beginning of a whole buffer.
     *
     * @return where ends what is to be passed on of the bytes that were scanned last
     */
    int passOn(byte[] bytes, HeaderRules rules) {
        return state == DONE && !trailers.isEmpty() ? trailers.write(rules, bytes, verbatimEnd) : verbatimEnd;
    }

    /** Passes framing by: the position of content, or of the end of the bytes or the body. */
    int contentAt(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && state != DATA && state < FIXED) {
            framing(bytes[at], at);
            at++;
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

    private void framing(byte octet, int at) {
        if (isOfTrailers(octet) && !gather(octet, at)) {
            state = FAILED;
            return;
        }
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

    /** Whether it belongs to trailer lines; the empty line alone is no trailer. */
    private boolean isOfTrailers(byte octet) {
        return state >= TRAILER_START && state <= END_LF
                && (!trailers.isEmpty() || (state == TRAILER_START && octet != '\r'));
    }

    private boolean gather(byte octet, int at) {
        verbatimEnd = trailers.isEmpty() ? at : verbatimEnd;
        return trailers.add(octet);
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
        state = octet == '\r' ? END_LF : Ascii.isToken(octet) ? TRAILER_NAME : FAILED;
    }

    private void trailerName(byte octet) {
        if (octet == ':') {
            state = trailers.namesFraming() ? FRAMED_BY_TRAILER : TRAILER_VALUE;
        } else if (!Ascii.isToken(octet)) {
            state = FAILED;
        }
    }

    private void trailerValue(byte octet) {
        if (octet == '\r') {
            state = TRAILER_LF;
        } else if (!Ascii.isValue(octet)) {
            state = FAILED;
        }
    }
}
