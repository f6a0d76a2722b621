package io.halite.proxy.http2;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.Sent;
import org.jspecify.annotations.Nullable;

/**
 * The frames that we send, gathered in one buffer until the end of the loop's turn. Part of the buffer is kept for short
 * frames of our own, so that content never crowds them out. Confined to one connection.
 */
final class Http2Output {
    /** For answers to what the peer asks, and ends of streams. */
    private static final int RESERVE = 8 * 1024;
    /**
     * A dynamic table of no octets, RFC 7541 §6.3: our blocks use none. Said once, before the first field; a peer that keeps
     * a smaller table than the initial one waits for it (§4.2).
     */
    private static final int NO_TABLE = 0x20;

    private final Connection wire;
    private @Nullable IoBuffer buffer;
    private int end;
    private boolean scheduled;
    private boolean broken;
    private boolean hasToldTable;
    private long window = Frames.INITIAL_WINDOW;
    private long dataFrames;
    private final Runnable flushed;

    /** Frames for a connection; {@code flushed} hears that there is room again. */
    Http2Output(Connection wire, Runnable flushed) {
        this.wire = wire;
        this.flushed = flushed;
    }

    /** What the peer takes of content over all streams. */
    long window() {
        return window;
    }

    /** Frames with content so far. */
    long dataFrames() {
        return dataFrames;
    }

    /** The peer takes more, or less; false when it is more than can be. */
    boolean widen(long by) {
        window += by;
        return window <= Integer.MAX_VALUE;
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether a header or content would find room. */
    boolean hasRoom(int bytes) {
        return Loop.OUTPUT - RESERVE - end >= bytes + Frames.HEAD;
    }

    /**
     * Whether a header or content finds room, if need be after what is gathered went to the socket: while that takes it,
     * nothing need wait for the next turn.
     */
    boolean makeRoom(int bytes) {
        return hasRoom(bytes) || (push() && hasRoom(bytes));
    }

    private boolean push() {
        IoBuffer present = buffer;
        if (present == null || broken || wire.hasPending() || !wire.isOpen()) {
            return false;
        }
        broken = wire.send(present, 0, end) == Sent.BROKEN;
        end = 0;
        return !broken;
    }

    /** Whether the short frames of our own find room. */
    boolean hasReserve() {
        return Loop.OUTPUT - end >= RESERVE / 2;
    }

    /** Whether everything is with the socket. */
    boolean isEmpty() {
        return end == 0;
    }

    /** Sends content of a stream; how much there was room for in the buffer and the connection's window. */
    int data(int stream, byte[] bytes, int from, int length, boolean last) {
        int done = 0;
        while (done < length && window > 0 && makeRoom(1)) {
            int room = Loop.OUTPUT - RESERVE - end - Frames.HEAD;
            int piece = (int) Math.min(Math.min(length - done, Frames.MAX_PAYLOAD), Math.min(window, room));
            boolean ends = last && done + piece == length;
            head(piece, Frames.DATA, ends ? Frames.FLAG_END_STREAM : 0, stream);
            put(bytes, from + done, piece);
            window -= piece;
            dataFrames++;
            done += piece;
        }
        return done;
    }

    /** Ends a stream by a frame without content. */
    void endStream(int stream) {
        head(0, Frames.DATA, Frames.FLAG_END_STREAM, stream);
    }

    /** Sends a header block, in as many frames as it takes; the caller has seen to the room. */
    void headers(int stream, HpackWriter block, boolean last) {
        int at = 0;
        do {
            int update = hasToldTable ? 0 : 1;
            int piece = Math.min(block.size() - at, Frames.MAX_PAYLOAD - update);
            int flags = (at + piece == block.size() ? Frames.FLAG_END_HEADERS : 0)
                    | (at == 0 && last ? Frames.FLAG_END_STREAM : 0);
            head(update + piece, at == 0 ? Frames.HEADERS : Frames.CONTINUATION, flags, stream);
            if (!hasToldTable) {
                hasToldTable = true;
                number(NO_TABLE, 1);
            }
            put(block.bytes(), at, piece);
            at += piece;
        } while (at < block.size());
    }

    /** Sends a frame of numbers, four octets each. */
    void numbers(int type, int flags, int stream, int... numbers) {
        head(4 * numbers.length, type, flags, stream);
        for (int number : numbers) {
            number(number, 4);
        }
    }

    void resetStream(int stream, int code) {
        numbers(Frames.RST_STREAM, 0, stream, code);
    }

    /** Sends settings: pairs of a number and a value. */
    void settings(int... pairs) {
        head(3 * pairs.length, Frames.SETTINGS, 0, 0);
        for (int at = 0; at < pairs.length; at += 2) {
            number(pairs[at], 2);
            number(pairs[at + 1], 4);
        }
    }

    private void head(int length, int type, int flags, int stream) {
        number(length, 3);
        number(type, 1);
        number(flags, 1);
        number(stream, 4);
    }

    private void number(int value, int size) {
        byte[] bytes = room(size);
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            bytes[end++] = (byte) (value >> shift);
        }
    }

    private void put(byte[] from, int start, int length) {
        System.arraycopy(from, start, room(length), end, length);
        end += length;
    }

    /** The buffer; one that overflows is a peer that lets us answer and never reads: it is lost. */
    private byte[] room(int size) {
        IoBuffer present = buffer;
        if (present == null) {
            present = wire.loop().buffers().take(Loop.OUTPUT);
            buffer = present;
        }
        if (end + size > present.size()) {
            broken = true;
            end = 0;
        }
        if (!scheduled) {
            scheduled = true;
            wire.loop().execute(this::flush);
        }
        return present.bytes();
    }

    /** Hands what is gathered to the socket, unless that still has something. */
    void flush() {
        scheduled = false;
        IoBuffer present = buffer;
        if (present == null || wire.hasPending() || !wire.isOpen()) {
            return;
        }
        if (end > 0 && !broken) {
            broken |= wire.send(present, 0, end) == Sent.BROKEN;
        }
        end = 0;
        release();
        flushed.run();
    }

    /** Gives the buffer back. */
    void release() {
        IoBuffer present = buffer;
        buffer = null;
        end = 0;
        if (present != null) {
            wire.loop().buffers().give(present);
        }
    }
}
