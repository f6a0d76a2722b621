package io.halite.proxy.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lines on their way from one relay loop to the writer: the loop never waits, a line that finds no room is dropped and
 * counted. One thread offers, one takes.
 */
public final class LineRing {
    static final int CAPACITY = 1 << 20;
    private static final VarHandle TAKEN;
    private static final VarHandle OFFERED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAKEN = lookup.findVarHandle(LineRing.class, "taken", long.class);
            OFFERED = lookup.findVarHandle(LineRing.class, "offered", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Written by the loop. The bytes are made with the first line.
    private byte[] bytes = new byte[0];
    private long lines;
    private long dropped;
    private long knownTaken;
    @SuppressWarnings("UnusedVariable")
    private long offered;

    // Written by the writer.
    @SuppressWarnings("UnusedVariable")
    private long taken;

    LineRing() {}

    /** Adds a line with its line feed; false when there was no room. */
    public boolean offer(byte[] source, int length) {
        if (bytes.length == 0) {
            bytes = new byte[CAPACITY];
        }
        long end = (long) OFFERED.getOpaque(this);
        if (end + length - knownTaken > CAPACITY) {
            knownTaken = (long) TAKEN.getAcquire(this);
            if (end + length - knownTaken > CAPACITY) {
                dropped++;
                return false;
            }
        }
        int at = (int) end & CAPACITY - 1;
        int first = Math.min(length, CAPACITY - at);
        System.arraycopy(source, 0, bytes, at, first);
        System.arraycopy(source, first, bytes, 0, length - first);
        lines++;
        OFFERED.setRelease(this, end + length);
        return true;
    }

    /** Lines that were taken in, and lines that were not; a reader may be a few late. */
    long lines() {
        return lines;
    }

    long dropped() {
        return dropped;
    }

    /** Hands over what is there, whole lines in order, in one piece or two; how many bytes. */
    int take(Taker taker) {
        long start = (long) TAKEN.getOpaque(this);
        long end = (long) OFFERED.getAcquire(this);
        int length = (int) (end - start);
        if (length > 0) {
            int at = (int) start & CAPACITY - 1;
            int first = Math.min(length, CAPACITY - at);
            taker.take(bytes, at, first);
            if (length > first) {
                taker.take(bytes, 0, length - first);
            }
            TAKEN.setRelease(this, end);
        }
        return length;
    }

    /** Hears of the bytes that a ring hands over, which are its own again afterwards. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] bytes, int from, int length);
    }
}
