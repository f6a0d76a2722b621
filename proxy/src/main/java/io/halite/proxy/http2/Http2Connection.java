package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/2, RFC 9113, whichever end of it we are: streams, windows, settings, pings and the end of
 * it all. To the rest of the proxy each stream is a connection of its own that carries one HTTP/1.1 request. Confined to
 * the thread of its loop.
 *
 * <p>What a peer can make us hold is bounded: streams in number, their content by the windows that we grant, header blocks
 * in bytes and frames. While it does not read what we send, nothing is read of it. A peer that asks for more than it uses
 * (pings, settings, streams that it resets at once) is sent away.
 */
final class Http2Connection implements ConnectionHandler, FrameReader.Handler {
    private static final int CREDIT_STEP = 128 * 1024;
    /** As generous as nobody needs: one for each half of a frame's content, over the stream and over all, is plenty. */
    private static final int UPDATES_PER_FRAME = 10;
    private static final long GOODBYE_NANOS = 1_000_000_000L;

    private final Http2Side side;
    private final Connection wire;
    private final Http2Output output;
    private final FrameReader reader;
    private final Patience patience;
    private final StreamTable streams = new StreamTable();
    private final HpackWriter block = new HpackWriter();
    private final PastStreams past = new PastStreams();
    private final PeerSettings settings = new PeerSettings();
    /** What all streams together may have sent that is not passed on. */
    private int receiveWindow = Frames.INITIAL_WINDOW;
    private int credit;
    /** Streams that were opened, and windows that were widened. */
    private long opened;
    private long updates;
    private boolean leaving;
    private boolean ending;
    private boolean ended;

    Http2Connection(Http2Side side, Connection wire) {
        this.side = side;
        this.wire = wire;
        output = new Http2Output(wire, this::roomAgain);
        reader = new FrameReader(this, wire);
        patience = new Patience(wire.loop());
    }

    /** Begins: our settings, pairs of a number and a value, and the window of all streams together. */
    void start(int window, int... pairs) {
        wire.handler(this);
        output.settings(pairs);
        output.numbers(Frames.WINDOW_UPDATE, 0, 0, window - receiveWindow);
        receiveWindow = window;
        wire.reading(true);
    }

    /** Works through what was read before. */
    void work(byte[] bytes, int from, int to) {
        reader.add(bytes, from, to);
        work();
    }

    Connection wire() {
        return wire;
    }

    Http2Output output() {
        return output;
    }

    /** Where header blocks are written before they go out, one after the other. */
    HpackWriter block() {
        return block;
    }

    FrameReader reader() {
        return reader;
    }

    PeerSettings settings() {
        return settings;
    }

    PastStreams past() {
        return past;
    }

    int streams() {
        return streams.size();
    }

    @Nullable Http2Stream stream(int id) {
        return streams.get(id);
    }

    void opened(int id, Http2Stream stream) {
        streams.put(id, stream);
        opened++;
    }

    /** Whether the connection is over, or about to be. */
    boolean isEnding() {
        return ending;
    }

    /** Whether no new streams are taken. */
    boolean isLeaving() {
        return leaving || ending;
    }

    /** One more thing that serves no request; an error when it was one too many. */
    void spend() throws Http2Problem {
        patience.spend();
    }

    /** Content of any stream is no longer held. */
    void consumed(int bytes) {
        credit += bytes;
        if (credit >= CREDIT_STEP && !ending && output.hasReserve()) {
            receiveWindow += credit;
            output.numbers(Frames.WINDOW_UPDATE, 0, 0, credit);
            credit = 0;
        }
    }

    /** A stream's window is widened. */
    void credit(int stream, int bytes) {
        if (!ending) {
            output.numbers(Frames.WINDOW_UPDATE, 0, stream, bytes);
        }
    }

    /** We are through with a stream: whether it was open. */
    boolean forget(int id) {
        return streams.remove(id) != null && !ending;
    }

    /** A stream that was forgotten is over in every respect. */
    void forgotten() {
        side.streamEnded();
        endIfDone();
    }

    /** The streams there are, for whoever ends some of them. */
    List<Http2Stream> allStreams() {
        return streams.all();
    }

    /** Ends a stream because of what the peer did to it. */
    void abandon(int id, Http2Stream stream, int code) throws Http2Problem {
        streams.remove(id);
        past.cut(id);
        output.resetStream(id, code);
        stream.cut();
        side.needless(id, false);
        endIfDone();
    }

    // Reading.

    @Override
    public void readable(Connection connection) {
        int got = reader.readFrom(wire);
        if (got == Connection.AGAIN) {
            return;
        }
        if (got < 0) {
            lose();
            return;
        }
        work();
    }

    private void work() {
        boolean progress = false;
        try {
            progress = reader.work();
        } catch (Http2Problem problem) {
            side.refused(problem.code() == Http2Problem.ENHANCE_YOUR_CALM ? "HTTP2_FLOOD" : "BAD_HTTP2");
            end(problem.code());
        }
        if (!ending) {
            wire.reading(output.hasReserve());
            side.rearm(progress);
        }
    }

    @Override
    public boolean goesOn() {
        return !ending && output.hasReserve();
    }

    @Override
    public int maxFieldBytes() {
        return side.maxFieldBytes();
    }

    @Override
    public int maxFields() {
        return side.maxFields();
    }

    @Override
    public void data(int id, byte[] bytes, int from, int to, int padding, boolean last) throws Http2Problem {
        Http2Problem.check(id <= past.last(), "content of no stream");
        int length = to - from + padding;
        receiveWindow -= length;
        Http2Problem.window(receiveWindow >= 0);
        if (to == from && !last) {
            patience.spend();
        }
        Http2Stream stream = streams.get(id);
        if (stream == null || stream.incoming().hasEnded()) {
            consumed(length);
            if (stream != null) {
                abandon(id, stream, Http2Problem.STREAM_CLOSED);
            } else {
                side.needless(id, false);
                if (!past.wasCut(id)) {
                    output.resetStream(id, Http2Problem.STREAM_CLOSED);
                }
            }
            return;
        }
        try {
            stream.content(bytes, from, to, padding, last);
        } catch (Http2Problem wrong) {
            malformed(id, stream, wrong);
        }
    }

    @Override
    public void fields(int id, Fields fields, boolean last) throws Http2Problem {
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            if (id > past.last()) {
                side.begins(id, fields, last);
            } else {
                // It had to be read for the table's sake.
                side.needless(id, true);
            }
            return;
        }
        try {
            if (stream.incoming().hasEnded()) {
                throw new Http2Problem(Http2Problem.STREAM_CLOSED, "a head behind a message");
            }
            stream.fields(fields, last);
        } catch (Http2Problem wrong) {
            malformed(id, stream, wrong);
        }
    }

    private void malformed(int id, Http2Stream stream, Http2Problem wrong) throws Http2Problem {
        side.refused("BAD_HTTP2_REQUEST");
        abandon(id, stream, wrong.code());
    }

    @Override
    public void settings(byte[] bytes, int start, int length) throws Http2Problem {
        patience.spend();
        long before = settings.initialWindow();
        settings.read(bytes, start, length);
        boolean fits = true;
        for (Http2Stream each : streams.all()) {
            fits &= each.widen(settings.initialWindow() - before);
        }
        Http2Problem.window(fits);
        output.numbers(Frames.SETTINGS, Frames.FLAG_ACK, 0);
        side.settled();
    }

    @Override
    public void ping(int high, int low) throws Http2Problem {
        patience.spend();
        output.numbers(Frames.PING, Frames.FLAG_ACK, 0, high, low);
    }

    @Override
    public void pong() {
        side.pong();
    }

    @Override
    public void reset(int id, int code) throws Http2Problem {
        Http2Problem.check(id <= past.last(), "a reset of no stream");
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            side.needless(id, false);
        } else {
            side.reset(stream, code);
        }
    }

    @Override
    public void windowUpdate(int id, int by) throws Http2Problem {
        if (++updates > UPDATES_PER_FRAME * (opened + output.dataFrames())) {
            patience.spend();
        }
        Http2Stream stream = streams.get(id);
        if (id == 0) {
            Http2Problem.check(by > 0, "a window widened by nothing");
            Http2Problem.window(output.widen(by));
            streams.roomChanged();
        } else if (stream != null && (by == 0 || !stream.widen(by))) {
            abandon(id, stream, by == 0 ? Http2Problem.PROTOCOL_ERROR : Http2Problem.FLOW_CONTROL_ERROR);
        } else {
            Http2Problem.check(id <= past.last(), "a window of no stream");
        }
    }

    @Override
    public void goAway(int lastStream) {
        leaving = true;
        side.goAway(lastStream);
        endIfDone();
    }

    @Override
    public void needless() throws Http2Problem {
        patience.spend();
    }

    // The end.

    /** No new streams, and the end when those there are are through. */
    void leave() {
        if (!leaving && !ending) {
            leaving = true;
            output.numbers(Frames.GOAWAY, 0, 0, side.lastStream(), Http2Problem.NO_ERROR);
            endIfDone();
        }
    }

    private void endIfDone() {
        if (leaving && streams.isEmpty() && !ending) {
            ending = true;
            wire.reading(false);
            output.flush();
            finish();
        }
    }

    /** Tells the peer what it did wrong, and ends. */
    void end(int code) {
        if (!ending) {
            ending = true;
            wire.reading(false);
            output.numbers(Frames.GOAWAY, 0, 0, side.lastStream(), code);
            output.flush();
            cutAll();
            finish();
        }
    }

    /** Closes when the socket has what it is to have. */
    private void finish() {
        if (ended) {
            return;
        }
        if (wire.isOpen() && !output.isBroken() && (wire.hasPending() || !output.isEmpty())) {
            wire.deadlineIn(GOODBYE_NANOS);
        } else {
            wire.shutdownOutput();
            lose();
        }
    }

    /** The connection is over, whatever is under way. */
    void lose() {
        if (!ended) {
            ended = true;
            ending = true;
            cutAll();
            reader.clear();
            output.release();
            side.ended();
        }
    }

    private void cutAll() {
        List<Http2Stream> all = allStreams();
        streams.clear();
        all.forEach(Http2Stream::lost);
    }

    /** The socket took everything: there is room for what waits. */
    private void roomAgain() {
        if (output.isBroken()) {
            lose();
        } else if (ending) {
            finish();
        } else {
            streams.roomChanged();
            side.roomAgain();
            consumed(0);
            if (!wire.isReading()) {
                work();
            }
        }
    }

    @Override
    public void drained(Connection connection) {
        if (output.isEmpty()) {
            roomAgain();
        } else {
            output.flush();
        }
    }

    @Override
    public void broken(Connection connection) {
        lose();
    }

    @Override
    public void failed(Connection connection) {
        lose();
    }

    @Override
    public void overdue(Connection connection) {
        allStreams().forEach(stream -> stream.inner().overdue());
        end(Http2Problem.NO_ERROR);
    }

    @Override
    public void expired(Connection connection) {
        if (ending) {
            lose();
        } else {
            side.expired();
        }
    }
}
