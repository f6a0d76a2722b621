package io.halite.proxy.relay;

/** Why a connection could not be made. */
public enum ConnectFailure {
    /** Nothing listens there. */
    REFUSED,
    /** No route, or an error of the network. */
    UNREACHABLE,
    /** The TLS handshake failed: the peer is not who it should be, or speaks TLS in no way that we do. */
    HANDSHAKE,
    /** This process has no file descriptor left for it. */
    NO_DESCRIPTOR
}
