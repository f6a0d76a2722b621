package io.halite.config.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What travels on a link between nodes: four bytes of length, then kind, id, topic and payload. Handed on, never
 * compared.
 *
 * @param id ties an answer to its request; 0 where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
record Frame(Kind kind, long id, String topic, byte[] payload) {
    /** Room for the largest command of the Raft log, and no more: a stranger cannot make a node allocate. */
    static final int MAX_BYTES = 20 << 20;
    /** What anybody may send before it is known who it is. */
    static final int MAX_HELLO_BYTES = 4 << 10;
    private static final byte[] NOTHING = new byte[0];
    private static final int FIXED_BYTES = 10;

    /** The kinds. The order is the number on the wire. */
    enum Kind {
        HELLO, WELCOME, REFUSED, REQUEST, ANSWER, FAILURE, MESSAGE, PING, PONG;

        private static final Kind[] ALL = values();
    }

    static Frame of(Kind kind) {
        return new Frame(kind, 0, "", NOTHING);
    }

    static Frame of(Kind kind, byte[] payload) {
        return new Frame(kind, 0, "", payload);
    }

    int size() {
        return FIXED_BYTES + topic.length() + payload.length;
    }

    void write(DataOutputStream out) throws IOException {
        byte[] topicBytes = topic.getBytes(StandardCharsets.US_ASCII);
        out.writeInt(FIXED_BYTES + topicBytes.length + payload.length);
        out.writeByte(kindNumber());
        out.writeLong(id);
        out.writeByte(topicBytes.length);
        out.write(topicBytes);
        out.write(payload);
    }

    private int kindNumber() {
        for (int i = 0; i < Kind.ALL.length; i++) {
            if (Kind.ALL[i] == kind) {
                return i;
            }
        }
        throw new IllegalStateException("kind " + kind);
    }

    static Frame read(DataInputStream in, int maxBytes) throws IOException {
        int length = in.readInt();
        if (length < FIXED_BYTES || length > maxBytes) {
            throw new IOException("a frame of " + length + " bytes, at most " + maxBytes + " are read");
        }
        int kind = in.readUnsignedByte();
        if (kind >= Kind.ALL.length) {
            throw new IOException("a frame of unknown kind " + kind);
        }
        long id = in.readLong();
        int topicLength = in.readUnsignedByte();
        int payloadLength = length - FIXED_BYTES - topicLength;
        if (payloadLength < 0) {
            throw new IOException("a frame whose topic is longer than itself");
        }
        byte[] topic = new byte[topicLength];
        in.readFully(topic);
        byte[] payload = new byte[payloadLength];
        in.readFully(payload);
        return new Frame(Kind.ALL[kind], id, new String(topic, StandardCharsets.US_ASCII), payload);
    }

    @Override
    public String toString() {
        return "Frame[" + kind + " " + id + " " + topic + ", " + payload.length + " bytes]";
    }
}
