package io.halite.health.probe.kind;

import java.nio.charset.StandardCharsets;

/**
 * Finds a text in a stream of bytes without keeping the stream (Knuth–Morris–Pratt), so that a body match needs no
 * buffer of the body's size. Not thread-safe.
 */
final class TextSearch {
    private final byte[] text;
    private final int[] fallback;
    private int matched;

    TextSearch(String text) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.fallback = new int[this.text.length];
        int length = 0;
        for (int i = 1; i < this.text.length; i++) {
            while (length > 0 && this.text[i] != this.text[length]) {
                length = fallback[length - 1];
            }
            if (this.text[i] == this.text[length]) {
                length++;
            }
            fallback[i] = length;
        }
    }

    /** Whether the text has been seen in all that was fed so far. */
    boolean isFound() {
        return matched == text.length;
    }

    /** Looks at the next bytes; true once the text has been seen. */
    boolean feed(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count && !isFound(); i++) {
            while (matched > 0 && text[matched] != bytes[i]) {
                matched = fallback[matched - 1];
            }
            if (text[matched] == bytes[i]) {
                matched++;
            }
        }
        return isFound();
    }
}
