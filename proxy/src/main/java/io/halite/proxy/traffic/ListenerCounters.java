package io.halite.proxy.traffic;

/** The counters of one listener in one loop. Written by the loop's thread, read by any. */
public final class ListenerCounters {
    private final String listener;
    private long accepted;
    private long closed;
    private long bytesIn;
    private long bytesOut;
    private long handshakes;
    private long handshakesFailed;

    ListenerCounters(String listener) {
        this.listener = listener;
    }

    public void accepted() {
        accepted++;
    }

    public void closed() {
        closed++;
    }

    /** Bytes came from a client. */
    public void received(long bytes) {
        bytesIn += bytes;
    }

    /** Bytes went to a client. */
    public void sent(long bytes) {
        bytesOut += bytes;
    }

    /** A TLS handshake with a client came to its end. */
    public void handshake() {
        handshakes++;
    }

    /** A TLS handshake with a client came to nothing. */
    public void handshakeFailed() {
        handshakesFailed++;
    }

    /** Connections open now, as the loop's own thread sees them. */
    public long open() {
        return accepted - closed;
    }

    Traffic.ListenerTraffic read() {
        return new Traffic.ListenerTraffic(listener, Math.max(0, accepted - closed), accepted, bytesIn, bytesOut,
                handshakes, handshakesFailed);
    }
}
