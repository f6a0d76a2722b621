package io.halite.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Comparing the bytes of HTTP in place. */
final class Ascii {
    private static final byte[] NONE = new byte[0];

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.isEmpty() ? NONE : text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[][] bytes(Iterable<String> texts) {
        List<byte[]> all = new ArrayList<>();
        texts.forEach(text -> all.add(bytes(text)));
        return all.toArray(byte[][]::new);
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    static boolean equal(byte[] text, int start, int end, byte[] expected) {
        return Arrays.equals(text, start, end, expected, 0, expected.length);
    }

    static boolean equalIgnoringCase(byte[] text, int start, int end, byte[] lowerCase) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(text[start + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Equal but for the case of letters and the difference of hyphen and underscore. */
    static boolean equalAsField(byte[] text, int start, int end, byte[] lowerCase) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (hyphen(lower(text[start + i])) != hyphen(lowerCase[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte hyphen(byte b) {
        return b == '_' ? (byte) '-' : b;
    }

    static boolean startsWith(byte[] text, int start, int end, byte[] prefix) {
        return end - start >= prefix.length && equal(text, start, start + prefix.length, prefix);
    }

    /** The first position that is neither a space nor a tab, or {@code end}. */
    static int skipBlanks(byte[] text, int start, int end) {
        int at = start;
        while (at < end && (text[at] == ' ' || text[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** The first position of the byte, or {@code end}. */
    static int indexOf(byte[] text, int start, int end, byte wanted) {
        int at = start;
        while (at < end && text[at] != wanted) {
            at++;
        }
        return at;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
