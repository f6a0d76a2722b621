package io.halite.proxy.http;

/**
 * Reads an IP address as headers spell it: {@code 192.0.2.1}, {@code 2001:db8::1}, either with a port
 * ({@code 192.0.2.1:80}, {@code [2001:db8::1]:80}) or in quotes. An IPv4 address in IPv6 clothes is undressed. Reused;
 * confined to one loop.
 */
final class AddressText {
    private static final int GROUPS = 8;

    private final byte[] address = new byte[16];
    private final int[] groups = new int[GROUPS];

    /** What was read last. */
    byte[] address() {
        return address;
    }

    /** Reads the text between white space: 4 or 16 bytes of address; zero when it is none. */
    int read(byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isPadding(bytes[from])) {
            from++;
        }
        while (to > from && isPadding(bytes[to - 1])) {
            to--;
        }
        if (from == to) {
            return 0;
        }
        if (bytes[from] == '[') {
            int close = from + 1;
            while (close < to && bytes[close] != ']') {
                close++;
            }
            return close < to && isPort(bytes, close + 1, to) ? six(bytes, from + 1, close) : 0;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon == to || isLastColon(bytes, colon, to)) {
            return isPort(bytes, colon, to) && four(bytes, from, colon, 0) ? 4 : 0;
        }
        return six(bytes, from, to);
    }

    private static boolean isPadding(byte octet) {
        return Ascii.isSpace(octet) || octet == '"';
    }

    private static boolean isLastColon(byte[] bytes, int colon, int end) {
        for (int at = colon + 1; at < end; at++) {
            if (bytes[at] == ':') {
                return false;
            }
        }
        return true;
    }

    /** Nothing, or a colon and digits. */
    private static boolean isPort(byte[] bytes, int start, int end) {
        if (start == end) {
            return true;
        }
        boolean valid = bytes[start] == ':' && end > start + 1;
        for (int at = start + 1; at < end; at++) {
            valid &= Ascii.isDigit(bytes[at]);
        }
        return valid;
    }

    private boolean four(byte[] bytes, int start, int end, int into) {
        int parts = 0;
        int at = start;
        while (parts < 4) {
            int value = 0;
            int first = at;
            while (at < end && Ascii.isDigit(bytes[at]) && at - first < 3) {
                value = 10 * value + bytes[at++] - '0';
            }
            boolean ends = parts == 3 ? at == end : at < end && bytes[at] == '.';
            if (at == first || value > 255 || !ends) {
                return false;
            }
            address[into + parts++] = (byte) value;
            at++;
        }
        return true;
    }

    private int six(byte[] bytes, int start, int end) {
        int count = 0;
        int gap = -1;
        int at = start;
        if (end - start >= 2 && bytes[start] == ':' && bytes[start + 1] == ':') {
            gap = 0;
            at += 2;
        }
        while (at < end) {
            int groupEnd = at;
            boolean dotted = false;
            while (groupEnd < end && bytes[groupEnd] != ':') {
                dotted |= bytes[groupEnd++] == '.';
            }
            if (dotted) {
                if (groupEnd != end || count > GROUPS - 2 || !four(bytes, at, end, 0)) {
                    return 0;
                }
                groups[count++] = (address[0] & 0xff) << 8 | (address[1] & 0xff);
                groups[count++] = (address[2] & 0xff) << 8 | (address[3] & 0xff);
                break;
            }
            int group = group(bytes, at, groupEnd);
            if (group < 0 || count == GROUPS) {
                return 0;
            }
            groups[count++] = group;
            at = groupEnd + 1;
            if (at < end && bytes[at] == ':') {
                if (gap >= 0) {
                    return 0;
                }
                gap = count;
                at++;
            } else if (at == end && groupEnd < end) {
                return 0;
            }
        }
        return expand(count, gap);
    }

    private static int group(byte[] bytes, int start, int end) {
        int value = 0;
        for (int at = start; at < end; at++) {
            int digit = Ascii.hexDigit(bytes[at]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return end > start && end - start <= 4 ? value : -1;
    }

    private int expand(int count, int gap) {
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            return 0;
        }
        int skipped = GROUPS - count;
        for (int group = 0; group < GROUPS; group++) {
            boolean inGap = gap >= 0 && group >= gap && group < gap + skipped;
            int value = inGap ? 0 : groups[gap >= 0 && group >= gap ? group - skipped : group];
            address[2 * group] = (byte) (value >> 8);
            address[2 * group + 1] = (byte) value;
        }
        return undressed();
    }

    private int undressed() {
        for (int at = 0; at < 10; at++) {
            if (address[at] != 0) {
                return 16;
            }
        }
        if (address[10] != -1 || address[11] != -1) {
            return 16;
        }
        System.arraycopy(address, 12, address, 0, 4);
        return 4;
    }
}
