package io.halite.proxy.relay;

/** Why a connection could not be made. */
public enum ConnectFailure {
    /** Nothing listens there. */
    REFUSED,
    /** No route, or an error of the network. */
    UNREACHABLE,
    /** This process has no file descriptor left for it. */
    NO_DESCRIPTOR
}
