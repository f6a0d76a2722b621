package io.halite.config.peer;

import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;

/**
 * Why a node will not talk to another.
 *
 * @param generation the refusing node's
 * @param proof the authority's word that it is so; empty when there is none
 */
record Refusal(Reason reason, int generation, String message, String proof) {

    /** The reasons that a dialling node acts on. */
    enum Reason { OTHER, OLD_GENERATION, REMOVED }

    byte[] encode() {
        return new RecordWriter().text(1, reason.name()).number(2, generation).text(3, message).text(4, proof).toBytes();
    }

    static Refusal decode(byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        Reason reason = Reason.OTHER;
        for (Reason known : Reason.values()) {
            if (known.name().equals(record.text(1))) {
                reason = known;
            }
        }
        return new Refusal(reason, (int) record.number(2), record.text(3), record.text(4));
    }
}
