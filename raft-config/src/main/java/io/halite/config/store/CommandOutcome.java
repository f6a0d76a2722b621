package io.halite.config.store;

import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;

/**
 * What became of a command once it was applied.
 *
 * @param revision the revision current after it
 * @param index the Raft log index it was applied at
 */
public record CommandOutcome(Kind kind, long revision, long index) {

    /** The possible fates. The number is what is stored. */
    public enum Kind {
        APPLIED(1), UNCHANGED(2), STALE(3), CONDITION_FAILED(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(long number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("outcome: " + number);
        }
    }

    /** Its bytes. */
    public byte[] encode() {
        return new RecordWriter().number(1, kind.number).number(2, revision).number(3, index).toBytes();
    }

    /** Reads what {@link #encode} wrote. */
    public static CommandOutcome decode(byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        return new CommandOutcome(Kind.of(record.number(1)), record.number(2), record.number(3));
    }
}
