package io.halite.dns.table;

import io.halite.dns.table.Answer.Kind;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one name is answered with for a type that is often asked for, in one run of memory. The packets between two queries
 * for a name drive the table out of the processor's near caches; a leaf comes back in a few lines side by side, where a
 * walk over objects waits for one miss after the other. Only answers whose tails are plain and alike are laid out so.
 *
 * <p>Four words (types by bit, length of the name, kind, number of tails and whether they differ for DNSSEC; id and zone;
 * counts and flags; bytes of a tail, bytes between the starts of two, and one of how many queries is logged), the name in
 * lower case, for a weighted answer the columns of its alias table, then the records of all tails.
 */
public final class Leaf {
    /** The types that leaves are for. */
    static final List<Integer> TYPES = List.of(RecordType.A, RecordType.AAAA, RecordType.HTTPS);

    private static final int ID_AND_ZONE = 8;
    private static final int COUNTS_AND_FLAGS = 16;
    private static final int RECORDS = 24;
    private static final int NAME = 32;
    /** The processor fetches so many bytes at once. */
    private static final int LINE = 64;
    private static final int TOUCHED = 5 * LINE;
    /** Bytes of a tail; longer ones go over TCP, where there is more to wait for. Two bytes stand for it. */
    private static final int LONGEST = 4096;

    private static final long COUNTS = 0xFFFF_FFFF_FFFFL;
    private static final int SIGNED = 0x8000;
    private static final byte[] NO_NAME = {};
    private static final int KIND = 0xFF;
    private static final int FIXED = 0;
    private static final int ROTATE = 1;
    private static final int WEIGHTED = 2;
    private static final int OTHER = 3;

    private Leaf() {}

    /**
     * Lays out an answer for a name.
     *
     * @param name in lower case wire form
     * @param nameLength bytes of it
     * @param types bits of the types that have this answer
     * @return null when the answer cannot be laid out so
     */
    static byte @Nullable [] of(byte[] name, int nameLength, int types, ServedZone zone, Answer answer) {
        return of(name, nameLength, types, zone.counter(), zone.logEvery(), answer);
    }

    /** Lays out an answer that is one of several for a name; null when that cannot be. */
    static byte @Nullable [] of(Answer answer) {
        return of(NO_NAME, 0, 0, 0, 0, answer);
    }

    private static byte @Nullable [] of(byte[] name, int nameLength, int types, int zone, int logEvery, Answer answer) {
        int kind = kind(answer.kind);
        List<Tail> tails = List.of(answer.tails);
        if (kind == OTHER || !areAlike(tails) || tails.getFirst().length() > LONGEST) {
            return null;
        }
        int stride = stride(tails);
        int length = tails.getFirst().length();
        byte[] columns = kind == WEIGHTED ? answer.weights.bytes() : new byte[0];
        int columnsAt = NAME + words(nameLength);
        int recordsAt = columnsAt + columns.length;
        byte[] leaf = new byte[recordsAt + (tails.size() - 1) * stride + length];
        boolean signed = tails.stream().anyMatch(tail -> tail.signed() != tail);
        Bytes.putWord(leaf, 0, types | (long) nameLength << 16 | (long) kind << 32 | (signed ? (long) SIGNED << 32 : 0)
                | (long) tails.size() << 48);
        Bytes.putWord(leaf, ID_AND_ZONE, Integer.toUnsignedLong(answer.id) | (long) zone << 32);
        Bytes.putWord(leaf, COUNTS_AND_FLAGS, tails.getFirst().counts() | (long) answer.flags << 48);
        Bytes.putWord(leaf, RECORDS, length | stride << 16 | (long) logEvery << 32);
        System.arraycopy(name, 0, leaf, NAME, nameLength);
        System.arraycopy(columns, 0, leaf, columnsAt, columns.length);
        for (int i = 0; i < tails.size(); i++) {
            System.arraycopy(tails.get(i).bytes(), 0, leaf, recordsAt + i * stride, length);
        }
        return leaf;
    }

    private static int kind(Kind kind) {
        return switch (kind) {
            case FIXED -> FIXED;
            case ROTATE -> ROTATE;
            case WEIGHTED -> WEIGHTED;
            case STICKY, GEO -> OTHER;
        };
    }

    private static boolean areAlike(List<Tail> tails) {
        return tails.stream().allMatch(tail -> tail.isPlain()
                && tail.length() == tails.getFirst().length() && tail.counts() == tails.getFirst().counts());
    }

    /** Rotations overlap: each begins with the second record of the one before. */
    private static int stride(List<Tail> tails) {
        int length = tails.getFirst().length();
        int records = Math.max(1, (int) (tails.getFirst().counts() >>> 32));
        int stride = length / records;
        for (int i = 1; i < tails.size(); i++) {
            if (!Arrays.equals(tails.get(i - 1).bytes(), stride, length, tails.get(i).bytes(), 0, length - stride)) {
                return length;
            }
        }
        return stride;
    }

    /** Bytes of the whole words that a name takes. */
    private static int words(int nameLength) {
        return (nameLength + 7) & -8;
    }

    /** Reads the beginning of a leaf, so that the processor has it near; what it returns means nothing. */
    public static int touch(byte[] leaf) {
        int sum = 0;
        for (int at = Math.min(leaf.length, TOUCHED) - 1; at >= 0; at -= LINE) {
            sum += leaf[at];
        }
        return sum;
    }

    /** The bit of a type; 0 for one that no leaf is for. */
    public static int bit(int type) {
        return switch (type) {
            case RecordType.A -> 1;
            case RecordType.AAAA -> 2;
            case RecordType.HTTPS -> 4;
            default -> 0;
        };
    }

    /** The types by bit that it is for. */
    public static int types(byte[] leaf) {
        return (int) Bytes.word(leaf, 0) & 0xFFFF;
    }

    /** Whether it is for the name in a message, in any case, and for the type of a bit. */
    static boolean is(byte[] leaf, int bit, MemorySegment message, long at, int length) {
        int head = (int) Bytes.word(leaf, 0);
        if ((head & bit) == 0 || head >>> 16 != length) {
            return false;
        }
        int done = 0;
        for (; done + 8 <= length; done += 8) {
            if (Bytes.lower(Bytes.word(message, at + done)) != Bytes.word(leaf, NAME + done)) {
                return false;
            }
        }
        return done == length
                || Bytes.lower(Bytes.head(Bytes.word(message, at + done), length - done)) == Bytes.word(leaf, NAME + done);
    }

    /** Whether clients that ask for DNSSEC get other tails than these. */
    public static boolean isSigned(byte[] leaf) {
        return ((int) (Bytes.word(leaf, 0) >>> 32) & SIGNED) != 0;
    }

    static boolean isFixed(byte[] leaf) {
        return kind(leaf) == FIXED;
    }

    static boolean isRotating(byte[] leaf) {
        return kind(leaf) == ROTATE;
    }

    private static int kind(byte[] leaf) {
        return (int) (Bytes.word(leaf, 0) >>> 32) & KIND;
    }

    /** How many tails there are. */
    static int count(byte[] leaf) {
        return (int) (Bytes.word(leaf, 0) >>> 48);
    }

    /** The index that 64 random bits draw from a weighted leaf. */
    static int draw(byte[] leaf, long random) {
        int column = AliasTable.column(random, count(leaf));
        return AliasTable.draw(random, column, Bytes.word(leaf, columnsAt(leaf) + 8 * column));
    }

    private static int columnsAt(byte[] leaf) {
        return NAME + words((int) Bytes.word(leaf, 0) >>> 16);
    }

    /** The number of its answer. */
    public static int id(byte[] leaf) {
        return (int) Bytes.word(leaf, ID_AND_ZONE);
    }

    /** The counter index of its zone. */
    public static int zone(byte[] leaf) {
        return (int) (Bytes.word(leaf, ID_AND_ZONE) >>> 32);
    }

    /** The response code, with AA where it applies. */
    public static int flags(byte[] leaf) {
        return (int) (Bytes.word(leaf, COUNTS_AND_FLAGS) >>> 48);
    }

    /** Records of a tail by section, as the counters of a header stand for them. */
    public static long counts(byte[] leaf) {
        return Bytes.word(leaf, COUNTS_AND_FLAGS) & COUNTS;
    }

    /** Bytes of each tail. */
    public static int length(byte[] leaf) {
        return (int) Bytes.word(leaf, RECORDS) & 0xFFFF;
    }

    /** Where a tail starts. */
    public static int start(byte[] leaf, int index) {
        int records = columnsAt(leaf) + (kind(leaf) == WEIGHTED ? 8 * count(leaf) : 0);
        return records + index * ((int) Bytes.word(leaf, RECORDS) >>> 16);
    }

    /** One of how many queries of its zone is logged; 0 for none. */
    public static int logEvery(byte[] leaf) {
        return (int) (Bytes.word(leaf, RECORDS) >>> 32);
    }
}
