package io.halite.config.wire;

/** Bytes that should be a record are none: a damaged file, or a peer that speaks something else. */
public final class MalformedRecordException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
