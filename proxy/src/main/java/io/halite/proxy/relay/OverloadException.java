package io.halite.proxy.relay;

/** Peers hold more than the heap can bear: the connection that is being served is given up, and nothing else. */
final class OverloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OverloadException() {
        super("peers hold more than the heap can bear", null, false, false);
    }
}
