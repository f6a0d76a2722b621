package io.halite.health.orchestrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Writes the components of messages; the format is {@link MessageCodec}'s. One use, one thread. */
final class WireWriter {
    /** Texts are cut here: evidence is for people, not for transport. */
    static final int MAX_TEXT = 512;

    private byte[] bytes = new byte[256];
    private int length;

    WireWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    WireWriter id(long id) {
        room(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(length, id);
        length += Long.BYTES;
        return this;
    }

    WireWriter ids(List<Long> ids) {
        number(ids.size());
        ids.forEach(this::id);
        return this;
    }

    WireWriter text(String text) {
        byte[] utf8 = cut(text).getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        return this;
    }

    <T> WireWriter list(List<T> elements, Consumer<T> element) {
        number(elements.size());
        elements.forEach(element);
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** At most {@link #MAX_TEXT} bytes of UTF-8, which takes three bytes per char at most. */
    private static String cut(String text) {
        return text.length() <= MAX_TEXT / 3 ? text : text.substring(0, MAX_TEXT / 3 - 1) + "…";
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
