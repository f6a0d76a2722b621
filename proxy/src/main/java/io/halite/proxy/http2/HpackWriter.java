package io.halite.proxy.http2;

import java.util.Arrays;

/**
 * Writes header blocks with the static table alone, RFC 7541: a block says the same to any decoder, whatever came before.
 * Reused; confined to one connection.
 */
final class HpackWriter {
    private static final int AUTHORITY = 1;
    private static final int METHOD_GET = 2;
    private static final int METHOD_POST = 3;
    private static final int PATH_ROOT = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;
    private static final int STATUS_200 = 8;
    private static final byte[] GET = FieldNames.bytes("GET");
    private static final byte[] POST = FieldNames.bytes("POST");
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

    HpackWriter method(byte[] from, int start, int end) {
        if (is(GET, from, start, end)) {
            put(0x80 | METHOD_GET);
        } else if (is(POST, from, start, end)) {
            put(0x80 | METHOD_POST);
        } else {
            named(METHOD_GET, from, start, end);
        }
        return this;
    }

    private static boolean is(byte[] word, byte[] from, int start, int end) {
        return Arrays.equals(word, 0, word.length, from, start, end);
    }

    HpackWriter scheme(boolean secure) {
        put(0x80 | (secure ? SCHEME_HTTPS : SCHEME_HTTP));
        return this;
    }

    HpackWriter path(byte[] from, int start, int end) {
        if (end - start == 1 && from[start] == '/') {
            put(0x80 | PATH_ROOT);
        } else {
            named(PATH_ROOT, from, start, end);
        }
        return this;
    }

    HpackWriter authority(byte[] from, int start, int end) {
        named(AUTHORITY, from, start, end);
        return this;
    }

    /** A field whose name is in the static table. */
    private void named(int known, byte[] from, int start, int end) {
        number(4, known);
        value(from, start, end);
    }

    /** A field; its name is put in lower case. */
    HpackWriter field(byte[] from, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int known = StaticTable.byName(from, nameStart, nameEnd);
        number(4, known);
        if (known == 0) {
            number(7, nameEnd - nameStart);
            for (int at = nameStart; at < nameEnd; at++) {
                put(FieldNames.lower(from[at]));
            }
        }
        value(from, valueStart, valueEnd);
        return this;
    }

    private void value(byte[] from, int start, int end) {
        number(7, end - start);
        int length = end - start;
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
        }
        System.arraycopy(from, start, bytes, size, length);
        size += length;
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
