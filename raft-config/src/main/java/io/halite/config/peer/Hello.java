package io.halite.config.peer;

import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;

/**
 * The first word on a link, after TLS has proved both certificates: which cluster and generation the dialling node
 * belongs to, who it is, and whom it wants.
 *
 * @param proof the authority's word for the generation; empty when there is none
 */
record Hello(int protocol, String clusterId, int generation, String from, String to, String proof) {
    /** The version of everything said on a link; a node answers the one it knows. */
    static final int PROTOCOL = 1;

    byte[] encode() {
        return new RecordWriter().number(1, protocol).text(2, clusterId).number(3, generation).text(4, from)
                .text(5, to).text(6, proof).toBytes();
    }

    static Hello decode(byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        return new Hello((int) record.number(1), record.text(2), (int) record.number(3), record.text(4),
                record.text(5), record.text(6));
    }
}
