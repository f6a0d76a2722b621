package io.halite.proxy.route;

import java.util.Map;
import java.util.SortedMap;

/** Conditions on named values of a request: headers, query parameters and cookies. */
final class FieldMatchers {
    private FieldMatchers() {}

    /** A name and the exact value it must have. */
    static final class Field {
        final byte[] name;
        final byte[] value;

        private Field(Map.Entry<String, String> entry) {
            name = Ascii.bytes(entry.getKey());
            value = Ascii.bytes(entry.getValue());
        }
    }

    static Field[] fields(SortedMap<String, String> conditions) {
        return conditions.entrySet().stream().map(Field::new).toArray(Field[]::new);
    }

    /** Whether some line of the header has the value. */
    static boolean hasHeader(RequestHead head, Field wanted) {
        byte[] text = head.bytes();
        for (int i = 0; i < head.headerCount(); i++) {
            if (Ascii.equal(text, head.valueStart(i), head.valueEnd(i), wanted.value)
                    && Ascii.equalIgnoringCase(text, head.nameStart(i), head.nameEnd(i), wanted.name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the query has the parameter with the value, after percent-decoding. */
    static boolean hasParameter(RequestHead head, Field wanted) {
        byte[] text = head.bytes();
        int at = head.pathEnd() + 1;
        while (at <= head.queryEnd()) {
            int end = Ascii.indexOf(text, at, head.queryEnd(), (byte) '&');
            int equals = Ascii.indexOf(text, at, end, (byte) '=');
            if (decodesTo(text, at, equals, wanted.name)
                    && decodesTo(text, Math.min(equals + 1, end), end, wanted.value)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    private static boolean decodesTo(byte[] text, int start, int end, byte[] expected) {
        int at = start;
        for (byte wanted : expected) {
            if (at >= end) {
                return false;
            }
            if (decoded(text, at, end) != wanted) {
                return false;
            }
            at = next(text, at, end);
        }
        return at == end;
    }

    /** The byte of a query that is written here. */
    static byte decoded(byte[] text, int at, int end) {
        if (text[at] == '+') {
            return ' ';
        }
        return isEscape(text, at, end) ? (byte) (Ascii.hex(text[at + 1]) << 4 | Ascii.hex(text[at + 2])) : text[at];
    }

    /** Where the next byte of a query is written. */
    static int next(byte[] text, int at, int end) {
        return at + (isEscape(text, at, end) ? 3 : 1);
    }

    private static boolean isEscape(byte[] text, int at, int end) {
        return text[at] == '%' && end - at >= 3 && Ascii.hex(text[at + 1]) >= 0 && Ascii.hex(text[at + 2]) >= 0;
    }

    /** Whether the first cookie of the name has the value. */
    static boolean hasCookie(RequestHead head, Field wanted) {
        long range = head.cookie(wanted.name);
        return range >= 0 && Ascii.equal(head.bytes(), RequestHead.start(range), RequestHead.end(range), wanted.value);
    }
}
