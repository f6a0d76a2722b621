package io.halite.proxy.http;

import io.halite.config.Timeouts;
import io.halite.proxy.http2.ClientSession;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.Farewell;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.Tunnel;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: each request whose head its {@link RequestReader} has found goes to an {@link Exchange}, one
 * after the other. Confined to the thread of its loop.
 *
 * <p>States: {@code IDLE} (no byte of a request yet) → {@code HEAD} (some) → {@code EXCHANGE} → {@code FLUSHING} (the
 * end of the response waits to be sent) → {@code IDLE}, or {@code OVER}: nothing more is served, and the connection is
 * closed, or about to be by a {@link Farewell}.
 */
final class ClientConnection implements ConnectionHandler {
    private enum State { IDLE, HEAD, EXCHANGE, FLUSHING, TUNNEL, HTTP2, OVER }

    private static final long FIRST_REQUEST_NANOS = 2_000_000_000L;

    private final HttpLoop http;
    private final HttpListener listener;
    private final Connection wire;
    /** This is a stream of a client's connection. */
    private final boolean stream;
    private final KnownClient known;
    private final RequestReader reader;
    private State state = State.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    private @Nullable ClientSession http2;
    /** Nothing of a first request was looked at: it may be HTTP/2. */
    private boolean fresh;
    /** Made when something waits for the client for the first time. */
    private @Nullable Taking taking;
    private boolean keepAlive;
    private boolean served;
    private boolean leaving;
    /** The client may still be sending when its connection ends. */
    private boolean lingers;
    private long headStarted;
    private long bytesSent;

    /** A new connection, or a stream of one. */
    ClientConnection(HttpLoop http, HttpListener listener, Connection wire, @Nullable ClientConnection whole) {
        this.http = http;
        this.listener = listener;
        this.wire = wire;
        stream = whole != null;
        known = whole == null ? new KnownClient(wire, listener.isSecure()) : whole.known;
        reader = new RequestReader(this, wire, listener.counters());
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
        return reader.hasEnded() && reader.held().isEmpty();
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
            http.upstreams.traffic().refused(Reason.SLOW_READER.name());
        }
        return slow;
    }

    /** Bytes sent since the connection was accepted. */
    long bytesSent() {
        return bytesSent;
    }

    /** What the client sends besides the bodies of its requests. */
    RequestReader reader() {
        return reader;
    }

    /**
     * The exchange has nothing more to send; unless some of it waits to be taken, it is over.
     *
     * @param clientCloses the client said that this was its last request, and all of it is here
     */
    void exchangeEnds(boolean keepsAlive, boolean clientCloses) {
        keepAlive = keepsAlive;
        lingers = !clientCloses;
        if (wire.hasPending()) {
            state = State.FLUSHING;
            awaitTaking();
        } else {
            exchangeEnded();
        }
    }

    private void exchangeEnded() {
        Exchange done = exchange;
        exchange = null;
        if (done != null) {
            done.complete();
        }
        next();
    }

    /** The exchange cannot end in an orderly way: the client must not take what it has for the whole. */
    void abort(Reason why) {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientCut(why);
        } else if (tunnel != null) {
            tunnel.abort();
        }
        close(true);
    }

    /** The exchange is over, and the client takes no more. */
    void lost() {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientLeft();
        }
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
        reader.clear();
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
                if (exchange != null && !exchange.body().read()) {
                    readAhead();
                }
            }
            case FLUSHING -> readAhead();
            case TUNNEL, HTTP2, OVER -> wire.reading(false);
        }
    }

    @Override
    public void drained(Connection connection) {
        if (taking != null) {
            taking.ends(listener.current());
        }
        if (state == State.FLUSHING) {
            exchangeEnded();
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
        abort(Reason.FAILED);
    }

    @Override
    public void overdue(Connection connection) {
        if (state == State.EXCHANGE && exchange != null) {
            exchange.overdue();
        } else if (exchange == null) {
            close(false);
        }
        if (exchange != null) {
            abort(Reason.DRAINED);
        }
    }

    @Override
    public void expired(Connection connection) {
        switch (state) {
            case IDLE -> idleTooLong();
            case TUNNEL, HTTP2, OVER -> close(false);
            case HEAD -> refuse(Reason.REQUEST_TIMEOUT);
            case FLUSHING -> {
                if (takesTooLittle()) {
                    abort(Reason.SLOW_READER);
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
        if (!reader.readHead(listener.current().limits().headers())) {
            close(false);
        } else if (state == State.HEAD && http.loop().buffers().isExhausted()) {
            refuse(Reason.OVERLOADED);
        }
    }

    /** Whether the bytes that come next are a head. */
    boolean awaitsHead() {
        return state == State.IDLE || state == State.HEAD;
    }

    /** Whether nothing more of it is served. */
    boolean isOver() {
        return state == State.OVER;
    }

    /** Begins the request whose head begins here; the position behind what belongs to it, or that it is incomplete. */
    int begin(byte[] bytes, int at, int end) {
        if (fresh) {
            int common = Http2Preface.common(bytes, at, end);
            fresh = common == end - at && common < Http2Preface.LENGTH;
            if (fresh) {
                headBegins();
                return RequestParser.INCOMPLETE;
            }
            if (common == Http2Preface.LENGTH && listener.current().listener().http2()) {
                becomeHttp2(bytes, at + common, end);
                return end;
            }
        }
        Exchange next = http.takeExchange();
        int length;
        try {
            length = next.parse(this, bytes, at, end, listener.current());
        } catch (RuntimeException noRoom) {
            http.giveExchange(next);
            throw noRoom;
        }
        if (length == RequestParser.INCOMPLETE) {
            http.giveExchange(next);
            headBegins();
            return length;
        }
        state = State.EXCHANGE;
        served = true;
        exchange = next;
        wire.clearDeadline();
        return next.begin(bytes, at + Math.max(0, length), end);
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
        HeldBytes held = reader.held();
        refused.parse(this, held.bytes(), held.start(), held.start(), listener.current());
        state = State.EXCHANGE;
        exchange = refused;
        refused.refuse(reason);
    }

    private void next() {
        if (!keepAlive || leaving) {
            if (lingers && !reader.hasEnded()) {
                sayFarewell();
            } else {
                close(false);
            }
            return;
        }
        state = State.IDLE;
        wire.deadlineIn(timeouts().idle().toNanos());
        wire.reading(!reader.hasEnded());
        if (reader.isWorking()) {
            return;
        }
        reader.proceed();
        if (reader.hasEnded() && awaitsHead()) {
            close(false);
        }
    }

    private void readAhead() {
        int got = reader.readAhead();
        boolean mayHaveLeft = got == Connection.END && hasEnded() && !isHttp2Stream();
        boolean left = mayHaveLeft && state == State.EXCHANGE && exchange != null && exchange.body().isForsaken();
        if (left || got == Connection.BROKEN) {
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
            sayFarewell();
        } else if (state == State.IDLE) {
            close(false);
        }
    }

    /** Our side is shut; what the client still sends is thrown away so that no reset destroys the response on its way. */
    private void sayFarewell() {
        state = State.OVER;
        reader.clear();
        Farewell.to(wire, () -> listener.forget(this));
    }

    private void close(boolean reset) {
        state = State.OVER;
        reader.clear();
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
}
