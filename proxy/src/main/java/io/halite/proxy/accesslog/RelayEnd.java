package io.halite.proxy.accesslog;

import io.halite.proxy.relay.TunnelEnd;

/** Why a relay ended. Those that failed are logged whatever the sample. */
public enum RelayEnd {
    /** The client said first that it sends no more, and both directions came to their end. */
    CLIENT_ENDED("clientEnded", false),
    /** As above, the target first. */
    TARGET_ENDED("targetEnded", false),
    /** Nothing passed for as long as the config says. */
    IDLE("idle", false),
    /** The listener closed and its time to end by itself is over, or the process ended. */
    DRAIN("drain", false),
    /** The client broke the connection off. */
    CLIENT_RESET("clientReset", true),
    /** The target broke the connection off. */
    TARGET_RESET("targetReset", true),
    /** No target accepted. */
    CONNECT_FAILED("connectFailed", true),
    /** No target was eligible. */
    NO_TARGET("noTarget", true),
    /** There was no room: a limit of the listener, or of every target. */
    LIMIT("limit", true),
    /** The client may not connect, or did not say what it had to. */
    REFUSED("refused", true),
    /** An error of the proxy's own. */
    FAILED("failed", true);

    private final String text;
    private final boolean failed;

    RelayEnd(String text, boolean failed) {
        this.text = text;
        this.failed = failed;
    }

    /** What ended a tunnel. */
    public static RelayEnd of(TunnelEnd how) {
        return switch (how) {
            case CLIENT_FIRST -> CLIENT_ENDED;
            case TARGET_FIRST -> TARGET_ENDED;
            case CLIENT_BROKE -> CLIENT_RESET;
            case TARGET_BROKE -> TARGET_RESET;
            case SILENCE -> IDLE;
            case OVERDUE -> DRAIN;
            case ABORTED -> FAILED;
        };
    }

    /** The access log's word for it. */
    public String text() {
        return text;
    }

    /** Whether it is logged whatever the sample. */
    public boolean hasFailed() {
        return failed;
    }
}
