package io.halite.proxy.http;

import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.proxyprotocol.ProxyHeader;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.route.CompiledAction.Forward;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.upstream.Preamble;
import io.halite.proxy.upstream.TargetConnections;
import io.halite.proxy.upstream.UpstreamConnection;
import io.halite.proxy.upstream.UpstreamUser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of an {@link Exchange}: choosing a target, getting a connection, having the request sent and the
 * response read, and trying again where that is safe. Confined to the thread of its loop.
 *
 * <p>What is safe: while nothing of the request was sent, any request may go to another target, as often as the pool's
 * retries and their budget allow. A kept-alive connection that ends before any byte of a response says that it was
 * stale; then an idempotent request is sent once more, to the same target over a new connection (RFC 9112 §9.3.1), and
 * that is no retry in the sense of the pool. So may any request of which the target says that it did nothing with it
 * (RFC 9113 §8.7). When a new connection ends too before the client heard anything, an
 * idempotent request may go to another target (RFC 9110 §9.2.2). Nothing else is tried again.
 */
final class Attempt implements UpstreamUser {
    private enum Phase { NONE, CONNECTING, WAITING, AWAITING, RESPONDING }

    private static final byte[] NO_BYTES = new byte[0];
    private static final int LEAST_FAILURE = 400;
    private static final int LEAST_SERVER_ERROR = 500;

    private final HttpLoop http;
    private final Exchange exchange;
    private final RequestSender sender;
    private final ResponseReader reader;
    private final QueuePlace place;
    private final TargetChoice choice;
    private Phase phase = Phase.NONE;
    private @Nullable UpstreamConnection upstream;
    private boolean triedStale;
    private Reason lastFailure = Reason.NO_TARGET;
    /** Grows with each request, so that a caller further up the stack notices that the request it served is over. */
    private int life;

    Attempt(HttpLoop http, Exchange exchange) {
        this.http = http;
        this.exchange = exchange;
        choice = new TargetChoice(http);
        sender = new RequestSender(http, exchange, this);
        reader = new ResponseReader(http, exchange, this);
        place = new QueuePlace(http, exchange, this);
    }

    void clear() {
        life++;
        place.leave();
        choice.clear();
        phase = Phase.NONE;
        upstream = null;
        triedStale = false;
        reader.clear();
        sender.clear();
        lastFailure = Reason.NO_TARGET;
    }

    /** The target, and how it was come by. */
    TargetChoice choice() {
        return choice;
    }

    boolean isWaitingToRetry() {
        return phase == Phase.WAITING;
    }

    /** Sends the request to a pool of the route; these bytes of its body are at hand. */
    void start(CompiledRoute route, Forward action, ForwardingTable table, byte[] bytes, int from, int to) {
        if (!choice.begin(route, action, table)) {
            exchange.fail(Reason.NO_TARGET);
            return;
        }
        choose(bytes, from, sender.keep(bytes, from, to));
    }

    private void choose(byte[] bytes, int from, int to) {
        if (!tryChoose(bytes, from, to)) {
            queue(bytes, from, to);
        }
    }

    /** False when every target is at its limit; then nothing has changed. */
    private boolean tryChoose(byte[] bytes, int from, int to) {
        TargetEntry picked = choice.pick(exchange.request.head);
        if (picked != null) {
            return use(picked, bytes, from, to, true);
        }
        if (choice.isSaturated()) {
            return false;
        }
        exchange.failed(lastFailure);
        return true;
    }

    /** Waits until a target has room. */
    private void queue(byte[] bytes, int from, int to) {
        sender.hold(bytes, from, to);
        place.take();
    }

    /** Tries again with what is at hand; false when every target is still at its limit. */
    boolean tryHeld() {
        HeldBytes backlog = sender.backlog();
        return tryChoose(backlog.bytes(), backlog.start(), backlog.end());
    }

    /** Its place among those that wait for a target. */
    QueuePlace place() {
        return place;
    }

    /** False when the target has no room for a connection; then nothing has changed. */
    private boolean use(TargetEntry picked, byte[] bytes, int from, int to, boolean mayReuse) {
        TargetConnections connections = http.upstreams.connections(picked);
        byte[] preamble = preamble();
        UpstreamConnection kept = mayReuse ? connections.take(this, preamble) : null;
        if (kept != null) {
            upstream = kept;
            transmit(bytes, from, to);
            return true;
        }
        upstream = connections.connect(this, preamble, exchange.timeouts().connect().toNanos());
        if (upstream != null) {
            sender.hold(bytes, from, to);
            phase = Phase.CONNECTING;
            return true;
        }
        if (connections.isFull()) {
            choice.settle(Outcome.ABANDONED, -1);
            return false;
        }
        sender.hold(bytes, from, to);
        boolean unknown = picked.socketAddress() == null;
        unreached(unknown ? Reason.CONNECT_FAILED : Reason.OVERLOADED,
                unknown ? Outcome.CONNECT_FAILED : Outcome.ABANDONED);
        return true;
    }

    /** A connection that was stale is replaced by a new one to the same target. */
    private void useAnew(TargetEntry same, byte[] bytes, int from, int to) {
        if (!use(same, bytes, from, to, false)) {
            queue(bytes, from, to);
        }
    }

    private byte[] preamble() {
        PoolTable pool = choice.pool();
        return pool == null ? ProxyHeader.NONE : Preamble.of(pool, exchange.client().wire());
    }

    private void transmit(byte[] bytes, int from, int to) {
        UpstreamConnection connection = connection();
        Sent sent = sender.begin(connection, bytes, from, to);
        if (sent == Sent.BROKEN) {
            neverSent(connection, bytes, from, to);
        } else {
            phase = Phase.AWAITING;
            sender.went(connection, sent);
        }
    }

    /** Not a byte left: a kept-alive connection was stale, a new one is as good as not made. */
    private void neverSent(UpstreamConnection connection, byte[] bytes, int from, int to) {
        connection.close();
        upstream = null;
        TargetEntry same = choice.target();
        if (connection.mayBeStale() && same != null) {
            useAnew(same, bytes, from, to);
        } else {
            unreached(Reason.TARGET_CLOSED, Outcome.BROKEN);
        }
    }

    /** Unless the response has begun, it is waited for from now on. */
    void awaitHead(UpstreamConnection from) {
        if (phase == Phase.AWAITING) {
            from.wire().deadlineIn(exchange.silence().beforeHead(choice.rules().retries()));
        }
    }

    /** Sends a piece of the request's body. */
    void relayBody(IoBuffer input, int length) {
        if (upstream == null || (phase != Phase.AWAITING && phase != Phase.RESPONDING)) {
            throw new IllegalStateException("a body was read with nowhere to go: " + phase);
        }
        if (!sender.more(upstream, input, length)) {
            bodyRefused();
        }
    }

    /** The target takes no more of the body, but may have said why. */
    private void bodyRefused() {
        Connection client = exchange.client().wire();
        client.reading(false);
        client.clearDeadline();
        if (phase == Phase.AWAITING) {
            awaitHead(connection());
            readResponse();
        }
    }

    // The connection.

    @Override
    public void upstreamConnected() {
        HeldBytes backlog = sender.backlog();
        transmit(backlog.bytes(), backlog.start(), backlog.end());
    }

    @Override
    public void upstreamConnectFailed(ConnectFailure failure) {
        upstream = null;
        switch (failure) {
            case REFUSED -> refused();
            case UNREACHABLE -> unreached(Reason.CONNECT_FAILED, Outcome.CONNECT_FAILED);
            case HANDSHAKE -> unreached(Reason.TARGET_HANDSHAKE_FAILED, Outcome.CONNECT_FAILED);
            case NO_DESCRIPTOR -> unreached(Reason.OVERLOADED, Outcome.ABANDONED);
        }
    }

    /** Nothing listens there any more: what is left of its connections is about to end as well. */
    private void refused() {
        TargetEntry dead = choice.target();
        if (dead != null) {
            http.upstreams.connections(dead).closeIdle();
        }
        unreached(Reason.CONNECT_REFUSED, Outcome.CONNECT_REFUSED);
    }

    @Override
    public void upstreamConnectTimedOut() {
        upstream = null;
        unreached(Reason.CONNECT_TIMEOUT, Outcome.CONNECT_FAILED);
    }

    @Override
    public void upstreamReadable() {
        readResponse();
    }

    @Override
    public void upstreamDrained() {
        sender.went(connection(), Sent.ALL);
    }

    @Override
    public void upstreamBroken() {
        if (phase == Phase.AWAITING) {
            bodyRefused();
        }
        // While the client is slow nobody reads; what the target sent before it broke is still to be read.
    }

    @Override
    public void upstreamFailed() {
        upstream = null;
        exchange.cut(Reason.FAILED);
    }

    @Override
    public void upstreamExpired() {
        closeUpstream();
        choice.settle(Outcome.TIMEOUT, -1);
        exchange.failed(Reason.RESPONSE_TIMEOUT);
    }

    /** The target got nothing of the request, or nothing that may not be repeated: another may. */
    private void unreached(Reason reason, Outcome outcome) {
        choice.settle(outcome, -1);
        lastFailure = reason;
        if (!choice.mayTryAnother(outcome)) {
            exchange.failed(reason);
            return;
        }
        waitToRetry();
    }

    void retryNow() {
        triedStale = false;
        choose(NO_BYTES, 0, 0);
    }

    // The response.

    private void readResponse() {
        reader.read(connection());
    }

    boolean isAwaiting() {
        return phase == Phase.AWAITING;
    }

    /** The final head came: what follows is body. */
    void responds() {
        phase = Phase.RESPONDING;
    }

    int life() {
        return life;
    }

    void badResponse() {
        closeUpstream();
        choice.settle(Outcome.BROKEN, -1);
        exchange.failed(Reason.BAD_RESPONSE);
    }

    /**
     * The target closed or broke before its final head was complete.
     *
     * @param silent it said nothing at all
     * @param untold the client heard nothing of what it said
     */
    void endedEarly(boolean silent, boolean untold) {
        UpstreamConnection ended = connection();
        closeUpstream();
        TargetEntry same = choice.target();
        boolean untouched = ended.isUntouched();
        boolean repeatable = sender.isWholeKept() && (untouched || exchange.request.isIdempotent);
        if (repeatable && silent && (untouched || ended.mayBeStale()) && !triedStale && same != null) {
            triedStale = true;
            useAnew(same, NO_BYTES, 0, 0);
        } else if (repeatable && untold) {
            unreached(Reason.TARGET_CLOSED, Outcome.BROKEN);
        } else {
            choice.settle(Outcome.BROKEN, -1);
            exchange.failed(Reason.TARGET_CLOSED);
        }
    }

    /** Whether a response of this status, of which the client heard nothing yet, is dropped for another try. */
    boolean retriesAfter(int status) {
        List<Integer> statuses = choice.rules().retries().statuses();
        if (status < LEAST_FAILURE || statuses.isEmpty() || !statuses.contains(status)) {
            return false;
        }
        Outcome outcome = status >= LEAST_SERVER_ERROR ? Outcome.SERVER_ERROR : Outcome.SUCCESS;
        boolean repeatable = sender.isWholeKept() && exchange.request.isIdempotent && choice.hasAnother();
        if (!repeatable || !choice.mayTryAnother(outcome)) {
            return false;
        }
        closeUpstream();
        choice.settle(outcome, exchange.account().sinceSent());
        waitToRetry();
        return true;
    }

    private void waitToRetry() {
        phase = Phase.WAITING;
        exchange.client().wire().deadlineIn(choice.startRetry());
    }

    /** The time for the whole exchange is over, and the client heard nothing yet. */
    void outOfTime() {
        place.leave();
        closeUpstream();
        sender.backlog().clear();
        choice.settle(exchange.requestComplete() ? Outcome.TIMEOUT : Outcome.ABANDONED, -1);
        exchange.failed(Reason.TOTAL_TIMEOUT);
    }

    /** The response stopped short: the client must not take it for whole. */
    void truncated(Reason why) {
        choice.settle(Outcome.BROKEN, -1);
        exchange.cut(why);
    }

    /** The client does not take the response as fast as it comes. */
    void pauseResponse() {
        connection().wire().reading(false);
        connection().wire().clearDeadline();
        exchange.client().awaitTaking();
    }

    /** The client took what waited for it: on with the response. */
    void clientDrained() {
        UpstreamConnection from = upstream;
        if (from == null) {
            return;
        }
        Connection client = exchange.client().wire();
        client.clearDeadline();
        if (!exchange.requestComplete() && client.isReading()) {
            exchange.silence().awaitBody();
        }
        reader.resume(from);
    }

    // The end.

    /** The response is through: the connection serves others, unless something about it is unclear. */
    void end(boolean reusable) {
        UpstreamConnection done = upstream;
        upstream = null;
        if (done != null) {
            if (reusable && !done.wire().hasPending()) {
                done.release(choice.rules().upstream().keepAlive());
            } else {
                done.close();
            }
        }
    }

    /** The socket for a tunnel. */
    Connection surrender() {
        Connection wire = connection().surrender();
        upstream = null;
        return wire;
    }

    /** The request is not pursued any further. */
    void abandon() {
        place.leave();
        closeUpstream();
        sender.backlog().clear();
    }

    private void closeUpstream() {
        UpstreamConnection open = upstream;
        upstream = null;
        if (open != null) {
            open.close();
        }
    }

    private UpstreamConnection connection() {
        if (upstream == null) {
            throw new IllegalStateException("an attempt without a connection: " + phase);
        }
        return upstream;
    }
}
