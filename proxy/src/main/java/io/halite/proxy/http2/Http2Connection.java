package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's connection that speaks HTTP/2, RFC 9113. Each stream becomes a connection of its own that carries one
 * HTTP/1.1 request, so that routes, limits, retries and counters are the same whatever the client speaks. Confined to the
 * thread of its loop.
 *
 * <p>What a client can make us hold is bounded: its streams in number, their bodies by the windows that we grant, header
 * blocks in bytes and frames. While it does not read what we send, nothing is read of it. A client that asks for more than
 * it uses (pings, settings, streams that it resets at once) is sent away.
 */
public final class Http2Connection implements ConnectionHandler {
    static final int MAX_STREAMS = 100;
    /** What all streams together may have sent that no target has taken. */
    private static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int CREDIT_STEP = 128 * 1024;
    private static final int MAX_STREAMS_EVER = 10_000;
    private static final int READ = 16 * 1024;
    private static final int STREAM_IDS = 0x7FFF_FFFF;
    private static final long GOODBYE_NANOS = 1_000_000_000L;
    private final Http2Owner owner;
    private final Connection wire;
    private final Http2Output output;
    private final HeldBytes input;
    private final HeaderBlock block = new HeaderBlock();
    private final HpackDecoder decoder = new HpackDecoder();
    private final Patience patience;
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final PastStreams past = new PastStreams();
    private int streamsEver;
    private final PeerSettings settings = new PeerSettings();
    private int receiveWindow = CONNECTION_WINDOW;
    private int credit;
    private boolean settled;
    private boolean goingAway;
    private boolean ending;
    private boolean ended;

    /** A connection whose first bytes were those of HTTP/2. */
    public Http2Connection(Http2Owner owner, Connection wire) {
        this.owner = owner;
        this.wire = wire;
        output = new Http2Output(wire, this::roomAgain);
        input = new HeldBytes(wire.loop().buffers());
        patience = new Patience(wire.loop());
    }

    /** Begins with the bytes behind the preface. */
    public void start(byte[] bytes, int from, int to) {
        wire.handler(this);
        output.settings(Frames.SETTING_MAX_STREAMS, MAX_STREAMS, Frames.SETTING_MAX_HEADER_LIST,
                owner.limits().headers());
        output.numbers(Frames.WINDOW_UPDATE, 0, 0, CONNECTION_WINDOW - Frames.INITIAL_WINDOW);
        input.add(bytes, from, to);
        wire.reading(true);
        work();
    }

    /** The listener closes: no new streams, and the end when those there are are through. */
    public void goAway() {
        if (!goingAway && !ending) {
            goingAway = true;
            output.numbers(Frames.GOAWAY, 0, 0, past.last(), Http2Problem.NO_ERROR);
            endIfDone();
        }
    }

    Connection wire() {
        return wire;
    }

    Http2Output output() {
        return output;
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

    /** The proxy is through with a stream. */
    void closed(Http2Stream stream, boolean reset, boolean done, boolean endsByClose) {
        if (streams.remove(stream.id()) == null || ending) {
            return;
        }
        if (!done && endsByClose && !reset) {
            output.endStream(stream.id());
        } else if (!done) {
            output.resetStream(stream.id(), Http2Problem.INTERNAL_ERROR);
        }
        if (!stream.hasRequestEnded()) {
            past.cut(stream.id());
            if (done || endsByClose) {
                // RFC 9113 §8.1: the response is whole, the rest of the request is not needed.
                output.resetStream(stream.id(), Http2Problem.NO_ERROR);
            }
        }
        rearm(true);
        endIfDone();
    }

    // Reading.

    @Override
    public void readable(Connection connection) {
        int got = input.readFrom(wire, READ);
        if (got == Connection.AGAIN) {
            return;
        }
        if (got < 0) {
            lose();
            return;
        }
        work();
    }

    /** Works through the whole frames at hand. */
    private void work() {
        boolean progress = false;
        try {
            while (!ending && input.size() >= Frames.HEAD && output.hasReserve()) {
                byte[] bytes = input.bytes();
                int at = input.start();
                int length = Frames.number(bytes, at, 3);
                if (length > Frames.MAX_PAYLOAD) {
                    throw new Http2Problem(Http2Problem.FRAME_SIZE_ERROR, "a frame that is too long");
                }
                if (input.size() < Frames.HEAD + length) {
                    break;
                }
                frame(bytes, at, length);
                progress = true;
                if (!input.isEmpty()) {
                    input.usedUpTo(at + Frames.HEAD + length);
                }
            }
        } catch (Http2Problem problem) {
            owner.refused(problem.code() == Http2Problem.ENHANCE_YOUR_CALM ? "HTTP2_FLOOD" : "BAD_HTTP2");
            end(problem.code());
        }
        if (!ending) {
            wire.reading(output.hasReserve());
            rearm(progress);
        }
    }

    private void frame(byte[] bytes, int at, int length) throws Http2Problem {
        int type = bytes[at + 3] & 0xFF;
        int flags = bytes[at + 4] & 0xFF;
        int stream = Frames.number(bytes, at + 5, 4) & STREAM_IDS;
        int start = at + Frames.HEAD;
        Http2Problem.check(settled || type == Frames.SETTINGS, "no settings first");
        Http2Problem.check(!block.isOpen() || (type == Frames.CONTINUATION && stream == block.stream()),
                "a header block cut in two");
        switch (type) {
            case Frames.DATA -> data(bytes, start, length, flags, stream);
            case Frames.HEADERS -> {
                Http2Problem.check(stream % 2 == 1, "a stream that no client may begin");
                block.begin(bytes, start, length, flags, stream);
                blockCame();
            }
            case Frames.CONTINUATION -> {
                Http2Problem.check(block.isOpen(), "a continuation of nothing");
                block.more(bytes, start, length, flags);
                blockCame();
            }
            case Frames.SETTINGS -> settings(bytes, start, length, flags, stream);
            case Frames.PING -> ping(bytes, start, length, flags, stream);
            case Frames.RST_STREAM -> reset(length, stream);
            case Frames.WINDOW_UPDATE -> windowUpdate(bytes, start, length, stream);
            case Frames.GOAWAY -> {
                Http2Problem.check(stream == 0, "a stream that goes away");
                Http2Problem.size(length >= 8);
                goingAway = true;
            }
            case Frames.PRIORITY -> {
                Http2Problem.size(length == 5);
                Http2Problem.check(stream != 0, "a priority of nothing");
                patience.spend();
            }
            case Frames.PUSH_PROMISE -> throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "a client that pushes");
            default -> patience.spend();
        }
    }

    private void data(byte[] bytes, int start, int length, int flags, int id) throws Http2Problem {
        Http2Problem.check(id != 0 && id <= past.last(), "content of no stream");
        receiveWindow -= length;
        Http2Problem.window(receiveWindow >= 0);
        boolean padded = (flags & Frames.FLAG_PADDED) != 0;
        int padding = padded && length > 0 ? 1 + (bytes[start] & 0xFF) : 0;
        Http2Problem.check(padding <= length && (!padded || length > 0), "more padding than frame");
        boolean last = (flags & Frames.FLAG_END_STREAM) != 0;
        if (length - padding == 0 && !last) {
            patience.spend();
        }
        Http2Stream stream = streams.get(id);
        if (stream == null || stream.hasRequestEnded()) {
            consumed(length);
            patience.spend();
            if (stream != null) {
                abandon(stream, Http2Problem.STREAM_CLOSED);
            } else if (!past.wasCut(id)) {
                output.resetStream(id, Http2Problem.STREAM_CLOSED);
            }
            return;
        }
        int from = padded ? start + 1 : start;
        try {
            stream.content(bytes, from, from + length - padding, padding, last);
        } catch (Http2Problem wrong) {
            owner.refused("BAD_HTTP2_REQUEST");
            abandon(stream, wrong.code());
        }
    }

    private void blockCame() throws Http2Problem {
        if (!block.isWhole()) {
            return;
        }
        Fields fields = decoder.decode(block.bytes(), 0, block.size(), owner.limits().headers(),
                owner.limits().headerCount() + 4);
        int id = block.stream();
        block.close();
        Http2Stream known = streams.get(id);
        if (known != null) {
            trailers(known, fields, block.endsStream());
        } else if (id > past.last()) {
            past.begun(id);
            begin(id, fields, block.endsStream());
        } else {
            // Of a stream that is over already: the block had to be read for the table's sake.
            patience.spend();
            if (!past.wasCut(id)) {
                throw new Http2Problem(past.wasUsed(id) ? Http2Problem.STREAM_CLOSED : Http2Problem.PROTOCOL_ERROR,
                        "a head of a stream that is over");
            }
        }
    }

    private void trailers(Http2Stream stream, Fields fields, boolean last) throws Http2Problem {
        try {
            if (stream.hasRequestEnded()) {
                throw new Http2Problem(Http2Problem.STREAM_CLOSED, "a head behind a request");
            }
            Http2Problem.check(last && !fields.tooLarge(), "a head in the middle of a request");
            stream.end(RequestText.trailers(fields.list()));
        } catch (Http2Problem wrong) {
            owner.refused("BAD_HTTP2_REQUEST");
            abandon(stream, wrong.code());
        }
    }

    private void begin(int id, Fields fields, boolean last) throws Http2Problem {
        if (goingAway || streams.size() >= MAX_STREAMS) {
            refuse(id, Http2Problem.REFUSED_STREAM, last);
            return;
        }
        if (fields.tooLarge()) {
            owner.refused("HEADERS_TOO_LARGE");
            patience.spend();
            answer(id, 431, last);
            return;
        }
        RequestText request;
        try {
            request = RequestText.of(fields.list(), !last);
        } catch (Http2Problem malformed) {
            owner.refused("BAD_HTTP2_REQUEST");
            refuse(id, malformed.code(), last);
            return;
        }
        if (request.isConnect()) {
            answer(id, 405, last);
            return;
        }
        Http2Stream stream = new Http2Stream(this, id, request, last, settings.initialWindow());
        streams.put(id, stream);
        owner.accepted(stream.inner());
        if (++streamsEver >= MAX_STREAMS_EVER) {
            goAway();
        }
    }

    private void refuse(int id, int code, boolean last) throws Http2Problem {
        patience.spend();
        output.resetStream(id, code);
        if (!last) {
            past.cut(id);
        }
    }

    private void answer(int id, int status, boolean last) {
        output.headers(id, new HpackWriter().restart().status(status), true);
        if (!last) {
            past.cut(id);
            output.resetStream(id, Http2Problem.NO_ERROR);
        }
    }

    private void settings(byte[] bytes, int start, int length, int flags, int id) throws Http2Problem {
        Http2Problem.check(id == 0, "settings of a stream");
        settled = true;
        if ((flags & Frames.FLAG_ACK) != 0) {
            Http2Problem.size(length == 0);
            return;
        }
        patience.spend();
        long before = settings.initialWindow();
        settings.read(bytes, start, length);
        boolean fits = true;
        for (Http2Stream each : streams.values()) {
            fits &= each.widen(settings.initialWindow() - before);
        }
        Http2Problem.window(fits);
        output.numbers(Frames.SETTINGS, Frames.FLAG_ACK, 0);
    }

    private void ping(byte[] bytes, int start, int length, int flags, int id) throws Http2Problem {
        Http2Problem.check(id == 0, "a ping of a stream");
        Http2Problem.size(length == 8);
        if ((flags & Frames.FLAG_ACK) == 0) {
            patience.spend();
            output.numbers(Frames.PING, Frames.FLAG_ACK, 0, Frames.number(bytes, start, 4),
                    Frames.number(bytes, start + 4, 4));
        }
    }

    private void reset(int length, int id) throws Http2Problem {
        Http2Problem.size(length == 4);
        Http2Problem.check(id != 0 && id <= past.last(), "a reset of no stream");
        // CVE-2023-44487: streams that are reset as fast as they are begun.
        patience.spend();
        Http2Stream stream = streams.remove(id);
        if (stream != null) {
            stream.cut();
            endIfDone();
        }
    }

    private void windowUpdate(byte[] bytes, int start, int length, int id) throws Http2Problem {
        Http2Problem.size(length == 4);
        int by = Frames.number(bytes, start, 4) & STREAM_IDS;
        Http2Stream stream = streams.get(id);
        if (id == 0) {
            Http2Problem.check(by > 0, "a window widened by nothing");
            Http2Problem.window(output.widen(by));
            streams.values().forEach(each -> each.inner().changed());
        } else if (stream != null && (by == 0 || !stream.widen(by))) {
            abandon(stream, by == 0 ? Http2Problem.PROTOCOL_ERROR : Http2Problem.FLOW_CONTROL_ERROR);
        } else {
            Http2Problem.check(id <= past.last(), "a window of no stream");
        }
    }

    private void abandon(Http2Stream stream, int code) throws Http2Problem {
        streams.remove(stream.id());
        past.cut(stream.id());
        output.resetStream(stream.id(), code);
        stream.cut();
        // CVE-2025-8671: as CVE-2023-44487, but the client has us do it.
        patience.spend();
        endIfDone();
    }

    // The end.

    /** Deadlines: of a frame or header block under way, and of a connection without streams; streams have their own. */
    private void rearm(boolean progress) {
        if (ending) {
            return;
        }
        if (progress) {
            wire.clearDeadline();
        }
        if (!output.hasReserve()) {
            wire.deadlineIn(owner.timeouts().idle().toNanos());
        } else if (block.isOpen() || !input.isEmpty() || !settled) {
            wire.deadlineNoLaterThan(owner.timeouts().requestHeader().toNanos());
        } else if (streams.isEmpty()) {
            wire.deadlineIn(owner.timeouts().idle().toNanos());
        } else {
            wire.clearDeadline();
        }
    }

    private void endIfDone() {
        if (goingAway && streams.isEmpty() && !ending) {
            ending = true;
            wire.reading(false);
            output.flush();
            finish();
        }
    }

    /** Tells the peer what it did wrong, and ends. */
    private void end(int code) {
        if (!ending) {
            ending = true;
            wire.reading(false);
            output.numbers(Frames.GOAWAY, 0, 0, past.last(), code);
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

    private void lose() {
        if (!ended) {
            ended = true;
            ending = true;
            cutAll();
            input.clear();
            output.release();
            owner.ended();
        }
    }

    private void cutAll() {
        List<Http2Stream> all = new ArrayList<>(streams.values());
        streams.clear();
        all.forEach(Http2Stream::cut);
    }

    /** The socket took everything: there is room for what waits. */
    private void roomAgain() {
        if (output.isBroken()) {
            lose();
        } else if (ending) {
            finish();
        } else {
            streams.values().forEach(stream -> stream.inner().changed());
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
    public void expired(Connection connection) {
        if (ending || !streams.isEmpty() || block.isOpen() || !input.isEmpty()) {
            lose();
        } else {
            end(Http2Problem.NO_ERROR);
        }
    }
}
