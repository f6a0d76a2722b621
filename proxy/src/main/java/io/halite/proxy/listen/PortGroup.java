package io.halite.proxy.listen;

import io.halite.config.Protocol;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sockets of one address, one in each loop: the kernel spreads clients over them. */
interface PortGroup {

    /** Where they are bound, with the port that the system chose for 0. */
    InetSocketAddress address();

    /** Of the listener that they belong to. */
    String label();

    Protocol protocol();

    /**
     * The sockets stay open and belong to another listener from now on.
     *
     * @param tls what its clients shake hands with; null where they speak plainly
     */
    void handTo(ListenerTable next, @Nullable ServerTls tls);

    /** Takes no new clients; those there are end after what they are at, where they are asked to over this time. */
    void close(long spreadNanos) throws InterruptedException;

    /** As {@link #close}; what is there when the config's time for it is over is ended. */
    void remove(long spreadNanos) throws InterruptedException;

    /** Asks the clients that there are to leave, over this time, where that can be said; others may come. */
    void dismiss(long spreadNanos);

    /** Those who were dismissed and are there still may stay. */
    void recall();

    /** As {@link #close}, while another process has the same sockets and serves who comes. */
    void leave(long spreadNanos) throws InterruptedException;

    /** Their descriptors, to be handed to another process; negative where they cannot be. */
    List<Integer> descriptors() throws InterruptedException;

    /** Connections or sessions that are open. */
    int connections() throws InterruptedException;
}
