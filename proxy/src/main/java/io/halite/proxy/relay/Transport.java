package io.halite.proxy.relay;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The operating system as one loop sees it. Everything but {@link #wake} belongs to the loop's thread. */
interface Transport {

    /** Waits for readiness, at most so long, and dispatches it. */
    void poll(long nanos) throws IOException;

    /** Ends the current or the next wait; any thread may call. */
    void wake();

    /** Opens a listening socket that shares its port with those of the other loops. */
    Acceptor listen(InetSocketAddress address, int backlog, AcceptHandler handler) throws IOException;

    /** Listens on a socket that another process opened; throws where this transport cannot. */
    Acceptor adopt(HandedSocket socket, AcceptHandler handler) throws IOException;

    /** Begins to connect; the outcome comes through the handler, never before this returns. */
    Connection connect(InetSocketAddress address, ConnectionHandler handler);

    /** Opens a datagram socket that shares its port with those of the other loops. */
    DatagramPort bind(InetSocketAddress address, DatagramHandler handler) throws IOException;

    /** Opens a datagram socket that speaks with one target only. */
    DatagramPort speakTo(InetSocketAddress target, DatagramHandler handler) throws IOException;

    /** Receives from a datagram socket that another process bound; throws where this transport cannot. */
    DatagramPort adopt(HandedSocket socket, DatagramHandler handler) throws IOException;

    void close();
}
