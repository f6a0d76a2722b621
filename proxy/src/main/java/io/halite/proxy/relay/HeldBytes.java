package io.halite.proxy.relay;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that were read and cannot be used yet: the beginning of a head, a pipelined request. Owns a buffer only while
 * there are any. Confined to the thread of its loop.
 */
public final class HeldBytes {
    private static final byte[] NONE = new byte[0];

    private final BufferPool buffers;
    private @Nullable IoBuffer buffer;
    private int start;
    private int end;

    public HeldBytes(BufferPool buffers) {
        this.buffers = buffers;
    }

    public boolean isEmpty() {
        return buffer == null;
    }

    public int size() {
        return end - start;
    }

    /** The bytes themselves, from {@link #start} to {@link #end}. */
    public byte[] bytes() {
        return buffer == null ? NONE : buffer.bytes();
    }

    /** The buffer of the bytes; null when there are none. */
    @Nullable IoBuffer buffer() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** Reads more from a connection behind what is held, at most so many bytes; the result is that of the read. */
    public int readFrom(Connection connection, int length) {
        IoBuffer into = withRoom(length);
        int got = connection.read(into, end, Math.min(length, into.size() - end));
        if (got > 0) {
            end += got;
        } else if (end == start) {
            clear();
        }
        return got;
    }

    /** Adds bytes from another buffer. */
    public void add(byte[] source, int from, int to) {
        if (to > from) {
            IoBuffer into = withRoom(to - from);
            System.arraycopy(source, from, into.bytes(), end, to - from);
            end += to - from;
        }
    }

    /** The bytes before this position are used up. */
    public void usedUpTo(int position) {
        start = position;
        if (start == end) {
            clear();
        }
    }

    /** Forgets what is behind so many bytes. */
    public void keepFirst(int size) {
        end = start + size;
        if (size == 0) {
            clear();
        }
    }

    /** Forgets everything and gives the buffer back. */
    public void clear() {
        if (buffer != null) {
            buffers.give(buffer);
            buffer = null;
        }
        start = 0;
        end = 0;
    }

    private IoBuffer withRoom(int length) {
        IoBuffer present = buffer;
        if (present != null && present.size() - end >= length) {
            return present;
        }
        int size = end - start;
        if (present != null && present.size() - size >= length) {
            System.arraycopy(present.bytes(), start, present.bytes(), 0, size);
        } else {
            IoBuffer larger = buffers.take(size + length);
            if (present != null) {
                System.arraycopy(present.bytes(), start, larger.bytes(), 0, size);
                buffers.give(present);
            }
            buffer = larger;
            present = larger;
        }
        start = 0;
        end = size;
        return present;
    }
}
