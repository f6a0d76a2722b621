package io.halite.proxy.http2;

import java.nio.charset.StandardCharsets;
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

    HpackWriter method(String method) {
        switch (method) {
            case "GET" -> put(0x80 | METHOD_GET);
            case "POST" -> put(0x80 | METHOD_POST);
            default -> {
                byte[] text = method.getBytes(StandardCharsets.ISO_8859_1);
                named(METHOD_GET, text, 0, text.length);
            }
        }
        return this;
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
        value(from, valueStart, valueEnd);
        return this;
    }

    private void value(byte[] from, int start, int end) {
        number(7, end - start);
        for (int at = start; at < end; at++) {
            put(from[at]);
        }
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
