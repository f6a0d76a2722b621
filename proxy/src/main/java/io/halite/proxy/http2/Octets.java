package io.halite.proxy.http2;

import java.util.Arrays;

/** Text that is put together octet by octet, in room that is used again and grows as need be. Confined to one thread. */
final class Octets {
    private static final int FIRST = 512;
    private static final byte[] LINE_END = {'\r', '\n'};

    private byte[] bytes = new byte[FIRST];
    private int size;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Begins anew; room for something unusually large is not kept. */
    Octets restart(int kept) {
        size = 0;
        if (bytes.length > kept) {
            bytes = new byte[FIRST];
        }
        return this;
    }

    Octets put(int octet) {
        room(1)[size++] = (byte) octet;
        return this;
    }

    Octets put(byte[] from) {
        return put(from, 0, from.length);
    }

    Octets put(byte[] from, int start, int end) {
        System.arraycopy(from, start, room(end - start), size, end - start);
        size += end - start;
        return this;
    }

    /** Text of Latin-1. */
    @SuppressWarnings("deprecation") // It copies the low bytes, and that is what is wanted.
    Octets put(String text) {
        int length = text.length();
        text.getBytes(0, length, room(length), size);
        size += length;
        return this;
    }

    /** A number that is not negative, in digits of this base. */
    Octets number(long value, int base) {
        long power = 1;
        while (value / power >= base) {
            power *= base;
        }
        for (; power > 0; power /= base) {
            put(Character.forDigit((int) (value / power % base), base));
        }
        return this;
    }

    Octets endLine() {
        return put(LINE_END);
    }

    private byte[] room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
        return bytes;
    }
}
