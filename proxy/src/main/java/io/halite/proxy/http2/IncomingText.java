package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.Loop;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes over a stream, as the rest of the proxy reads it: the text of heads, content in chunks or as it is, the end.
 * Holds what was not read yet, which the stream's window bounds. Confined to one stream.
 */
final class IncomingText {
    /** How content is told from what follows it. */
    enum Framing {
        /** In chunks: its length is not known. */
        CHUNKED,
        /** By the length that the head says. */
        LENGTH,
        /** Not at all: the other end has turned to another protocol. */
        NONE
    }

    /** Framing of a chunk: eight digits and two line ends. */
    private static final int CHUNK_FRAMING = 12;
    /** Of heads that were not read yet: no window bounds them. One that is not refused elsewhere fits. */
    private static final int MAX_HEADS = Loop.OUTPUT;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final byte[] NO_BYTES = new byte[0];

    private final HeldBytes heads;
    private final HeldBytes body;
    private final IntConsumer taken;
    private Framing framing = Framing.NONE;
    private long contentLeft;
    private boolean ended;
    private byte[] tail = NO_BYTES;
    private int tailAt;

    /** Nothing came yet; {@code taken} hears of content that was read. */
    IncomingText(BufferPool buffers, IntConsumer taken) {
        heads = new HeldBytes(buffers);
        body = new HeldBytes(buffers);
        this.taken = taken;
    }

    /** A head of which nothing depends: a final one follows. */
    void interim(Octets text) throws Http2Problem {
        Http2Problem.check(heads.size() + text.size() <= MAX_HEADS, "more heads than anybody reads");
        heads.add(text.bytes(), 0, text.size());
    }

    /**
     * The final head.
     *
     * @param length of the content, when the framing is by it
     */
    void head(Octets text, Framing how, long length) throws Http2Problem {
        interim(text);
        framing = how;
        contentLeft = length;
    }

    /** Content came. */
    void hold(byte[] bytes, int from, int to) {
        body.add(bytes, from, to);
    }

    /** So much content came. */
    void count(int length) throws Http2Problem {
        if (framing == Framing.LENGTH) {
            contentLeft -= length;
            Http2Problem.check(contentLeft >= 0, "a body longer than was said");
        }
    }

    /** The message ends, with these trailer lines if there are any. */
    void end(@Nullable Octets trailers) throws Http2Problem {
        Http2Problem.check(framing != Framing.LENGTH || contentLeft == 0, "a body shorter than was said");
        ended = true;
        if (framing == Framing.CHUNKED) {
            tail = trailers == null ? LAST_CHUNK : lastChunk(trailers);
        }
    }

    private static byte[] lastChunk(Octets trailers) {
        byte[] all = Arrays.copyOf(LAST_CHUNK, LAST_CHUNK.length + trailers.size());
        System.arraycopy(trailers.bytes(), 0, all, LAST_CHUNK.length - LINE_END.length, trailers.size());
        System.arraycopy(LINE_END, 0, all, all.length - LINE_END.length, LINE_END.length);
        return all;
    }

    /** Whether the peer has sent all of it. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether a read would bring something, be it the end. */
    boolean hasInput() {
        return !heads.isEmpty() || !body.isEmpty() || ended;
    }

    /** As {@link Connection#read}. */
    int read(byte[] into, int offset, int length) {
        int done = readFrom(heads, into, offset, length);
        if (heads.isEmpty()) {
            done += framing == Framing.CHUNKED ? readChunk(into, offset + done, length - done)
                    : readBody(into, offset + done, length - done);
        }
        if (heads.isEmpty() && body.isEmpty() && ended) {
            int rest = Math.min(length - done, tail.length - tailAt);
            System.arraycopy(tail, tailAt, into, offset + done, rest);
            tailAt += rest;
            done += rest;
        }
        boolean over = ended && heads.isEmpty() && body.isEmpty() && tailAt == tail.length;
        return done > 0 ? done : over ? Connection.END : Connection.AGAIN;
    }

    private static int readFrom(HeldBytes held, byte[] into, int offset, int length) {
        int size = Math.min(length, held.size());
        if (size > 0) {
            System.arraycopy(held.bytes(), held.start(), into, offset, size);
            held.usedUpTo(held.start() + size);
        }
        return size;
    }

    private int readBody(byte[] into, int offset, int length) {
        int size = readFrom(body, into, offset, length);
        if (size > 0) {
            taken.accept(size);
        }
        return size;
    }

    private int readChunk(byte[] into, int offset, int length) {
        int size = Math.min(length - CHUNK_FRAMING, body.size());
        if (size <= 0) {
            return 0;
        }
        int at = offset;
        for (int shift = (31 - Integer.numberOfLeadingZeros(size)) & ~3; shift >= 0; shift -= 4) {
            into[at++] = (byte) Character.forDigit(size >> shift & 0xF, 16);
        }
        at = endLine(into, at);
        at = endLine(into, at + readBody(into, at, size));
        return at - offset;
    }

    private static int endLine(byte[] into, int at) {
        into[at] = '\r';
        into[at + 1] = '\n';
        return at + 2;
    }

    /** Nobody reads any more: the number of bytes that were held. */
    int clear() {
        int rest = body.size();
        heads.clear();
        body.clear();
        return rest;
    }
}
