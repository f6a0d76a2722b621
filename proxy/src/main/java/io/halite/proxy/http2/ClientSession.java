package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;

/**
 * The HTTP/2 connection of a client that we serve: each of its streams is handed on as a connection that carries one
 * HTTP/1.1 request, so that routes, limits, retries and counters are the same whatever the client speaks. Confined to the
 * thread of its loop.
 */
public final class ClientSession implements Http2Side {
    static final int MAX_STREAMS = 100;
    private static final int WINDOW = 1024 * 1024;
    /** How long a client that does not answer may take to hear that we leave. */
    private static final long NOTICE_NANOS = 5_000_000_000L;

    private final ClientOwner owner;
    private final Http2Connection connection;
    private final RequestText request = new RequestText();
    /** The client is told that we leave, and what it began before it heard is still served. */
    private boolean parting;
    private long partsAt;

    /** A connection whose first bytes were those of HTTP/2. */
    public ClientSession(ClientOwner owner, Connection wire) {
        this.owner = owner;
        connection = new Http2Connection(this, wire);
    }

    /** Begins with the bytes behind the preface. */
    public void start(byte[] bytes, int from, int to) {
        connection.start(WINDOW, Frames.SETTING_MAX_STREAMS, MAX_STREAMS, Frames.SETTING_MAX_HEADER_LIST,
                owner.limits().headers(), Frames.SETTING_CONNECT_PROTOCOL, 1);
        connection.work(bytes, from, to);
    }

    /**
     * The listener closes. Requests are on their way when the client hears of it, and none of them is refused: it is told
     * first that there is an end, and which stream is the last when it has heard (RFC 9113 §6.8).
     */
    public void goAway() {
        if (!parting && !connection.isLeaving()) {
            parting = true;
            partsAt = connection.wire().loop().now() + NOTICE_NANOS;
            connection.output().numbers(Frames.GOAWAY, 0, 0, Integer.MAX_VALUE, Http2Problem.NO_ERROR);
            connection.output().numbers(Frames.PING, 0, 0, 0, 0);
            rearm(false);
        }
    }

    @Override
    public int maxFieldBytes() {
        return owner.limits().headers();
    }

    @Override
    public int maxFields() {
        return owner.limits().headerCount();
    }

    @Override
    public int lastStream() {
        return connection.past().last();
    }

    @Override
    public void begins(int id, Fields fields, boolean last) throws Http2Problem {
        connection.past().begun(id);
        if (connection.isLeaving() || connection.streams() >= MAX_STREAMS) {
            refuse(id, Http2Problem.REFUSED_STREAM, last);
            return;
        }
        if (fields.tooLarge()) {
            owner.refused("HEADERS_TOO_LARGE");
            connection.spend();
            answer(id, 431, last);
            return;
        }
        try {
            request.read(fields.list(), !last);
        } catch (Http2Problem malformed) {
            refused("BAD_HTTP2_REQUEST");
            refuse(id, malformed.code(), last);
            return;
        }
        if (request.refusal() != 0) {
            answer(id, request.refusal(), last);
            return;
        }
        ClientStream stream = new ClientStream(connection, id, request, last);
        connection.opened(id, stream);
        owner.accepted(stream.inner());
    }

    private void refuse(int id, int code, boolean last) throws Http2Problem {
        connection.spend();
        connection.output().resetStream(id, code);
        if (!last) {
            connection.past().cut(id);
        }
    }

    private void answer(int id, int status, boolean last) {
        connection.output().headers(id, new HpackWriter().restart().status(status), true);
        if (!last) {
            connection.past().cut(id);
            connection.output().resetStream(id, Http2Problem.NO_ERROR);
        }
    }

    @Override
    public void settled() {
        // Requests may come at any time.
    }

    @Override
    public void reset(Http2Stream stream, int code) throws Http2Problem {
        // CVE-2023-44487: streams that are reset as fast as they are begun.
        connection.spend();
        connection.forget(stream.id());
        stream.cut();
        connection.forgotten();
    }

    @Override
    public void goAway(int ofOurs) {
        // We began none.
    }

    @Override
    public void pong() {
        if (parting) {
            connection.leave();
        }
    }

    @Override
    public void needless(int stream, boolean head) throws Http2Problem {
        // CVE-2025-8671: as CVE-2023-44487, but the client has us do it.
        connection.spend();
        PastStreams past = connection.past();
        if (head && !past.wasCut(stream)) {
            throw new Http2Problem(past.wasUsed(stream) ? Http2Problem.STREAM_CLOSED : Http2Problem.PROTOCOL_ERROR,
                    "a head of a stream that is over");
        }
    }

    @Override
    public void roomAgain() {
        // Responses have their streams, which were told.
    }

    @Override
    public void streamEnded() {
        rearm(true);
    }

    /** Deadlines: of a frame or header block under way, and of a connection without streams; streams have their own. */
    @Override
    public void rearm(boolean progress) {
        if (connection.isEnding()) {
            return;
        }
        Connection wire = connection.wire();
        if (progress) {
            wire.clearDeadline();
        }
        if (!connection.output().hasReserve()) {
            wire.deadlineIn(owner.timeouts().idle().toNanos());
        } else if (connection.reader().isMidway() || !connection.reader().isSettled()) {
            wire.deadlineNoLaterThan(owner.timeouts().requestHeader().toNanos());
        } else if (connection.streams() == 0) {
            wire.deadlineIn(owner.timeouts().idle().toNanos());
        } else {
            wire.clearDeadline();
        }
        if (parting && !connection.isLeaving()) {
            wire.deadlineNoLaterThan(Math.max(0, partsAt - wire.loop().now()));
        }
    }

    @Override
    public void expired() {
        if (parting && !connection.isLeaving() && connection.wire().loop().now() - partsAt >= 0) {
            connection.leave();
            rearm(false);
        } else if (connection.streams() > 0 || connection.reader().isMidway()) {
            connection.lose();
        } else {
            connection.end(Http2Problem.NO_ERROR);
        }
    }

    @Override
    public void refused(String reason) {
        owner.refused(reason);
    }

    @Override
    public void ended() {
        owner.ended();
    }
}
