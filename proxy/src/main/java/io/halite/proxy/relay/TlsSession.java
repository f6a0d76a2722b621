package io.halite.proxy.relay;

import javax.net.ssl.SSLException;

/**
 * One end of a TLS conversation without a socket: it turns records into plain bytes and back. A failure is an exception,
 * after which {@link Need#WRITE} may ask for a last record, the alert that tells the peer. Confined to one thread, but
 * for its tasks.
 */
public interface TlsSession {
    /** What must happen next for its own purposes, the handshake first of all. */
    enum Need {
        /** A record of the peer. */
        READ,
        /** A call of {@link #encrypt}, if need be without bytes: it has something to say of its own. */
        WRITE,
        /** The {@link #task}. */
        TASK,
        /** Bytes may flow. */
        NOTHING
    }

    /** What became of a call. */
    enum Outcome {
        /** A record went through; see {@link #consumed} and {@link #produced}. */
        DONE,
        /** The record is not complete. */
        MORE_INPUT,
        /** The target has too little room for the record. */
        MORE_ROOM,
        /** The direction is closed. */
        CLOSED
    }

    Need need();

    /** Work that takes long, for another thread; to be called once for each {@link Need#TASK}. */
    Runnable task();

    /** Takes one record. */
    Outcome decrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException;

    /** Makes one record, of plain bytes or for its own purposes. */
    Outcome encrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException;

    /** Bytes that the last call took. */
    int consumed();

    /** Bytes that the last call made. */
    int produced();

    /** We send no more: {@link Need#WRITE} asks for the record that says so. */
    void closeOutput();

    /** What is known of the peer once the handshake is over. */
    TlsPeer peer();

    /** Gives back what it holds outside of the heap. */
    void dispose();
}
