package io.halite.proxy.http;

import java.nio.charset.StandardCharsets;

/** Classes of octets (RFC 9110, 9112, 3986) and comparisons over ranges of bytes. */
final class Ascii {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;
    private static final byte[] CLASSES = classes();
    /** Every number of so many digits is a long. */
    private static final int MAX_DIGITS = 18;

    private Ascii() {}

    /** tchar of RFC 9110 §5.6.2. */
    static boolean isToken(byte octet) {
        return (CLASSES[octet & 0xff] & TOKEN) != 0;
    }

    /** What may stand in a field value, RFC 9110 §5.5: visible, obs-text, space and tab. */
    static boolean isValue(byte octet) {
        return (CLASSES[octet & 0xff] & VALUE) != 0;
    }

    /** Visible ASCII without the fragment's {@code #}, which has no place in a request target (RFC 9112 §3.2). */
    static boolean isTarget(byte octet) {
        return (CLASSES[octet & 0xff] & TARGET) != 0;
    }

    /** What may stand in uri-host with its port, RFC 3986 §3.2.2. */
    static boolean isHost(byte octet) {
        return (CLASSES[octet & 0xff] & HOST) != 0;
    }

    /** The number that these are the digits of, all of them; negative when there is another byte, none or too many. */
    static long number(byte[] bytes, int start, int end) {
        if (start == end || end - start > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int at = start; at < end; at++) {
            if (!isDigit(bytes[at])) {
                return -1;
            }
            number = 10 * number + bytes[at] - '0';
        }
        return number;
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** The value of a hexadecimal digit; -1 for another octet. */
    static int hexDigit(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The bytes of a constant. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether the range is this word, given in lower case, in any case of letters. */
    static boolean isWord(byte[] bytes, int start, int end, byte[] lower) {
        if (end - start != lower.length) {
            return false;
        }
        for (int at = 0; at < lower.length; at++) {
            if (lowerCase(bytes[start + at]) != lower[at]) {
                return false;
            }
        }
        return true;
    }

    /** Whether two ranges are the same word in any case of letters. */
    static boolean sameWord(byte[] bytes, int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int at = 0; at < end - start; at++) {
            if (lowerCase(bytes[start + at]) != lowerCase(bytes[otherStart + at])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range begins with these bytes, given in lower case, in any case of letters. */
    static boolean startsWith(byte[] bytes, int start, int end, byte[] lower) {
        return end - start >= lower.length && isWord(bytes, start, start + lower.length, lower);
    }

    /** As {@link #startsWith}, with underscores taken for hyphens. */
    static boolean startsAlike(byte[] bytes, int start, int end, byte[] lower) {
        if (end - start < lower.length) {
            return false;
        }
        for (int at = 0; at < lower.length; at++) {
            byte octet = bytes[start + at];
            if ((octet == '_' ? '-' : lowerCase(octet)) != lower[at]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range is exactly these bytes. */
    static boolean isExactly(byte[] bytes, int start, int end, byte[] expected) {
        if (end - start != expected.length) {
            return false;
        }
        for (int at = 0; at < expected.length; at++) {
            if (bytes[start + at] != expected[at]) {
                return false;
            }
        }
        return true;
    }

    private static int lowerCase(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int octet = 0; octet < 256; octet++) {
            boolean visible = octet > 0x20 && octet < 0x7f;
            boolean alphanumeric = visible && Character.isLetterOrDigit(octet);
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0) {
                classes[octet] |= TOKEN;
            }
            if (visible || octet >= 0x80 || octet == ' ' || octet == '\t') {
                classes[octet] |= VALUE;
            }
            if (visible && octet != '#') {
                classes[octet] |= TARGET;
            }
            if (alphanumeric || "-._~!$&'()*+,;=%:[]".indexOf(octet) >= 0) {
                classes[octet] |= HOST;
            }
        }
        return classes;
    }

    /** End of the element of a comma-separated list that begins here, without white space after it. */
    static int tokenEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ',') {
            at++;
        }
        while (at > start && isSpace(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    /** Beginning of the element of a comma-separated list after one that ends here. */
    static int nextToken(byte[] bytes, int tokenEnd, int end) {
        int at = tokenEnd;
        while (at < end && (bytes[at] == ',' || isSpace(bytes[at]))) {
            at++;
        }
        return at;
    }
}
