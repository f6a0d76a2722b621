package io.halite.proxy.relay;

/**
 * Who sent a datagram, and to which address of ours: all that a reply needs. Two are equal when a reply to both would
 * take the same way.
 */
public interface DatagramPeer {

    /** The sender's IP address, 4 or 16 bytes; not to be changed. */
    byte[] address();
}
