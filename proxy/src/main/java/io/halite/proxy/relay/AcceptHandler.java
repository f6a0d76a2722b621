package io.halite.proxy.relay;

/** Takes the connections that a listening socket accepts, on the thread of the loop. */
@FunctionalInterface
public interface AcceptHandler {

    /** A client connected; the connection does not read until its handler is set and reading is switched on. */
    void accepted(Connection connection);
}
