package io.halite.proxy.balance;

/** How a request, or a connection of a relay, ended at its target. */
public enum Outcome {
    /** A response below 500, or a relayed connection that the target accepted. */
    SUCCESS(0),
    /** The client left, or the proxy gave up for a reason of its own: says nothing about the target. */
    ABANDONED(0),
    /** A response of 500 or above. */
    SERVER_ERROR(1),
    /** No response in time. */
    TIMEOUT(1),
    /** The connection broke, or what came was no HTTP. */
    BROKEN(1),
    /** No connection in time, or no route to the target. */
    CONNECT_FAILED(1),
    /** The connection was refused: nothing listens there. Counts double, so that a dead process is out after three. */
    CONNECT_REFUSED(2);

    private final int severity;

    Outcome(int severity) {
        this.severity = severity;
    }

    /** What it adds to the run of failures that ejects a target. */
    public int severity() {
        return severity;
    }
}
