package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;
import java.util.Arrays;

/** A header block on its way, in one frame or several. Bounded in bytes and in frames. Confined to one connection. */
final class HeaderBlock {
    private static final int MAX_BYTES = 128 * 1024;
    private static final int MAX_FRAMES = 32;
    private static final int PRIORITY_SIZE = 5;
    private static final int KEPT_BYTES = 8 * 1024;
    private static final int FIRST_BYTES = 1024;

    private final BufferPool buffers;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;
    private int stream;
    private int frames;
    private boolean endsStream;
    private boolean whole;

    /** A block whose bytes are counted there. */
    HeaderBlock(BufferPool buffers) {
        this.buffers = buffers;
    }

    boolean isOpen() {
        return stream != 0;
    }

    boolean isWhole() {
        return whole;
    }

    int stream() {
        return stream;
    }

    boolean endsStream() {
        return endsStream;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Takes the payload of a HEADERS frame. */
    void begin(byte[] from, int start, int length, int flags, int id) throws Http2Problem {
        boolean padded = (flags & Frames.FLAG_PADDED) != 0;
        int before = (padded ? 1 : 0) + ((flags & Frames.FLAG_PRIORITY) != 0 ? PRIORITY_SIZE : 0);
        int behind = padded && length > 0 ? from[start] & 0xFF : 0;
        if (before + behind > length) {
            throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "more padding than frame");
        }
        stream = id;
        size = 0;
        frames = 0;
        whole = false;
        endsStream = (flags & Frames.FLAG_END_STREAM) != 0;
        more(from, start + before, length - before - behind, flags);
    }

    /** Takes the payload of a CONTINUATION frame. */
    void more(byte[] from, int start, int length, int flags) throws Http2Problem {
        // CVE-2024-27316: a block that never ends.
        if (++frames > MAX_FRAMES || size + length > MAX_BYTES) {
            throw new Http2Problem(Http2Problem.ENHANCE_YOUR_CALM, "a header block without end");
        }
        if (size + length > bytes.length) {
            if (buffers.isExhausted()) {
                throw new Http2Problem(Http2Problem.ENHANCE_YOUR_CALM, "no room for a header block");
            }
            grow(Math.max(size + length, 2 * bytes.length));
        }
        System.arraycopy(from, start, bytes, size, length);
        size += length;
        whole = (flags & Frames.FLAG_END_HEADERS) != 0;
    }

    private void grow(int length) {
        buffers.count(length - bytes.length);
        bytes = Arrays.copyOf(bytes, length);
    }

    /** The block is read; the room for a large one is not kept for the life of the connection. */
    void close() {
        if (bytes.length > KEPT_BYTES) {
            clear();
        }
        stream = 0;
        whole = false;
    }

    /** Nothing of it is needed any more. */
    void clear() {
        buffers.uncount(bytes.length - FIRST_BYTES);
        bytes = new byte[FIRST_BYTES];
    }
}
