package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.HeldBytes;

/**
 * Takes an HTTP/1.1 message apart, as the proxy itself writes it, and tells a sink of its parts. What it is fed is trusted:
 * the proxy has checked it before. Confined to one stream.
 */
abstract sealed class OutgoingText permits OutgoingRequest, OutgoingResponse {

    /** What becomes of the parts. */
    interface Sink {

        /** Fields of a head or of trailers; whether there was room for them. Without room they are told again. */
        boolean fields(HpackWriter block, boolean last);

        /** Content; how much of it there was room for. */
        int content(byte[] bytes, int from, int length, boolean last);

        /** The end of a message whose last content was not known to be the last; whether there was room for it. */
        boolean end();
    }

    /** What follows a head, as its first line tells. */
    enum Following {
        /** Another head: this one is interim. */
        HEAD,
        /** No content, whatever its fields say. */
        NOTHING,
        /** Content as its fields say, and without a length up to the close. */
        CONTENT,
        /** Content as its fields say, and none without a length. */
        BOUNDED_CONTENT,
        /** Another protocol. */
        TUNNEL
    }

    private enum State { HEAD, LENGTH, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILERS, UNTIL_CLOSE, DONE }

    private final Sink sink;
    /** Where fields are written for the sink, one block at a time for the whole connection. */
    private final HpackWriter block;
    /** A head, a chunk's line or trailers, as far as they have come, while they are not whole. */
    private final HeldBytes gathered;
    private State state = State.HEAD;
    private long left;
    /** Octets of line ends at the end of what is gathered. */
    private int matched;
    private boolean chunked;

    OutgoingText(Sink sink, HpackWriter block, BufferPool buffers) {
        this.sink = sink;
        this.block = block;
        gathered = new HeldBytes(buffers);
    }

    /** Writes the pseudo-header fields of a head that begins here, those that its first line and its lines tell. */
    abstract Following pseudoFields(byte[] text, int head, HpackWriter fields);

    /** Whether a line of a head is told as a field, by its name. */
    abstract boolean isTold(byte[] text, int start, int end);

    /** Nobody writes any more. */
    final void clear() {
        gathered.clear();
    }

    final boolean isDone() {
        return state == State.DONE;
    }

    /** Whether nothing but the close of the connection ends it. */
    final boolean endsByClose() {
        return state == State.UNTIL_CLOSE;
    }

    /** It ended by the close. */
    final void finish() {
        state = State.DONE;
    }

    /** Takes more of the message; how many of the bytes there was room for. */
    final int take(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end && state != State.DONE) {
            int taken = switch (state) {
                case HEAD, CHUNK_SIZE, CHUNK_END, TRAILERS -> line(bytes, at, end);
                case LENGTH, CHUNK, UNTIL_CLOSE -> content(bytes, at, end);
                case DONE -> 0;
            };
            if (taken == 0) {
                break;
            }
            at += taken;
        }
        return state == State.DONE ? length : at - from;
    }

    /** Looks for an end mark and acts on what it ends; the mark's last byte is not taken while there is no room. */
    private int line(byte[] bytes, int from, int end) {
        int before = gathered.size();
        int at = from;
        while (at < end) {
            byte octet = bytes[at++];
            matched = octet == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : octet == '\r' ? 1 : 0;
            if (matched == mark(before + at - from)) {
                boolean done = before == 0 ? act(bytes, from, at) : actOnGathered(bytes, from, at);
                if (done) {
                    gathered.clear();
                    matched = 0;
                    return at - from;
                }
                at--;
                matched--;
                break;
            }
        }
        gathered.add(bytes, from, at);
        return at - from;
    }

    private boolean actOnGathered(byte[] bytes, int from, int to) {
        int size = gathered.size();
        gathered.add(bytes, from, to);
        boolean done = act(gathered.bytes(), gathered.start(), gathered.end());
        if (!done) {
            gathered.keepFirst(size);
        }
        return done;
    }

    /** Octets of the line ends that end what came: an empty line, but for a chunk's line or trailers without any. */
    private int mark(int size) {
        boolean single = state == State.CHUNK_SIZE || state == State.CHUNK_END || size == 2;
        return single ? 2 : 4;
    }

    private boolean act(byte[] text, int start, int end) {
        return switch (state) {
            case HEAD -> head(text, start, end);
            case CHUNK_SIZE -> chunkSize(text, start, end);
            case CHUNK_END -> next(State.CHUNK_SIZE);
            case TRAILERS -> trailers(text, start, end);
            case LENGTH, CHUNK, UNTIL_CLOSE, DONE -> throw new IllegalStateException("no line is due: " + state);
        };
    }

    private boolean next(State following) {
        state = following;
        return true;
    }

    private boolean head(byte[] text, int start, int end) {
        chunked = false;
        left = -1;
        Following following = pseudoFields(text, start, block.restart());
        fields(text, lineEnd(text, start) + 2, end);
        State next = switch (following) {
            case HEAD -> State.HEAD;
            case NOTHING -> State.DONE;
            case TUNNEL -> State.UNTIL_CLOSE;
            case CONTENT, BOUNDED_CONTENT -> chunked ? State.CHUNK_SIZE : left > 0 ? State.LENGTH
                    : left == 0 || following == Following.BOUNDED_CONTENT ? State.DONE : State.UNTIL_CLOSE;
        };
        return sink.fields(block, next == State.DONE) && next(next);
    }

    private boolean chunkSize(byte[] text, int start, int end) {
        left = 0;
        for (int at = start; at < end; at++) {
            int digit = Character.digit(text[at], 16);
            if (digit < 0) {
                break;
            }
            left = left << 4 | digit;
        }
        return next(left == 0 ? State.TRAILERS : State.CHUNK);
    }

    private boolean trailers(byte[] text, int start, int end) {
        boolean done;
        if (end - start == 2) {
            done = sink.end();
        } else {
            block.restart();
            fields(text, start, end);
            done = sink.fields(block, true);
        }
        return done && next(State.DONE);
    }

    /** The lines from here to the empty one. */
    private void fields(byte[] text, int from, int to) {
        int start = from;
        while (start < to && text[start] != '\r') {
            int end = lineEnd(text, start);
            int colon = start;
            while (text[colon] != ':') {
                colon++;
            }
            int value = colon + 1;
            while (value < end && isSpace(text[value])) {
                value++;
            }
            int valueEnd = end;
            while (valueEnd > value && isSpace(text[valueEnd - 1])) {
                valueEnd--;
            }
            field(text, start, colon, value, valueEnd);
            start = end + 2;
        }
    }

    static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private void field(byte[] text, int start, int colon, int value, int end) {
        if (FieldNames.is(FieldNames.TRANSFER_ENCODING, text, start, colon)) {
            chunked = true;
        } else if (FieldNames.is(FieldNames.CONTENT_LENGTH, text, start, colon)) {
            left = number(text, value, end);
        }
        if (!FieldNames.isOfConnection(text, start, colon) && isTold(text, start, colon)) {
            block.field(text, start, colon, value, end);
        }
    }

    /** A length that was found to be one before. */
    private static long number(byte[] text, int start, int end) {
        long number = 0;
        for (int at = start; at < end; at++) {
            number = 10 * number + text[at] - '0';
        }
        return number;
    }

    /** Where a line ends. */
    static int lineEnd(byte[] text, int from) {
        int at = from;
        while (text[at] != '\r') {
            at++;
        }
        return at;
    }

    private int content(byte[] bytes, int from, int end) {
        boolean bounded = state != State.UNTIL_CLOSE;
        int offered = bounded ? (int) Math.min(left, end - from) : end - from;
        boolean last = state == State.LENGTH && offered == left;
        int taken = sink.content(bytes, from, offered, last);
        if (bounded) {
            left -= taken;
            if (left == 0) {
                state = state == State.LENGTH ? State.DONE : State.CHUNK_END;
            }
        }
        return taken;
    }
}
