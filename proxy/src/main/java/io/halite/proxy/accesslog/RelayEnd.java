package io.halite.proxy.accesslog;

/** Why a relay ended. Those that failed are logged whatever the sample. */
public enum RelayEnd {
    /** The client said first that it sends no more, and both directions came to their end. */
    CLIENT_ENDED("clientEnded", false),
    /** As above, the target first. */
    TARGET_ENDED("targetEnded", false),
    /** Nothing passed for as long as the config says. */
    IDLE("idle", false),
    /** The listener closed, or the process. */
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

    String text() {
        return text;
    }

    boolean hasFailed() {
        return failed;
    }
}
