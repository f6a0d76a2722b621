package io.halite.proxy.http;

import io.halite.proxy.relay.IoBuffer;

/** Writes the head of a message into a buffer. Reused; confined to one loop. */
final class HeadWriter {
    private final IoBuffer buffer;
    private final byte[] bytes;
    private int at;

    HeadWriter(IoBuffer buffer) {
        this.buffer = buffer;
        bytes = buffer.bytes();
    }

    HeadWriter restart() {
        at = 0;
        return this;
    }

    HeadWriter put(byte[] source) {
        return put(source, 0, source.length);
    }

    HeadWriter put(byte[] source, int start, int end) {
        if (end > start) {
            System.arraycopy(source, start, bytes, at, end - start);
            at += end - start;
        }
        return this;
    }

    HeadWriter put(char octet) {
        bytes[at++] = (byte) octet;
        return this;
    }

    HeadWriter decimal(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int place = at + digits - 1; place >= at; place--) {
            bytes[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += digits;
        return this;
    }

    /** Continues after bytes that another wrote into the buffer. */
    void moveTo(int position) {
        at = position;
    }

    int length() {
        return at;
    }

    int room() {
        return bytes.length - at;
    }

    /** Whether these are the bytes of the buffer itself. */
    @SuppressWarnings("ReferenceEquality")
    boolean isIn(byte[] others) {
        return others == bytes;
    }

    IoBuffer buffer() {
        return buffer;
    }
}
