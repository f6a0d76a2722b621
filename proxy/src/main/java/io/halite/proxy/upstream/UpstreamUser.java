package io.halite.proxy.upstream;

import io.halite.proxy.relay.ConnectFailure;

/** Whoever sends a request over an {@link UpstreamConnection}, on the thread of the loop. */
public interface UpstreamUser {

    void upstreamConnected();

    /** The connection could not be made; it is gone. */
    void upstreamConnectFailed(ConnectFailure failure);

    /** The connection was not made in time; it is gone. */
    void upstreamConnectTimedOut();

    void upstreamReadable();

    /** All that waited to be sent has been. */
    void upstreamDrained();

    /** The connection broke while nobody was reading. */
    void upstreamBroken();

    /** A defect of ours: the connection cannot be used any more. */
    void upstreamFailed();

    /** The deadline passed. */
    void upstreamExpired();
}
