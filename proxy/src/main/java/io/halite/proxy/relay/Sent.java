package io.halite.proxy.relay;

/** What became of bytes that were to be sent. */
public enum Sent {
    /** The kernel has all of them. */
    ALL,
    /** Some wait in the connection; it will say when they are gone. */
    PENDING,
    /** The peer takes no more. */
    BROKEN
}
