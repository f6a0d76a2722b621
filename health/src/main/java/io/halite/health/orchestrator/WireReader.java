package io.halite.health.orchestrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the components of messages. Never allocates more than the bytes at hand can justify: a list claims its
 * elements' least size before it is made. One use, one thread.
 */
final class WireReader {
    private static final int MAX_LIST = 1 << 20;

    private final ByteBuffer in;

    /** The bytes are no message. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String what) {
            super(what, null, false, false);
        }
    }

    /** Reads one element of a list. */
    @FunctionalInterface
    interface Element<T> {
        T read() throws MalformedException;
    }

    WireReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    /** A number of 63 bits. */
    long number() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            need(1);
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number is too long");
    }

    /** A number of 31 bits. */
    int smallNumber() throws MalformedException {
        long value = number();
        if (value > Integer.MAX_VALUE) {
            throw new MalformedException("a number is too large");
        }
        return (int) value;
    }

    /** A number of 48 bits, such as milliseconds of the epoch. */
    long smallLong() throws MalformedException {
        long value = number();
        if (value >> 48 != 0) {
            throw new MalformedException("a number is too large");
        }
        return value;
    }

    long id() throws MalformedException {
        need(Long.BYTES);
        return in.getLong();
    }

    List<Long> ids() throws MalformedException {
        return list(Long.BYTES, this::id);
    }

    String text() throws MalformedException {
        int length = smallNumber();
        if (length > WireWriter.MAX_TEXT) {
            throw new MalformedException("a text is too long");
        }
        need(length);
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A list whose elements take at least this many bytes each. */
    <T> List<T> list(int leastBytes, Element<T> element) throws MalformedException {
        int count = smallNumber();
        if (count > MAX_LIST) {
            throw new MalformedException("a list is too long");
        }
        need((long) count * leastBytes);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.read());
        }
        return list;
    }

    private void need(long count) throws MalformedException {
        if (in.remaining() < count) {
            throw new MalformedException("the end comes early");
        }
    }
}
