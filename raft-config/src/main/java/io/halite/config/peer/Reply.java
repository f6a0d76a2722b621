package io.halite.config.peer;

/** What came of a request to another node. */
public sealed interface Reply {

    /** The other node's answer. Handed on, never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(byte[] payload) implements Reply {}

    /** No answer. */
    record Failure(Kind kind, String message) implements Reply {}

    /** How it failed. */
    enum Kind {
        /** It never left this node. */
        NOT_SENT,
        /** It never left this node: wherever the other is dialled, its machine says that nobody listens there. */
        NOBODY_THERE,
        /** It may have arrived: the link broke, or no answer came in time. */
        UNKNOWN,
        /** No answer came in time; it may have arrived. */
        TIMED_OUT,
        /** The other node says that it could not do it. */
        REFUSED
    }
}
