package io.halite.proxy.relay;

/** What a datagram socket tells its owner, always on the thread of its loop. */
public interface DatagramHandler {

    /** There are datagrams, or an error, to receive; the loop calls again while there are. */
    void arrived(DatagramPort port);

    /** An exception escaped from {@link #arrived}: whatever hangs on the socket must be given up. */
    void failed(DatagramPort port);
}
