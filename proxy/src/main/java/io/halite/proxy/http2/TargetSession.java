package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An HTTP/2 connection to a target: each request goes over a stream of its own. Confined to the thread of its loop.
 *
 * <p>A target that is silent while it has something to answer is asked whether it is there still, with a ping, and gets no
 * new requests until something comes; when nothing does, the connection is given up, and with it the requests on it. gRPC's
 * servers take offence at pings that come more often than every five minutes while they themselves say nothing: so the
 * first comes soon, and the following seldom.
 */
public final class TargetSession implements Http2Side {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_STREAMS = 100;
    /** As much as all streams may be sent: one response that nobody reads keeps none of the others from coming. */
    private static final int WINDOW = MAX_STREAMS * Frames.INITIAL_WINDOW;
    private static final int MAX_FIELD_BYTES = 60 * 1024;
    private static final int MAX_FIELDS = 1_000;
    private static final int LAST_ID = 1 << 30;
    private static final long SILENCE_NANOS = 10_000_000_000L;
    private static final long LONG_SILENCE_NANOS = 310_000_000_000L;
    private static final long PONG_NANOS = 10_000_000_000L;
    /** As many as grpc-go, grpc-java and grpc-core bear; with one more they answer GOAWAY, too_many_pings. */
    private static final int MAX_STRIKES = 2;
    private static final long DOUBT_NANOS = 1_000_000_000L;

    private final Owner owner;
    private final Http2Connection connection;
    private final boolean secure;
    private final ResponseText responseText = new ResponseText();
    /** Those that did not begin among them. */
    private final Set<TargetStream> open = new LinkedHashSet<>();
    private int lastId = -1;
    private boolean ready;
    private boolean awaitsPong;
    private boolean ponged;
    private long silence = SILENCE_NANOS;
    private long pingedAt;
    /** Pings in a row that came sooner than servers of gRPC like, while they themselves had nothing to say. */
    private int strikes;
    private long heardAt;

    /** Whoever the connection belongs to. */
    public interface Owner {

        /** The target speaks HTTP/2: requests may go. */
        void ready();

        /** A request is over, or room for others changed. */
        void changed();

        /** How long the connection stays when it carries nothing. */
        long idleNanos();

        /** The connection is closed, and so are its streams. */
        void ended();
    }

    /**
     * A connection that was just made.
     *
     * @param secure whether it is over TLS
     */
    public TargetSession(Owner owner, Connection wire, boolean secure) {
        this.owner = owner;
        this.secure = secure;
        connection = new Http2Connection(this, wire);
        heardAt = wire.loop().now();
    }

    /** Says what every client begins with; the target must answer within this time. */
    public void start(long nanos) {
        Connection wire = connection.wire();
        IoBuffer output = wire.loop().output();
        System.arraycopy(PREFACE, 0, output.bytes(), 0, PREFACE.length);
        if (wire.send(output, 0, PREFACE.length) == Sent.BROKEN) {
            connection.lose();
            return;
        }
        connection.start(WINDOW, Frames.SETTING_ENABLE_PUSH, 0, Frames.SETTING_MAX_HEADER_LIST, MAX_FIELD_BYTES);
        wire.deadlineIn(nanos);
    }

    /** A new request. */
    public TargetRequest open() {
        TargetStream stream = new TargetStream(this, connection, secure);
        open.add(stream);
        if (open.size() == 1) {
            listen();
        }
        return stream;
    }

    /** How many more requests it may carry now. */
    public int free() {
        boolean usable = ready && !awaitsPong && !connection.isLeaving() && lastId < LAST_ID;
        return usable ? Math.max(0, maxStreams() - open.size()) : 0;
    }

    /** Requests that it carries. */
    public int carried() {
        return open.size();
    }

    /** Takes no more requests, and ends when those it has are through. */
    public void leave() {
        connection.leave();
        endIfUnused();
    }

    /** Whether it takes no more requests. */
    public boolean isLeaving() {
        return connection.isLeaving();
    }

    /** Where heads of responses become text, one after the other. */
    ResponseText responseText() {
        return responseText;
    }

    boolean mayBegin() {
        return ready && !connection.isLeaving() && connection.streams() < maxStreams();
    }

    int nextId() {
        lastId += 2;
        connection.past().begun(lastId);
        return lastId;
    }

    private int maxStreams() {
        return Math.min(MAX_STREAMS, connection.settings().maxStreams());
    }

    /** A request is over. */
    void over(TargetStream stream) {
        open.remove(stream);
        if (connection.isEnding()) {
            return;
        }
        boolean unanswered = !stream.incoming().hasEnded() && connection.wire().loop().now() - heardAt > DOUBT_NANOS;
        if (unanswered && !awaitsPong && strikes >= MAX_STRIKES) {
            // Another ping could end it for all: those it has stay, others get a new one.
            connection.leave();
        } else if (unanswered && !awaitsPong) {
            ping();
        } else if (open.isEmpty()) {
            listen();
        }
        roomAgain();
        connection.forgotten();
        endIfUnused();
        owner.changed();
    }

    private void endIfUnused() {
        if (connection.isLeaving() && open.isEmpty() && !connection.isEnding()) {
            connection.end(Http2Problem.NO_ERROR);
        }
    }

    @Override
    public int maxFieldBytes() {
        return MAX_FIELD_BYTES;
    }

    @Override
    public int maxFields() {
        return MAX_FIELDS;
    }

    @Override
    public int lastStream() {
        return 0;
    }

    @Override
    public void begins(int stream, Fields fields, boolean last) throws Http2Problem {
        throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "a stream that no target may begin");
    }

    @Override
    public void needless(int stream, boolean head) {
        // Clients say how many requests are given up while their responses are under way: a connection that others use must
        // not end for it. What comes is bounded by the windows, as what is of use.
    }

    @Override
    public void roomAgain() {
        if (connection.streams() == open.size()) {
            return;
        }
        for (TargetStream stream : open) {
            if (stream.id() == 0) {
                stream.inner().changed();
            }
        }
    }

    @Override
    public void settled() {
        if (ready) {
            roomAgain();
            owner.changed();
        } else {
            ready = true;
            listen();
            owner.ready();
        }
    }

    @Override
    public void reset(Http2Stream stream, int code) {
        if (stream instanceof TargetStream ours) {
            ours.reset(code);
        }
    }

    @Override
    public void goAway(int lastStream) {
        for (TargetStream stream : new ArrayList<>(open)) {
            if (stream.id() == 0 || stream.id() > lastStream) {
                stream.cutUntouched();
            }
        }
        endIfUnused();
        owner.changed();
    }

    @Override
    public void pong() {
        ponged = true;
        silence = LONG_SILENCE_NANOS;
    }

    @Override
    public void streamEnded() {
        // The stream said so itself.
    }

    @Override
    public void rearm(boolean progress) {
        if (progress && ready) {
            heardAt = connection.wire().loop().now();
            awaitsPong = false;
            silence = ponged ? silence : SILENCE_NANOS;
            strikes = ponged ? strikes : 0;
            ponged = false;
            listen();
        }
    }

    /** From now on it may be silent for so long; further requests do not put that off. */
    private void listen() {
        if (ready && !connection.isEnding()) {
            connection.wire().deadlineIn(open.isEmpty() ? owner.idleNanos() : awaitsPong ? PONG_NANOS : silence);
        }
    }

    @Override
    public void expired() {
        if (!ready || awaitsPong) {
            connection.lose();
        } else if (open.isEmpty()) {
            connection.end(Http2Problem.NO_ERROR);
        } else {
            ping();
        }
    }

    private void ping() {
        long now = connection.wire().loop().now();
        boolean soon = pingedAt != 0 && now - pingedAt < LONG_SILENCE_NANOS - PONG_NANOS;
        strikes = soon ? strikes + 1 : 0;
        pingedAt = now;
        awaitsPong = true;
        connection.output().numbers(Frames.PING, 0, 0, lastId, 0);
        listen();
    }

    @Override
    public void refused(String reason) {
        // What a target does wrong fails the requests it was asked, and those are counted.
    }

    @Override
    public void ended() {
        new ArrayList<>(open).stream().filter(stream -> stream.id() == 0).forEach(TargetStream::cutUntouched);
        connection.wire().close();
        owner.ended();
    }
}
