package io.halite.dns.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Responses of one connection, each behind its length, until they are written together. */
final class ResponseBuffer {
    private static final int USUAL = 2048;
    /** What is larger is not kept for a connection's life. */
    private static final int KEPT = 32 * 1024;

    private byte[] bytes = new byte[USUAL];
    private int size;

    int size() {
        return size;
    }

    void add(MemorySegment message, int length) {
        reserve(length);
        MemorySegment.copy(message, ValueLayout.JAVA_BYTE, 0, bytes, size, length);
        size += length;
    }

    void add(byte[] message) {
        reserve(message.length);
        System.arraycopy(message, 0, bytes, size, message.length);
        size += message.length;
    }

    private void reserve(int length) {
        if (size + 2 + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + 2 + length));
        }
        bytes[size++] = (byte) (length >>> 8);
        bytes[size++] = (byte) length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[USUAL];
        }
    }
}
