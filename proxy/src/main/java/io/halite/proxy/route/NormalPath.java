package io.halite.proxy.route;

/**
 * The normal form of a path (RFC 3986 §6.2.2): percent-encodings of unreserved characters decoded, those that stay in
 * upper case, dot segments resolved. Slashes in a row count as one, as most targets take them. Stateless.
 *
 * <p>What a path means to a target must be what it means here, else an access list is walked around. A path is ambiguous
 * when targets are known to differ: it holds a NUL; or it has dot segments and, besides, slashes in a row, a slash or
 * backslash that is encoded, a backslash, or a parameter behind the dots ({@code /..;/}).
 */
final class NormalPath {
    /** A path that means different things to different targets. */
    static final int AMBIGUOUS = -1;

    /** How many times longer than the path its normal form may be. */
    static final int MOST = 3;

    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");
    private static final int ENCODED = 3;

    private NormalPath() {}

    /** Whether the path is in normal form already, and means one thing only. */
    static boolean isNormal(byte[] text, int start, int end) {
        for (int at = start; at < end; at++) {
            byte here = text[at];
            if (here == '%' || here == '\\' || (here == '/' && at + 1 < end && isOddSegment(text, at + 1, end))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a segment begins here that is empty, or dots. */
    private static boolean isOddSegment(byte[] text, int at, int end) {
        return text[at] == '/' || isDots(text, at, end, dots(text, at, end));
    }

    private static int dots(byte[] text, int at, int end) {
        int dots = 0;
        while (dots <= 2 && at + dots < end && text[at + dots] == '.') {
            dots++;
        }
        return dots;
    }

    private static boolean isDots(byte[] text, int at, int end, int dots) {
        return dots >= 1 && dots <= 2 && (at + dots == end || isSeparator(text, at + dots, end) || text[at + dots] == ';');
    }

    /** A slash, or what some take for one. */
    private static boolean isSeparator(byte[] text, int at, int end) {
        return text[at] == '/' || text[at] == '\\' || isEncodedSlash(text, at, end);
    }

    private static boolean isEncodedSlash(byte[] text, int at, int end) {
        return text[at] == '%' && at + 2 < end
                && ((text[at + 1] == '2' && text[at + 2] == 'F') || (text[at + 1] == '5' && text[at + 2] == 'C'));
    }

    /**
     * Writes the normal form of a path that begins with a slash.
     *
     * @param out has room for {@link #MOST} times the path
     * @param strict whether hidden slashes and what is no percent-encoding are refused anywhere
     * @return its length, or {@link #AMBIGUOUS}
     */
    static int write(byte[] text, int start, int end, byte[] out, boolean strict) {
        int length = decode(text, start, end, out, strict);
        return length == AMBIGUOUS || isAmbiguous(out, length, strict) ? AMBIGUOUS : resolve(out, length);
    }

    private static int decode(byte[] text, int start, int end, byte[] out, boolean strict) {
        int length = 0;
        int at = start;
        while (at < end) {
            int value = text[at] == '%' ? encoded(text, at, end) : -1;
            boolean broken = value < 0 && text[at] == '%';
            if (value == 0 || (broken && strict)) {
                return AMBIGUOUS;
            }
            if (broken) {
                // It means itself; left as it is, it could make an encoding with what is decoded behind it.
                length = put(out, length, '%');
                at++;
            } else if (value < 0) {
                out[length++] = text[at++];
            } else {
                length = put(out, length, value);
                at += ENCODED;
            }
        }
        return length;
    }

    private static int put(byte[] out, int at, int value) {
        if (isUnreserved(value)) {
            out[at] = (byte) value;
            return at + 1;
        }
        out[at] = '%';
        out[at + 1] = HEX[value >> 4];
        out[at + 2] = HEX[value & 0xF];
        return at + ENCODED;
    }

    /** The byte that is encoded here; negative when none is. */
    private static int encoded(byte[] text, int at, int end) {
        if (at + 2 >= end) {
            return -1;
        }
        int high = Character.digit(text[at + 1], 16);
        int low = Character.digit(text[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isUnreserved(int value) {
        return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') || (value >= '0' && value <= '9')
                || value == '-' || value == '.' || value == '_' || value == '~';
    }

    private static boolean isAmbiguous(byte[] path, int length, boolean strict) {
        boolean hidden = false;
        boolean empty = false;
        boolean dotted = false;
        for (int at = 0; at < length; at++) {
            if (!isSeparator(path, at, length)) {
                continue;
            }
            boolean plain = path[at] == '/';
            hidden |= !plain;
            int next = at + (path[at] == '%' ? ENCODED : 1);
            if (next < length) {
                int dots = dots(path, next, length);
                dotted |= isDots(path, next, length, dots);
                hidden |= isDots(path, next, length, dots) && next + dots < length && path[next + dots] == ';';
                empty |= plain && path[next] == '/';
            }
        }
        return (dotted && (hidden || empty)) || (strict && hidden);
    }

    /** Removes dot segments and slashes in a row (RFC 3986 §5.2.4), in place; the new length. */
    private static int resolve(byte[] path, int length) {
        int written = 0;
        int at = 0;
        while (at < length) {
            int from = at;
            while (from < length && path[from] == '/') {
                from++;
            }
            int to = Ascii.indexOf(path, from, length, (byte) '/');
            int dots = dots(path, from, length);
            boolean isDots = dots == to - from && dots >= 1 && dots <= 2;
            if (isDots && dots == 2) {
                written = parent(path, written);
            }
            if (!isDots) {
                path[written++] = '/';
                System.arraycopy(path, from, path, written, to - from);
                written += to - from;
            } else if (to == length) {
                path[written++] = '/';
            }
            at = to;
        }
        if (written == 0) {
            path[written++] = '/';
        }
        return written;
    }

    /** Where the last segment began. */
    private static int parent(byte[] path, int written) {
        int at = written;
        while (at > 0 && path[at - 1] != '/') {
            at--;
        }
        return Math.max(0, at - 1);
    }
}
