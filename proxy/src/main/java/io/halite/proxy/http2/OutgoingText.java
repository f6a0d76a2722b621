package io.halite.proxy.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

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

    private static final Set<String> OF_A_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final Sink sink;
    private final HpackWriter block = new HpackWriter();
    /** A head, a chunk's line or trailers, as far as they have come. */
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(256);
    private State state = State.HEAD;
    private long left;
    /** Octets of line ends at the end of what is gathered. */
    private int matched;
    private boolean chunked;

    OutgoingText(Sink sink) {
        this.sink = sink;
    }

    /** Writes the pseudo-header fields of a head, those that its first line and its lines tell. */
    abstract Following pseudoFields(byte[] head, HpackWriter fields);

    /** Whether a line of a head is told as a field. */
    abstract boolean isTold(String name);

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

    /** Gathers bytes up to an end mark, then acts on them; the mark's last byte is not taken while there is no room. */
    private int line(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            matched = bytes[at] == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : bytes[at] == '\r' ? 1 : 0;
            gathered.write(bytes[at++]);
            if (matched == mark()) {
                if (act()) {
                    gathered.reset();
                    matched = 0;
                } else {
                    dropLast();
                    at--;
                }
                break;
            }
        }
        return at - from;
    }

    /** Octets of the line ends that end what is gathered: an empty line, but for a chunk's line or trailers without any. */
    private int mark() {
        boolean single = state == State.CHUNK_SIZE || state == State.CHUNK_END || gathered.size() == 2;
        return single ? 2 : 4;
    }

    private void dropLast() {
        byte[] text = gathered.toByteArray();
        gathered.reset();
        gathered.write(text, 0, text.length - 1);
        matched--;
    }

    private boolean act() {
        return switch (state) {
            case HEAD -> head();
            case CHUNK_SIZE -> chunkSize();
            case CHUNK_END -> next(State.CHUNK_SIZE);
            case TRAILERS -> trailers();
            case LENGTH, CHUNK, UNTIL_CLOSE, DONE -> throw new IllegalStateException("no line is due: " + state);
        };
    }

    private boolean next(State following) {
        state = following;
        return true;
    }

    private boolean head() {
        byte[] text = gathered.toByteArray();
        chunked = false;
        left = -1;
        Following following = pseudoFields(text, block.restart());
        fields(text, lineEnd(text, 0) + 2);
        State next = switch (following) {
            case HEAD -> State.HEAD;
            case NOTHING -> State.DONE;
            case TUNNEL -> State.UNTIL_CLOSE;
            case CONTENT, BOUNDED_CONTENT -> chunked ? State.CHUNK_SIZE : left > 0 ? State.LENGTH
                    : left == 0 || following == Following.BOUNDED_CONTENT ? State.DONE : State.UNTIL_CLOSE;
        };
        return sink.fields(block, next == State.DONE) && next(next);
    }

    private boolean chunkSize() {
        left = 0;
        for (byte octet : gathered.toByteArray()) {
            int digit = Character.digit(octet, 16);
            if (digit < 0) {
                break;
            }
            left = left << 4 | digit;
        }
        return next(left == 0 ? State.TRAILERS : State.CHUNK);
    }

    private boolean trailers() {
        byte[] text = gathered.toByteArray();
        boolean done;
        if (text.length == 2) {
            done = sink.end();
        } else {
            block.restart();
            fields(text, 0);
            done = sink.fields(block, true);
        }
        return done && next(State.DONE);
    }

    /** The lines from here to the empty one. */
    private void fields(byte[] text, int from) {
        int start = from;
        while (start < text.length && text[start] != '\r') {
            int end = lineEnd(text, start);
            int colon = start;
            while (text[colon] != ':') {
                colon++;
            }
            int value = colon + 1;
            while (value < end && (text[value] == ' ' || text[value] == '\t')) {
                value++;
            }
            int valueEnd = end;
            while (valueEnd > value && (text[valueEnd - 1] == ' ' || text[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            field(text, start, colon, value, valueEnd);
            start = end + 2;
        }
    }

    private void field(byte[] text, int start, int colon, int value, int end) {
        String name = new String(text, start, colon - start, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        String content = new String(text, value, end - value, StandardCharsets.ISO_8859_1);
        if (name.equals("transfer-encoding")) {
            chunked = true;
        } else if (name.equals("content-length")) {
            left = Long.parseLong(content.strip());
        }
        if (!OF_A_CONNECTION.contains(name) && isTold(name)) {
            block.field(text, start, colon, value, end);
        }
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
