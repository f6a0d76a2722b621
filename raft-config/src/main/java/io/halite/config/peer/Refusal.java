package io.halite.config.peer;

import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;

/**
 * Why a node will not talk to another.
 *
 * @param generation the refusing node's
 */
record Refusal(Reason reason, int generation, String message) {

    /** The reasons that a dialling node acts on. */
    enum Reason { OTHER, OLD_GENERATION, REMOVED }

    byte[] encode() {
        return new RecordWriter().text(1, reason.name()).number(2, generation).text(3, message).toBytes();
    }

    static Refusal decode(byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        Reason reason = Reason.OTHER;
        for (Reason known : Reason.values()) {
            if (known.name().equals(record.text(1))) {
                reason = known;
            }
        }
        return new Refusal(reason, (int) record.number(2), record.text(3));
    }
}
