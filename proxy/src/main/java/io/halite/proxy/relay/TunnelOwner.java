package io.halite.proxy.relay;

/** Hears what a {@link Tunnel} carries and when it ends. */
public interface TunnelOwner {

    /** Bytes came from the client. */
    void fromClient(int bytes);

    /** Bytes came from the target. */
    void fromTarget(int bytes);

    /** Both connections are closed. */
    void tunnelEnded(TunnelEnd how);
}
