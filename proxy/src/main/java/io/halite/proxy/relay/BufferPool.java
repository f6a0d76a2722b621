package io.halite.proxy.relay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of a loop by size class. As many are kept for reuse as were in use at once a short time ago, so that steady load
 * makes none anew, and the rest is let go. A connection has one only while bytes wait in it. Confined to the thread of
 * its loop.
 *
 * <p>Peers that take nothing must not be able to fill the heap: where much waits already, less is read at once; where it is
 * twice that, nothing new is begun; and where it is three times that, whoever needs a buffer is lost. What else hangs on a
 * peer is counted along.
 */
public final class BufferPool {
    private static final int[] SIZES = {2 * 1024, 8 * 1024, 32 * 1024, Loop.OUTPUT};
    /** Bytes kept per size class in any case: enough for a busy loop, little beside the heap. */
    private static final int KEPT_BYTES = 1024 * 1024;
    /** What is read where much waits: with a head in front of it, it fits the second class. */
    private static final int SMALL_PIECE = 6 * 1024;
    /** The part of the heap from which on much waits, all loops together: 780 responses of 64 KiB in 512 MiB. */
    private static final int PART_OF_HEAP = 8;
    private static final int TOO_MUCH = 2;
    private static final int MOST = 3;
    /** How long the most that was in use is remembered, at least. */
    private static final long PERIOD_NANOS = 5_000_000_000L;

    private final long much;
    private final Shelf[] shelves = new Shelf[SIZES.length];
    private long taken;
    private long periodEnds;

    BufferPool(long now) {
        this(now, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / Runtime.getRuntime().availableProcessors());
    }

    /** A pool that is careful when this many bytes are in use. */
    public BufferPool(long now, long much) {
        this.much = much;
        periodEnds = now + PERIOD_NANOS;
        for (int at = 0; at < SIZES.length; at++) {
            shelves[at] = new Shelf(KEPT_BYTES / SIZES[at]);
        }
    }

    /**
     * A buffer of at least this size; its content is arbitrary.
     *
     * @throws OverloadException when peers hold more than the heap can bear; whoever this is for cannot be served
     */
    public IoBuffer take(int size) {
        int at = sizeClass(size);
        if (taken >= MOST * much) {
            throw new OverloadException();
        }
        taken += SIZES[at];
        IoBuffer kept = shelves[at].take();
        return kept == null ? new IoBuffer(SIZES[at]) : kept;
    }

    /** Gives a buffer back. */
    public void give(IoBuffer buffer) {
        int at = sizeClass(buffer.size());
        taken -= SIZES[at];
        shelves[at].give(buffer);
    }

    /** So many bytes of the heap hang on a peer besides. */
    public void count(int bytes) {
        taken += bytes;
    }

    /** So many do not any more. */
    public void uncount(int bytes) {
        taken -= bytes;
    }

    /** Bytes of the buffers that are in use, and of what was counted besides. */
    public long taken() {
        return taken;
    }

    /** How much to read at once of what may have to wait. */
    public int piece() {
        return taken < much ? Loop.INPUT : SMALL_PIECE;
    }

    /** Whether so much waits that nothing new should be begun. */
    public boolean isExhausted() {
        return taken >= TOO_MUCH * much;
    }

    /** Lets go what was of no use for a while. */
    void tidy(long now) {
        if (now - periodEnds >= 0) {
            periodEnds = now + PERIOD_NANOS;
            for (Shelf shelf : shelves) {
                shelf.tidy();
            }
        }
    }

    private static int sizeClass(int size) {
        for (int at = 0; at < SIZES.length; at++) {
            if (size <= SIZES[at]) {
                return at;
            }
        }
        throw new IllegalArgumentException("no buffer of " + size + " bytes");
    }

    /** The buffers of one size. */
    private static final class Shelf {
        private final int least;
        private @Nullable IoBuffer[] free;
        private int count;
        private int inUse;
        /** The most that were in use at once in this period, and in the one before. */
        private int peak;
        private int peakBefore;

        Shelf(int least) {
            this.least = least;
            free = new IoBuffer[least];
        }

        @Nullable IoBuffer take() {
            peak = Math.max(peak, ++inUse);
            if (count == 0) {
                return null;
            }
            IoBuffer buffer = free[--count];
            free[count] = null;
            return buffer;
        }

        void give(IoBuffer buffer) {
            inUse--;
            if (count < most()) {
                if (count == free.length) {
                    free = Arrays.copyOf(free, Math.max(count + 1, 2 * count));
                }
                free[count++] = buffer;
            }
        }

        private int most() {
            return Math.max(least, Math.max(peak, peakBefore) - inUse);
        }

        void tidy() {
            peakBefore = peak;
            peak = inUse;
            while (count > most()) {
                free[--count] = null;
            }
        }
    }
}
