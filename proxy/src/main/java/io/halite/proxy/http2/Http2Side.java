package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;

/** What differs between the two ends of an HTTP/2 connection: whether we serve a client or ask a target. */
interface Http2Side {

    /** How long the fields of a message may be together. */
    int maxFieldBytes();

    /** How many fields a message may have. */
    int maxFields();

    /** The last stream of the peer that was looked at, for a farewell. */
    int lastStream();

    /** Fields of a stream that was not begun. */
    void begins(int stream, Fields fields, boolean last) throws Http2Problem;

    /** The peer's settings came. */
    void settled();

    /** The peer ended a stream of ours. */
    void reset(Http2Stream stream, int code) throws Http2Problem;

    /** The peer takes no streams behind this one. */
    void goAway(int lastStream);

    /** The peer answered a ping of ours. */
    void pong();

    /** A frame came for a stream that is over, or we ended one for what the peer did to it. */
    void needless(int stream, boolean head) throws Http2Problem;

    /** There is room for what waits to be sent. */
    void roomAgain();

    /** We are through with a stream. */
    void streamEnded();

    /** Sets the deadline of the connection after something was done. */
    void rearm(boolean progress);

    /** The deadline passed. */
    void expired();

    /** The peer broke a rule of the connection, or of one stream. */
    void refused(String reason);

    /** The connection is closed, and so are its streams. */
    void ended();
}
