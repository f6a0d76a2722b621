package io.halite.proxy.http;

import io.halite.config.Limits;
import io.halite.config.Timeouts;
import io.halite.proxy.http2.ClientSession;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.Tunnel;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: it reads the heads of requests one after the other and gives each to an {@link Exchange}. What
 * a client sends ahead waits until the response before it is through. Confined to the thread of its loop.
 *
 * <p>States: {@code IDLE} (no byte of a request yet) → {@code HEAD} (some) → {@code EXCHANGE} → {@code FLUSHING} (the
 * end of the response waits to be sent) → {@code IDLE}, or {@code LINGERING}: our side is shut, what the client still
 * sends is thrown away so that no reset destroys the response on its way (RFC 9112 §9.6).
 */
final class ClientConnection implements ConnectionHandler {
    private enum State { IDLE, HEAD, EXCHANGE, FLUSHING, LINGERING, TUNNEL, HTTP2, CLOSED }

    /** What a client may send ahead while a response is under way; then the kernel holds it. */
    private static final int MAX_AHEAD = 16 * 1024;
    private static final int HEAD_PIECE = 2 * 1024;
    private static final long LINGER_NANOS = 2_000_000_000L;
    private static final long FIRST_REQUEST_NANOS = 2_000_000_000L;
    private static final int MAX_LINGER_BYTES = 1024 * 1024;

    private final HttpLoop http;
    private final HttpListener listener;
    private final Connection wire;
    /** This is a stream of a client's connection. */
    private final boolean stream;
    private final KnownClient known;
    private final HeldBytes held;
    private State state = State.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    private @Nullable ClientSession http2;
    /** Nothing of a first request was looked at: it may be HTTP/2. */
    private boolean fresh;
    /** Made when something waits for the client for the first time. */
    private @Nullable Taking taking;
    /** The client will send nothing more, but may still read. */
    private boolean peerEnded;
    private boolean keepAlive;
    private boolean served;
    private boolean leaving;
    /** A call further up the stack works through bytes it has, and will go on to the next request by itself. */
    private boolean processing;
    private boolean lingers;
    private int lingered;
    private long headStarted;
    private long bytesSent;

    /** A new connection, or a stream of one. */
    ClientConnection(HttpLoop http, HttpListener listener, Connection wire, @Nullable ClientConnection whole) {
        this.http = http;
        this.listener = listener;
        this.wire = wire;
        stream = whole != null;
        known = whole == null ? new KnownClient(wire, listener.isSecure()) : whole.known;
        held = new HeldBytes(http.loop().buffers());
        fresh = !stream;
    }

    void open(ListenerTable table) {
        wire.handler(this);
        wire.deadlineIn(table.timeouts().requestHeader().toNanos());
        wire.reading(true);
    }

    Connection wire() {
        return wire;
    }

    HttpListener listener() {
        return listener;
    }

    /** The client sent its last byte, and no request waits. */
    boolean hasEnded() {
        return peerEnded && held.isEmpty();
    }

    KnownClient known() {
        return known;
    }

    /** Whether this is a stream of HTTP/2: its end is that of the request, and a client that leaves says so. */
    boolean isHttp2Stream() {
        return stream;
    }

    /** Sends bytes of a response. */
    Sent send(IoBuffer from, int offset, int length) {
        sent(length);
        return wire.send(from, offset, length);
    }

    /** Counts bytes of a response, or of a tunnel. */
    void sent(int length) {
        bytesSent += length;
        listener.counters().sent(length);
    }

    /** Something waits until the client takes it, and not for ever. */
    void awaitTaking() {
        Taking begun = taking;
        if (begun == null) {
            begun = new Taking(wire);
            taking = begun;
        }
        begun.begins(listener.current());
    }

    /** Whether the client, which has something to take, takes too little of it; one that does not gets more time. */
    boolean takesTooLittle() {
        boolean slow = taking == null || taking.isTooSlow(listener.current());
        if (slow) {
            http.upstreams.traffic().refused("SLOW_READER");
        }
        return slow;
    }

    /** Bytes sent since the connection was accepted. */
    long bytesSent() {
        return bytesSent;
    }

    /** Bytes that came after the request's own wait for their turn. */
    void hold(byte[] bytes, int from, int to) {
        held.add(bytes, from, to);
    }

    /** Bytes that came behind the request, taken for another protocol. */
    HeldBytes held() {
        return held;
    }

    /** The client sent its last byte. */
    void ended() {
        peerEnded = true;
        wire.reading(false);
    }

    /**
     * The exchange is over and its response handed to the socket.
     *
     * @param clientCloses the client said that this was its last request, and all of it is here
     */
    void exchangeEnded(boolean keepsAlive, boolean clientCloses) {
        exchange = null;
        keepAlive = keepsAlive;
        lingers = !clientCloses;
        if (wire.hasPending()) {
            state = State.FLUSHING;
            awaitTaking();
        } else {
            next();
        }
    }

    /** The exchange cannot end in an orderly way: the client must not take what it has for the whole. */
    void abort() {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        } else if (tunnel != null) {
            tunnel.abort();
        }
        close(true);
    }

    /** The exchange is over, and the socket takes no more. */
    void lost() {
        exchange = null;
        close(true);
    }

    /** When the first byte of the present request came. */
    long requestStarted() {
        return state == State.HEAD ? headStarted : http.loop().now();
    }

    /** The exchange took the socket for a tunnel; {@link #tunnelEnded} follows. */
    void becomesTunnel() {
        state = State.TUNNEL;
        exchange = null;
        held.clear();
    }

    void tunnelBegan(Tunnel carrying) {
        tunnel = carrying;
    }

    void tunnelEnded() {
        close(false);
    }

    /**
     * The listener closed, and it is this client's turn to go: an idle connection at once, any other after its response.
     * One that is new stays a little longer, since its first request is likely on its way.
     */
    void leave() {
        endWithNext();
        if (state == State.IDLE) {
            wire.deadlineNoLaterThan(served ? 0 : FIRST_REQUEST_NANOS);
        }
    }

    /** The client is asked to go with its next response; until then it may be idle for as long as ever. */
    void endWithNext() {
        leaving = true;
        if (http2 != null) {
            http2.goAway();
        }
    }

    /** Whether the client is asked to go: its next response is the last. */
    boolean isLeaving() {
        return leaving;
    }

    /** The client's streams are over, and so is the connection. */
    void http2Ended() {
        close(false);
    }

    @Override
    public void readable(Connection connection) {
        switch (state) {
            case IDLE, HEAD -> readHead();
            case EXCHANGE -> {
                if (exchange != null && !exchange.clientReadable()) {
                    readAhead();
                }
            }
            case FLUSHING -> readAhead();
            case LINGERING -> linger();
            case TUNNEL, HTTP2, CLOSED -> wire.reading(false);
        }
    }

    @Override
    public void drained(Connection connection) {
        if (taking != null) {
            taking.ends(listener.current());
        }
        if (state == State.FLUSHING) {
            next();
        } else if (exchange != null) {
            exchange.clientDrained();
        }
    }

    @Override
    public void broken(Connection connection) {
        left();
    }

    @Override
    public void failed(Connection connection) {
        abort();
    }

    @Override
    public void expired(Connection connection) {
        switch (state) {
            case IDLE -> idleTooLong();
            case LINGERING, TUNNEL, HTTP2, CLOSED -> close(false);
            case HEAD -> refuse(Reason.REQUEST_TIMEOUT);
            case FLUSHING -> {
                if (takesTooLittle()) {
                    close(true);
                }
            }
            case EXCHANGE -> {
                if (exchange != null) {
                    exchange.clientExpired();
                }
            }
        }
    }

    private void readHead() {
        int got;
        if (held.isEmpty()) {
            IoBuffer input = http.loop().input();
            got = wire.read(input, 0, input.size());
            if (got > 0) {
                listener.counters().received(got);
                int used = process(input.bytes(), 0, got);
                if (state != State.CLOSED && state != State.LINGERING) {
                    held.add(input.bytes(), used, got);
                }
                return;
            }
        } else {
            got = held.readFrom(wire, Math.min(Math.max(HEAD_PIECE, held.size()), Loop.INPUT - held.size()));
            if (got > 0) {
                listener.counters().received(got);
                if (held.size() >= limits().headers() || hasLineEnd(held.end() - got)) {
                    processHeld();
                }
                return;
            }
        }
        if (got != Connection.AGAIN) {
            close(false);
        }
    }

    /** A head that comes in drops is parsed once per line, not once per drop. */
    private boolean hasLineEnd(int from) {
        byte[] bytes = held.bytes();
        for (int at = from; at < held.end(); at++) {
            if (bytes[at] == '\n') {
                return true;
            }
        }
        return false;
    }

    private void processHeld() {
        int used = process(held.bytes(), held.start(), held.end());
        if (!held.isEmpty()) {
            held.usedUpTo(used);
        }
    }

    /** Starts the requests that begin in these bytes, as long as each is answered at once; the position it came to. */
    private int process(byte[] bytes, int start, int end) {
        int at = start;
        if (fresh) {
            int common = Http2Preface.common(bytes, start, end);
            fresh = common == end - start && common < Http2Preface.LENGTH;
            if (fresh) {
                headBegins();
                return start;
            }
            if (common == Http2Preface.LENGTH && listener.current().listener().http2()) {
                becomeHttp2(bytes, start + common, end);
                return end;
            }
        }
        processing = true;
        try {
            while (at < end && (state == State.IDLE || state == State.HEAD)) {
                Exchange next = http.takeExchange();
                int length = next.parse(this, bytes, at, end, listener.current());
                if (length == RequestParser.INCOMPLETE) {
                    http.giveExchange(next);
                    headBegins();
                    break;
                }
                state = State.EXCHANGE;
                served = true;
                exchange = next;
                wire.clearDeadline();
                at = next.begin(bytes, at + Math.max(0, length), end);
            }
        } finally {
            processing = false;
        }
        return at;
    }

    private void becomeHttp2(byte[] bytes, int from, int end) {
        state = State.HTTP2;
        wire.clearDeadline();
        ClientSession began = new ClientSession(new Http2Client(listener, this), wire);
        http2 = began;
        began.start(bytes, from, end);
    }

    private void headBegins() {
        if (state == State.IDLE) {
            state = State.HEAD;
            headStarted = http.loop().now();
            wire.deadlineIn(timeouts().requestHeader().toNanos());
        }
    }

    /** Answers a request of which not even the head came. */
    private void refuse(Reason reason) {
        Exchange refused = http.takeExchange();
        refused.parse(this, held.bytes(), held.start(), held.start(), listener.current());
        state = State.EXCHANGE;
        exchange = refused;
        refused.refuse(reason);
    }

    private void next() {
        if (!keepAlive || leaving) {
            if (lingers && !peerEnded) {
                startLingering();
            } else {
                close(false);
            }
            return;
        }
        state = State.IDLE;
        wire.deadlineIn(timeouts().idle().toNanos());
        wire.reading(!peerEnded);
        if (processing) {
            return;
        }
        if (!held.isEmpty()) {
            processHeld();
        }
        if (peerEnded && (state == State.IDLE || state == State.HEAD)) {
            close(false);
        }
    }

    /** Reads what the client sends ahead, up to a bound, so that its end is noticed. */
    private void readAhead() {
        if (held.size() >= MAX_AHEAD) {
            wire.reading(false);
            return;
        }
        int got = held.readFrom(wire, HEAD_PIECE);
        if (got > 0) {
            listener.counters().received(got);
        } else if (got == Connection.END) {
            peerEnded = true;
            wire.reading(false);
            if (exchange != null && held.isEmpty() && !isHttp2Stream() && exchange.isForsaken()) {
                left();
            }
        } else if (got == Connection.BROKEN) {
            left();
        }
    }

    /** The client went away by itself. */
    void left() {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientLeft();
        }
        close(false);
    }

    /** A request that is just coming when the client is asked to leave is still answered, and one after that not reset. */
    private void idleTooLong() {
        if (leaving) {
            readHead();
        }
        if (state == State.IDLE && leaving) {
            startLingering();
        } else if (state == State.IDLE) {
            close(false);
        }
    }

    private void startLingering() {
        state = State.LINGERING;
        held.clear();
        wire.shutdownOutput();
        wire.reading(true);
        wire.deadlineIn(LINGER_NANOS);
    }

    private void linger() {
        IoBuffer input = http.loop().input();
        int got = wire.read(input, 0, input.size());
        lingered += Math.max(0, got);
        if (got < 0 || lingered > MAX_LINGER_BYTES) {
            close(false);
        }
    }

    private void close(boolean reset) {
        state = State.CLOSED;
        held.clear();
        listener.forget(this);
        if (reset) {
            wire.abort();
        } else {
            wire.close();
        }
    }

    private Timeouts timeouts() {
        return listener.current().timeouts();
    }

    private Limits limits() {
        return listener.current().limits();
    }
}
