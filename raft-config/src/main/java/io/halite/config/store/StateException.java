package io.halite.config.store;

/** The state on disk cannot be read or written: a full or broken disk, or damaged files. The message is for people. */
public final class StateException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public StateException(String message) {
        super(message);
    }

    public StateException(String message, Throwable cause) {
        super(message, cause);
    }
}
