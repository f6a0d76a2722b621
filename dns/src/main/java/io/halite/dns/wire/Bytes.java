package io.halite.dns.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Unaligned access to a message in native memory. Words of eight bytes are read little-endian, so that the first byte
 * of a name is the lowest; a reader of words may look up to seven bytes past the end, which every buffer allows for
 * ({@link #PADDING}).
 */
public final class Bytes {
    /** Bytes that must follow a message in its buffer. */
    public static final int PADDING = 8;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    public static int u8(MemorySegment message, long at) {
        return message.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    public static int u16(MemorySegment message, long at) {
        return message.get(SHORT, at) & 0xFFFF;
    }

    public static int i32(MemorySegment message, long at) {
        return message.get(INT, at);
    }

    public static long i64(MemorySegment message, long at) {
        return message.get(LONG, at);
    }

    public static void put8(MemorySegment message, long at, int value) {
        message.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    public static void put16(MemorySegment message, long at, int value) {
        message.set(SHORT, at, (short) value);
    }

    public static void put32(MemorySegment message, long at, int value) {
        message.set(INT, at, value);
    }

    public static void put64(MemorySegment message, long at, long value) {
        message.set(LONG, at, value);
    }

    /** Eight bytes, the first the lowest. */
    public static long word(MemorySegment message, long at) {
        return message.get(WORD, at);
    }

    /** Eight bytes of an array, the first the lowest. */
    public static long word(byte[] array, int at) {
        return (long) ARRAY_WORD.get(array, at);
    }

    /** Sets eight bytes of an array, the first the lowest. */
    public static void putWord(byte[] array, int at, long value) {
        ARRAY_WORD.set(array, at, value);
    }

    /** The lowest {@code bytes} (1–8) bytes of a word. */
    public static long head(long word, int bytes) {
        return bytes == 8 ? word : word & ((1L << (bytes << 3)) - 1);
    }

    /**
     * The word with A–Z turned into a–z, eight bytes at once. Length bytes of labels are below 0x40 and stay.
     */
    public static long lower(long word) {
        long low7 = word & 0x7F7F_7F7F_7F7F_7F7FL;
        long atLeastA = low7 + 0x3F3F_3F3F_3F3F_3F3FL;
        long aboveZ = low7 + 0x2525_2525_2525_2525L;
        long upper = (atLeastA ^ aboveZ) & ~word & 0x8080_8080_8080_8080L;
        return word | (upper >>> 2);
    }
}
