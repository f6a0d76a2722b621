package io.halite.proxy.relay;

/** A listener within one loop: it takes connections and sees them to their end. Confined to the loop's thread. */
public interface LoopListener extends AcceptHandler {

    /** Connections that are open. */
    int open();

    /**
     * No more connections will come; those there are end in their own time, sooner where the protocol lets us ask: then
     * they are asked one by one over this time, so that not all clients come back at once.
     */
    void close(long spreadNanos);

    /** As {@link #close}; those that are there when the config's time for it is over are ended. */
    void remove(long spreadNanos);

    /** As {@link #remove} for the connections that there are, while others may come. */
    void dismiss(long spreadNanos);

    /** Those who were dismissed and are there still may stay. */
    void recall();
}
