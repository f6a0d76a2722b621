package io.halite.proxy.relay;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A byte array with the views that the transports need, made once so that no read or write allocates. */
public final class IoBuffer {
    private final byte[] bytes;
    private final MemorySegment segment;
    private final ByteBuffer view;

    /** A buffer of this many bytes. */
    public IoBuffer(int size) {
        bytes = new byte[size];
        segment = MemorySegment.ofArray(bytes);
        view = ByteBuffer.wrap(bytes);
    }

    /** The bytes themselves. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return bytes.length;
    }

    /** The memory from an offset on, for a system call. */
    public MemorySegment segment(int offset) {
        return offset == 0 ? segment : segment.asSlice(offset);
    }

    /** The range as a buffer; valid until the next call. */
    public ByteBuffer view(int offset, int length) {
        return view.limit(offset + length).position(offset);
    }
}
