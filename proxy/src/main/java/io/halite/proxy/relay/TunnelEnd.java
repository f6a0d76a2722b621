package io.halite.proxy.relay;

/** How a {@link Tunnel} ended. */
public enum TunnelEnd {
    /** Both directions came to their end, that from the client first. */
    CLIENT_FIRST,
    /** Both directions came to their end, that from the target first. */
    TARGET_FIRST,
    /** The client broke off. */
    CLIENT_BROKE,
    /** The target broke off. */
    TARGET_BROKE,
    /** Nothing passed for as long as was allowed. */
    SILENCE,
    /** It was there still when its time to end by itself was over. */
    OVERDUE,
    /** It was aborted from within. */
    ABORTED
}
