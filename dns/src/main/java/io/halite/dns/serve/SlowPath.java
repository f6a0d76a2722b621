package io.halite.dns.serve;

import java.io.IOException;
import java.net.InetAddress;

/** Answers what the fast path leaves: signed queries and zone transfers. Safe for use by many threads. */
@FunctionalInterface
public interface SlowPath {

    /**
     * Answers one query with any number of messages.
     *
     * @param stream whether it came over TCP
     */
    void answer(byte[] query, InetAddress client, boolean stream, Sink sink) throws IOException;

    /** Where responses go, in order. */
    @FunctionalInterface
    interface Sink {
        void send(byte[] message) throws IOException;
    }
}
