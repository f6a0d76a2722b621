package io.halite.proxy.http;

import io.halite.config.Timeouts;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.Tunnel;
import io.halite.proxy.relay.TunnelOwner;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the complete head to the last byte. It keeps the table it began with, a copy of
 * the head for routing and for another try, and no more of the bodies than the last piece read. Reused from request to
 * request; confined to the thread of its loop.
 *
 * <p>The request goes: {@link #parse} → {@link #begin} (route, answer or forward) → {@link Attempt} (target, connection,
 * retry) → request body as it comes → response head → response body → {@link #finish}. The two bodies flow at the same
 * time; a receiver that takes no more stops the reading of the sender. A response that is complete before its request
 * is ends both connections: what the client still sends belongs to nothing.
 */
final class Exchange implements TunnelOwner {
    /** A request that fits with its body is kept whole, so that it can be tried again. */
    private static final int REPLAYABLE = 16 * 1024;
    private static final int INITIAL_COPY = 2 * 1024;
    private static final byte[] NO_BYTES = new byte[0];

    /** RFC 9110 §9.3.7: what this server as a whole can do. */
    private static final ReadyAnswer OPTIONS = new ReadyAnswer(200,
            Ascii.bytes("Allow: " + OwnAnswer.METHODS + "\r\nContent-Length: 0\r\n"), NO_BYTES);

    final Request request = new Request();
    private final HttpLoop http;
    private final Attempt attempt;
    private final BodyScanner requestBody = new BodyScanner();
    private final ResponseRelay relay;
    /** The head, and behind it the body when it was complete at once and small. */
    private byte[] copy = new byte[INITIAL_COPY];

    private @Nullable ClientConnection client;
    private @Nullable ListenerTable listener;
    private @Nullable CompiledRoute route;
    private long idLow;
    private long startedNanos;
    private long sentNanos;
    private long upstreamNanos;
    private int status;
    /** Of an answer of our own. */
    private boolean keepAlive;
    private boolean responding;
    /** Of an answer that a route has ready, and how much of it was sent. */
    private byte[] answerBody = NO_BYTES;
    private int answered;

    Exchange(HttpLoop http) {
        this.http = http;
        attempt = new Attempt(http, this);
        relay = new ResponseRelay(http, this);
    }

    /** Begins anew with what may be a head; as {@link RequestParser#parse}. */
    int parse(ClientConnection owner, byte[] bytes, int start, int end, ListenerTable table) {
        client = owner;
        listener = table;
        route = null;
        idLow = 0;
        startedNanos = owner.requestStarted();
        sentNanos = 0;
        upstreamNanos = -1;
        status = 0;
        keepAlive = false;
        responding = false;
        answerBody = NO_BYTES;
        answered = 0;
        requestBody.none();
        relay.clear();
        attempt.clear();
        int most = Math.min(end - start, Math.max(table.limits().headers(), REPLAYABLE));
        if (copy.length < most) {
            copy = new byte[Integer.highestOneBit(most) * 2];
        }
        request.clear(copy, owner.wire().peerAddress());
        int length = http.requestParser.parse(bytes, start, end, request, table.limits());
        if (length != RequestParser.INCOMPLETE) {
            // Of a refused head the answer needs what was understood of it, such as the request's id.
            System.arraycopy(bytes, start, copy, 0, length > 0 ? length : Math.min(most, end - start));
        }
        return length;
    }

    /**
     * Acts upon the parsed head.
     *
     * @param from where its body begins
     * @return the position behind the bytes that belong to this request
     */
    int begin(byte[] bytes, int from, int end) {
        if (request.length == 0) {
            refuse(request.reason);
            return end;
        }
        if (request.chunked) {
            requestBody.chunked();
        } else {
            requestBody.length(Math.max(0, request.contentLength));
        }
        int bodyEnd = requestBody.scan(bytes, from, end);
        Reason wrong = bodyProblem();
        if (wrong != null) {
            refuse(wrong);
        } else {
            act(bytes, from, bodyEnd);
        }
        return bodyEnd;
    }

    private @Nullable Reason bodyProblem() {
        long limit = listener().limits().body();
        if (requestBody.hasFailed()) {
            return Reason.BAD_CHUNK;
        }
        return request.contentLength > limit || requestBody.contentBytes() > limit ? Reason.BODY_TOO_LARGE : null;
    }

    private void act(byte[] bytes, int from, int bodyEnd) {
        if (request.isForServer) {
            answer(OPTIONS);
            return;
        }
        if (request.maxForwards == 0) {
            fail(Reason.METHOD_NOT_ALLOWED);
            return;
        }
        ForwardingTable table = http.upstreams.table();
        CompiledRoute matched = listener().routes().match(request.head);
        route = matched;
        if (matched == null) {
            fail(Reason.NO_ROUTE);
            return;
        }
        switch (matched.action()) {
            case CompiledAction.Redirect redirect -> answer(redirect.answer());
            case CompiledAction.Respond respond -> answer(respond.answer());
            case CompiledAction.Unavailable unavailable -> fail(Reason.ROUTE_UNAVAILABLE, unavailable.reason());
            case CompiledAction.Forward forward -> attempt.start(matched, forward, table, bytes, from, bodyEnd);
        }
    }

    /** Keeps a small complete body behind the head; whether it did. */
    boolean keepBody(byte[] bytes, int from, int bodyEnd) {
        int size = request.length + bodyEnd - from;
        if (!requestBody.isDone() || size > REPLAYABLE) {
            return false;
        }
        System.arraycopy(bytes, from, copy, request.length, bodyEnd - from);
        return true;
    }

    byte[] copy() {
        return copy;
    }

    HttpLoop http() {
        return http;
    }

    ClientConnection client() {
        if (client == null) {
            throw new IllegalStateException("an exchange without a client");
        }
        return client;
    }

    ListenerTable listener() {
        if (listener == null) {
            throw new IllegalStateException("an exchange without a listener");
        }
        return listener;
    }

    @Nullable CompiledRoute route() {
        return route;
    }

    Attempt attempt() {
        return attempt;
    }

    Timeouts timeouts() {
        return listener().timeouts();
    }

    boolean isResponding() {
        return responding;
    }

    boolean requestComplete() {
        return requestBody.isDone();
    }

    /** The address of the target, for a request that names no host. */
    String targetAddress() {
        return attempt.targetAddress();
    }

    void writeId(HeadWriter out) {
        if (request.requestIdStart != Request.ABSENT) {
            out.put(copy, request.requestIdStart, request.requestIdEnd);
            return;
        }
        if (idLow == 0) {
            idLow = http.ids.next();
        }
        out.hex(http.ids.high()).hex(idLow);
    }

    int idLength() {
        return request.requestIdStart == Request.ABSENT ? 32 : request.requestIdEnd - request.requestIdStart;
    }

    // What the client does.

    /** The client sent something while this runs; false when it is not for this request. */
    boolean clientReadable() {
        if (requestBody.isDone()) {
            return false;
        }
        IoBuffer input = http.loop().input();
        int got = client().wire().read(input, 0, input.size());
        if (got == Connection.AGAIN) {
            return true;
        }
        if (got < 0) {
            if (got == Connection.END && !responding) {
                client().ended();
                refuse(Reason.BODY_CUT_SHORT);
            } else {
                client().abort();
            }
            return true;
        }
        client().listener().counters().received(got);
        int bodyEnd = requestBody.scan(input.bytes(), 0, got);
        Reason wrong = bodyProblem();
        if (wrong != null) {
            refuse(wrong);
            return true;
        }
        client().hold(input.bytes(), bodyEnd, got);
        client().wire().deadlineIn(timeouts().requestBody().toNanos());
        attempt.relayBody(input, bodyEnd);
        return true;
    }

    /** The client took what waited for it. */
    void clientDrained() {
        if (answerBody.length > answered) {
            http.writer.restart();
            answerMore();
        } else {
            attempt.clientDrained();
        }
    }

    /** The client did not do in time what it had to do. */
    void clientExpired() {
        if (attempt.isWaitingToRetry()) {
            attempt.retryNow();
        } else if (responding || client().wire().hasPending()) {
            client().abort();
        } else {
            refuse(Reason.BODY_TIMEOUT);
        }
    }

    /** The client's connection is no more. */
    void clientGone() {
        attempt.abandon();
        status = relay.status();
        finish(Outcome.ABANDONED);
    }

    /** All of the request is with the target. */
    void requestSent() {
        sentNanos = http.loop().exactNow();
    }

    // What the target does.

    /** A 1xx other than 101. */
    Sent interim(Response response, byte[] bytes) {
        if (request.minor == 0) {
            return Sent.ALL;
        }
        ResponseWriter.interim(http.writer, response, bytes);
        return client().send(http.writer.buffer(), 0, http.writer.length());
    }

    /**
     * The final head came, perhaps with the beginning of its body.
     *
     * @return the position behind the bytes that belong to the response
     */
    int respond(Response response, byte[] bytes, int from, int end) {
        responding = true;
        upstreamNanos = sinceSent();
        return relay.begin(response, bytes, from, end);
    }

    /** More of the response's body; the position behind the bytes that belong to it. */
    int respondMore(IoBuffer input, int end) {
        return relay.more(input, end);
    }

    boolean responseComplete() {
        return relay.isComplete();
    }

    /** The target closed its side: whether the response is complete by that. */
    boolean responseEndsByClose() {
        return relay.endsByClose();
    }

    /** The response is complete and handed to the client's socket. */
    void responseSent(boolean clean) {
        attempt.end(clean && relay.upstreamKeepsAlive() && requestBody.isDone());
        ClientConnection ended = client();
        status = relay.status();
        boolean clientCloses = !request.keepAlive && requestBody.isDone();
        boolean keeps = relay.clientKeepsAlive() && requestBody.isDone();
        finish(status >= 500 ? Outcome.SERVER_ERROR : Outcome.SUCCESS);
        ended.exchangeEnded(keeps, clientCloses);
    }

    /**
     * The target agreed to another protocol: its head and what came behind it are sent, then both connections carry
     * bytes.
     */
    void upgrade(Response response, byte[] bytes, int from, int end) {
        responding = true;
        status = response.status;
        upstreamNanos = sinceSent();
        HeadWriter out = http.writer;
        ResponseWriter.interim(out, response, bytes);
        out.put(bytes, from, end);
        Connection target = attempt.surrender();
        Sent toClient = client().send(out.buffer(), 0, out.length());
        HeldBytes ahead = client().held();
        out.restart().put(ahead.bytes(), ahead.start(), ahead.end());
        Sent toTarget = target.send(out.buffer(), 0, out.length());
        client().becomesTunnel();
        if (toClient == Sent.BROKEN || toTarget == Sent.BROKEN) {
            target.close();
            tunnelEnded();
        } else {
            client().tunnelBegan(
                    Tunnel.between(client().wire(), target, timeouts().tunnel().toNanos(), this));
        }
    }

    private long sinceSent() {
        return http.loop().exactNow() - (sentNanos == 0 ? http.loop().now() : sentNanos);
    }

    @Override
    public void fromClient(int bytes) {
        client().listener().counters().received(bytes);
    }

    @Override
    public void fromTarget(int bytes) {
        client().listener().counters().sent(bytes);
    }

    @Override
    public void tunnelEnded() {
        ClientConnection ended = client();
        finish(Outcome.SUCCESS);
        ended.tunnelEnded();
    }

    // How it ends otherwise.

    /** The request breaks a rule or a limit: it is counted by its reason and answered, and the connection ends. */
    void refuse(Reason reason) {
        http.upstreams.traffic().refused(reason.name());
        if (responding) {
            client().abort();
            return;
        }
        attempt.abandon();
        answerError(reason, reason.sentence(), false);
    }

    /** The proxy cannot serve the request. */
    void fail(Reason reason) {
        fail(reason, reason.sentence());
    }

    private void fail(Reason reason, String sentence) {
        answerError(reason, sentence, mayKeepAlive());
    }

    /** The last attempt failed, and its outcome is known already. */
    void failed(Reason reason) {
        if (responding) {
            client().abort();
        } else {
            answerError(reason, reason.sentence(), mayKeepAlive());
        }
    }

    /** Whether the client's connection may serve another request after this one. */
    boolean mayKeepAlive() {
        return request.keepAlive && requestBody.isDone() && !client().hasEnded() && !client().listener().isClosing();
    }

    private void answerError(Reason reason, String sentence, boolean keeps) {
        ClientConnection ended = client();
        if (ended.wire().hasPending()) {
            // An interim response is still on its way and the client does not take it.
            ended.abort();
            return;
        }
        status = reason.status();
        OwnAnswer.error(http.writer, this, reason, sentence, keeps);
        endWith(keeps);
    }

    private void answer(ReadyAnswer answer) {
        status = answer.status();
        keepAlive = mayKeepAlive();
        OwnAnswer.head(http.writer, this, answer, keepAlive);
        answerBody = request.isHead ? NO_BYTES : answer.body();
        answerMore();
    }

    /** Sends what is left of a ready body, as much as fits into one send at a time. */
    private void answerMore() {
        HeadWriter out = http.writer;
        responding = true;
        while (true) {
            int piece = Math.min(answerBody.length - answered, out.room());
            out.put(answerBody, answered, answered + piece);
            answered += piece;
            if (answered == answerBody.length) {
                endWith(keepAlive);
                return;
            }
            Sent sent = client().send(out.buffer(), 0, out.length());
            out.restart();
            if (sent == Sent.BROKEN) {
                client().abort();
                return;
            }
            if (sent == Sent.PENDING) {
                client().wire().reading(false);
                client().wire().deadlineIn(timeouts().idle().toNanos());
                return;
            }
        }
    }

    private void endWith(boolean keeps) {
        ClientConnection ended = client();
        boolean clientCloses = !request.keepAlive && requestBody.isDone() && request.length > 0;
        Sent sent = ended.send(http.writer.buffer(), 0, http.writer.length());
        finish(Outcome.ABANDONED);
        if (sent == Sent.BROKEN) {
            ended.lost();
        } else {
            ended.exchangeEnded(keeps, clientCloses);
        }
    }

    /** Counts the request and gives this object back: after this, nothing of it may be touched. */
    private void finish(Outcome outcome) {
        attempt.settle(outcome, upstreamNanos);
        http.count(this, status, http.loop().exactNow() - startedNanos, upstreamNanos);
        attempt.clear();
        client = null;
        listener = null;
        route = null;
        answerBody = NO_BYTES;
        if (copy.length > REPLAYABLE) {
            copy = new byte[INITIAL_COPY];
        }
        http.giveExchange(this);
    }
}
