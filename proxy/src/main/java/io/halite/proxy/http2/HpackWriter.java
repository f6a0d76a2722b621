package io.halite.proxy.http2;

import java.util.Arrays;

/**
 * Writes header blocks with the static table alone, RFC 7541: a block says the same to any decoder, whatever came before.
 * Reused; confined to one connection.
 */
final class HpackWriter {
    private static final int STATUS_200 = 8;
    private static final int[] KNOWN_STATUSES = {200, 204, 206, 304, 400, 404, 500};

    private byte[] bytes = new byte[512];
    private int size;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    HpackWriter restart() {
        size = 0;
        return this;
    }

    HpackWriter status(int status) {
        int known = Arrays.binarySearch(KNOWN_STATUSES, status);
        if (known >= 0) {
            put(0x80 | (STATUS_200 + known));
        } else {
            put(STATUS_200);
            put(3);
            put('0' + status / 100);
            put('0' + status / 10 % 10);
            put('0' + status % 10);
        }
        return this;
    }

    /** A field; its name is put in lower case. */
    HpackWriter field(byte[] from, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        char[] name = new char[nameEnd - nameStart];
        for (int at = 0; at < name.length; at++) {
            int octet = from[nameStart + at] & 0xFF;
            name[at] = (char) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
        }
        int known = StaticTable.byName(new String(name));
        number(4, known);
        if (known == 0) {
            number(7, name.length);
            for (char octet : name) {
                put(octet);
            }
        }
        number(7, valueEnd - valueStart);
        for (int at = valueStart; at < valueEnd; at++) {
            put(from[at]);
        }
        return this;
    }

    /** A number in the low bits of an octet whose high bits are zero. */
    private void number(int bits, int value) {
        int mask = (1 << bits) - 1;
        if (value < mask) {
            put(value);
            return;
        }
        put(mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            put((rest & 0x7F) | 0x80);
            rest >>= 7;
        }
        put(rest);
    }

    private void put(int octet) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) octet;
    }
}
