package io.halite.proxy.http2;

/** What a peer did wrong, with the code that it is told (RFC 9113 §7). Without a stack: clients can provoke it. */
final class Http2Problem extends Exception {
    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int FLOW_CONTROL_ERROR = 3;
    static final int STREAM_CLOSED = 5;
    static final int FRAME_SIZE_ERROR = 6;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int COMPRESSION_ERROR = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    private static final long serialVersionUID = 1;

    private final int code;

    Http2Problem(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What must hold of any peer's frames. */
    static void check(boolean holds, String otherwise) throws Http2Problem {
        if (!holds) {
            throw new Http2Problem(PROTOCOL_ERROR, otherwise);
        }
    }

    /** What must hold of the length of a frame. */
    static void size(boolean holds) throws Http2Problem {
        if (!holds) {
            throw new Http2Problem(FRAME_SIZE_ERROR, "a frame of a length that its type has not");
        }
    }

    /** What must hold of a window. */
    static void window(boolean holds) throws Http2Problem {
        if (!holds) {
            throw new Http2Problem(FLOW_CONTROL_ERROR, "more than a window, or a window wider than can be");
        }
    }

    int code() {
        return code;
    }
}
