package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntConsumer;

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
    /** Of heads that were not read yet. */
    private static final int MAX_HEADS = 128 * 1024;
    private static final byte[] NO_BYTES = new byte[0];

    private final HeldBytes body;
    private final IntConsumer taken;
    private byte[] head = NO_BYTES;
    private int headAt;
    private Framing framing = Framing.NONE;
    private long contentLeft;
    private boolean ended;
    private byte[] tail = NO_BYTES;
    private int tailAt;

    /** Nothing came yet; {@code taken} hears of content that was read. */
    IncomingText(BufferPool buffers, IntConsumer taken) {
        body = new HeldBytes(buffers);
        this.taken = taken;
    }

    /** A head of which nothing depends: a final one follows. */
    void interim(byte[] text) throws Http2Problem {
        // No window bounds heads.
        Http2Problem.check(head.length - headAt + text.length <= MAX_HEADS, "more interim heads than anybody reads");
        append(text);
    }

    /**
     * The final head.
     *
     * @param length of the content, when the framing is by it
     */
    void head(byte[] text, Framing how, long length) {
        append(text);
        framing = how;
        contentLeft = length;
    }

    private void append(byte[] text) {
        int rest = head.length - headAt;
        byte[] both = rest == 0 ? text : Arrays.copyOf(Arrays.copyOfRange(head, headAt, head.length), rest + text.length);
        if (rest > 0) {
            System.arraycopy(text, 0, both, rest, text.length);
        }
        head = both;
        headAt = 0;
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

    /** The message ends, with these trailer lines. */
    void end(byte[] trailers) throws Http2Problem {
        Http2Problem.check(framing != Framing.LENGTH || contentLeft == 0, "a body shorter than was said");
        ended = true;
        if (framing == Framing.CHUNKED) {
            tail = ("0\r\n" + new String(trailers, StandardCharsets.ISO_8859_1) + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether the peer has sent all of it. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether a read would bring something, be it the end. */
    boolean hasInput() {
        return headAt < head.length || !body.isEmpty() || ended;
    }

    /** As {@link Connection#read}. */
    int read(byte[] into, int offset, int length) {
        int done = Math.min(length, head.length - headAt);
        System.arraycopy(head, headAt, into, offset, done);
        headAt += done;
        if (headAt == head.length) {
            done += framing == Framing.CHUNKED ? readChunk(into, offset + done, length - done)
                    : readBody(into, offset + done, length - done);
        }
        if (headAt == head.length && body.isEmpty() && ended) {
            int rest = Math.min(length - done, tail.length - tailAt);
            System.arraycopy(tail, tailAt, into, offset + done, rest);
            tailAt += rest;
            done += rest;
        }
        boolean over = ended && headAt == head.length && body.isEmpty() && tailAt == tail.length;
        return done > 0 ? done : over ? Connection.END : Connection.AGAIN;
    }

    private int readBody(byte[] into, int offset, int length) {
        int size = Math.min(length, body.size());
        System.arraycopy(body.bytes(), body.start(), into, offset, size);
        if (size > 0) {
            body.usedUpTo(body.start() + size);
            taken.accept(size);
        }
        return size;
    }

    private int readChunk(byte[] into, int offset, int length) {
        int size = Math.min(length - CHUNK_FRAMING, body.size());
        if (size <= 0) {
            return 0;
        }
        byte[] line = (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(line, 0, into, offset, line.length);
        readBody(into, offset + line.length, size);
        into[offset + line.length + size] = '\r';
        into[offset + line.length + size + 1] = '\n';
        return line.length + size + 2;
    }

    /** Nobody reads any more: the number of bytes that were held. */
    int clear() {
        int rest = body.size();
        body.clear();
        return rest;
    }
}
