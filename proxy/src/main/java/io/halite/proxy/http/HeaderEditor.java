package io.halite.proxy.http;

import io.halite.proxy.route.HeaderRules;

/** Changes the header lines of a head that has been written, in place. */
final class HeaderEditor {
    private HeaderEditor() {}

    /** Applies the rules to the lines behind the first one; the empty line is not written yet. */
    static void apply(HeadWriter out, HeaderRules rules) {
        byte[] bytes = out.buffer().bytes();
        int end = out.length();
        int from = nextLine(bytes, 0, end);
        int to = from;
        while (from < end) {
            int nameEnd = from;
            while (bytes[nameEnd] != ':') {
                nameEnd++;
            }
            int next = nextLine(bytes, nameEnd, end);
            if (!rules.removes(bytes, from, nameEnd)) {
                if (to < from) {
                    System.arraycopy(bytes, from, bytes, to, next - from);
                }
                to += next - from;
            }
            from = next;
        }
        out.moveTo(to);
        out.put(rules.added());
    }

    private static int nextLine(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
