package io.halite.health.probe.kind;

import java.nio.ByteBuffer;
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

    /** Takes the next bytes and looks at them; true once the text has been seen. */
    boolean feed(ByteBuffer bytes, int count) {
        for (int i = 0; i < count; i++) {
            byte next = bytes.get();
            if (isFound()) {
                continue;
            }
            while (matched > 0 && text[matched] != next) {
                matched = fallback[matched - 1];
            }
            if (text[matched] == next) {
                matched++;
            }
        }
        return isFound();
    }
}
