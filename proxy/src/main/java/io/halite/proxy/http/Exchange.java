package io.halite.proxy.http;

import io.halite.config.Timeouts;
import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.route.RouteEffects;
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
final class Exchange {
    /** The status, known from nginx, of a request whose client did not wait for its answer. */
    private static final int CLIENT_LEFT = 499;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int LEAST_SERVER_ERROR = 500;

    final Request request = new Request();
    private final HttpLoop http;
    private final Dispatch dispatch;
    private final Attempt attempt;
    private final RequestBody body;
    private final ResponseRelay relay;
    private final KeptRequest kept;
    private final OwnReply reply;
    private final TotalDeadline total;
    private final Silence silence;
    private final Account account;

    private @Nullable ClientConnection client;
    private @Nullable ListenerTable listener;
    private long idLow;
    private boolean responding;
    /** The status that the client was told when all was sent; zero before. */
    private int toldStatus;

    Exchange(HttpLoop http) {
        this.http = http;
        kept = new KeptRequest(http.loop().buffers());
        attempt = new Attempt(http, this);
        relay = new ResponseRelay(http, this);
        reply = new OwnReply(http, this);
        dispatch = new Dispatch(this, reply, attempt);
        silence = new Silence(http.loop(), this);
        body = new RequestBody(http, this);
        account = new Account(http.loop());
        total = new TotalDeadline(http.loop(), this::outOfTime);
    }

    /** Begins anew with what may be a head; as {@link RequestParser#parse}. */
    int parse(ClientConnection owner, byte[] bytes, int start, int end, ListenerTable table) {
        client = owner;
        listener = table;
        dispatch.clear();
        idLow = 0;
        account.begin(owner);
        responding = false;
        toldStatus = 0;
        reply.clear();
        body.clear();
        relay.clear();
        silence.clear();
        attempt.clear();
        int most = kept.prepare(end - start, table.limits().headers());
        request.clear(kept.bytes(), owner.wire().peerAddress());
        request.fromProxy = owner.known().isTrustedProxy(table);
        int length = http.requestParser.parse(bytes, start, end, request, table.limits());
        if (length != RequestParser.INCOMPLETE) {
            // Of a refused head the answer needs what was understood of it, such as the request's id.
            kept.head(bytes, start, length > 0 ? length : most);
            if (request.isForwarded && request.fromProxy && length > 0) {
                http.forwarding.resolve(request, table.rules().trustedProxies());
            }
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
        int bodyEnd = body.begin(bytes, from, end);
        Reason wrong = body.problem();
        if (wrong != null) {
            refuse(wrong);
        } else if (http.loop().buffers().isExhausted()) {
            fail(Reason.OVERLOADED);
        } else {
            total.begin(timeouts().total(), account.startedNanos());
            dispatch.act(bytes, from);
        }
        return bodyEnd;
    }

    /** Keeps a small complete body behind the head; whether it did. */
    boolean keepBody(byte[] bytes, int from, int bodyEnd) {
        return body.isComplete() && kept.body(request.length, bytes, from, bodyEnd);
    }

    /** It is of no use for now: gives back what it borrowed. */
    void rest() {
        kept.release();
    }

    /** The head, and behind it the body if that was kept. */
    byte[] copy() {
        return kept.bytes();
    }

    /** What is counted and logged of it. */
    Account account() {
        return account;
    }

    /** What comes of the request's body. */
    RequestBody body() {
        return body;
    }

    /** Bytes of the request's head and of the content of its body. */
    long bytesIn() {
        return request.length + body.contentBytes();
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

    /** What its route makes of it. */
    Dispatch dispatch() {
        return dispatch;
    }

    RouteEffects effects() {
        return dispatch.effects();
    }

    Attempt attempt() {
        return attempt;
    }

    Timeouts timeouts() {
        return listener().timeouts();
    }

    /** How long either side may say nothing. */
    Silence silence() {
        return silence;
    }

    boolean isResponding() {
        return responding;
    }

    /** The client gets its answer from now on. */
    void responding() {
        responding = true;
    }

    boolean requestComplete() {
        return body.isComplete();
    }

    /** Whether the client came over TLS, to this proxy or to the trusted one before it. */
    boolean isSecure() {
        return request.saysForwardedProto ? request.forwardedSecure : client().listener().isSecure();
    }

    /** The address of the target, for a request that names no host. */
    String targetAddress() {
        return attempt.choice().address();
    }

    void writeId(HeadWriter out) {
        out.moveTo(writeId(out.buffer().bytes(), out.length()));
    }

    /** Writes the id; the position behind it. */
    int writeId(byte[] out, int at) {
        if (request.requestIdStart != Request.ABSENT) {
            int length = idLength();
            System.arraycopy(kept.bytes(), request.requestIdStart, out, at, length);
            return at + length;
        }
        if (idLow == 0) {
            idLow = http.ids.next();
        }
        return RequestId.write(idLow, out, RequestId.write(http.ids.high(), out, at));
    }

    int idLength() {
        return request.requestIdStart == Request.ABSENT ? 32 : request.requestIdEnd - request.requestIdStart;
    }

    // What the client does.

    /** The client took what waited for it. */
    void clientDrained() {
        if (!reply.resume()) {
            attempt.clientDrained();
        }
    }

    /** The client did not do in time what it had to do. */
    void clientExpired() {
        if (attempt.isWaitingToRetry()) {
            attempt.retryNow();
        } else if (attempt.place().isTaken()) {
            attempt.place().expired();
        } else if (client().wire().hasPending()) {
            if (client().takesTooLittle()) {
                cut(Reason.SLOW_READER);
            }
        } else if (responding) {
            cut(Reason.BODY_TIMEOUT);
        } else {
            refuse(Reason.BODY_TIMEOUT);
        }
    }

    /** Its time as a whole is over. */
    private void outOfTime() {
        if (responding || client().wire().hasPending()) {
            cut(Reason.TOTAL_TIMEOUT);
        } else {
            attempt.outOfTime();
        }
    }

    /** The client left by itself. */
    void clientLeft() {
        giveUp(CLIENT_LEFT, Account.End.CLIENT_LEFT);
    }

    /** The client's connection is cut, for a reason of ours or the target's. */
    void clientCut(Reason why) {
        account.because(why);
        giveUp(0, Account.End.CUT);
    }

    private void giveUp(int unanswered, Account.End end) {
        attempt.abandon();
        int status = toldStatus == 0 ? relay.status() : toldStatus;
        finish(Outcome.ABANDONED, status == 0 ? unanswered : status, end);
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
        account.answered();
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
        attempt.end(clean && relay.upstreamKeepsAlive() && body.isComplete());
        ClientConnection ended = client();
        int status = relay.status();
        boolean clientCloses = !request.keepAlive && body.isComplete();
        boolean keeps = relay.clientKeepsAlive() && body.isComplete();
        told(status >= LEAST_SERVER_ERROR ? Outcome.SERVER_ERROR : Outcome.SUCCESS, status);
        ended.exchangeEnds(keeps, clientCloses);
    }

    /** All is said, and what becomes of it is not the target's affair. */
    private void told(Outcome outcome, int status) {
        attempt.choice().settle(outcome, account.upstreamNanos());
        toldStatus = status;
    }

    /** The client's socket took everything. */
    void complete() {
        finish(Outcome.ABANDONED, toldStatus, Account.End.COMPLETE);
    }

    /** The target agreed to another protocol: its head and what came behind it are sent, then both carry bytes. */
    void upgrade(Response response, byte[] bytes, int from, int end) {
        responding = true;
        account.answered();
        total.end();
        new Upgrade(http, this).begin(response, bytes, from, end);
    }

    /** An upgraded connection is over. */
    void tunnelEnded(RelayEnd how) {
        ClientConnection ended = client();
        attempt.choice().settle(Outcome.SUCCESS, account.upstreamNanos());
        account.endUpgraded(SWITCHING_PROTOCOLS, how);
        release();
        ended.tunnelEnded();
    }

    // How it ends otherwise.

    /** The request breaks a rule or a limit: it is counted by its reason and answered, and the connection ends. */
    void refuse(Reason reason) {
        http.upstreams.traffic().refused(reason.name());
        if (responding) {
            cut(reason);
            return;
        }
        attempt.abandon();
        answerError(reason, reason.sentence(), false);
    }

    /** The proxy cannot serve the request. */
    void fail(Reason reason) {
        fail(reason, reason.sentence());
    }

    void fail(Reason reason, String sentence) {
        answerError(reason, sentence, mayKeepAlive());
    }

    /** It has taken longer than a listener that is gone, or the process, waits. */
    void overdue() {
        if (responding || client().wire().hasPending()) {
            cut(Reason.DRAINED);
        } else {
            attempt.abandon();
            answerError(Reason.DRAINED, Reason.DRAINED.sentence(), false);
        }
    }

    /** The last attempt failed, and its outcome is known already. */
    void failed(Reason reason) {
        if (responding) {
            cut(reason);
        } else {
            answerError(reason, reason.sentence(), mayKeepAlive());
        }
    }

    /** The exchange cannot end in an orderly way: the client must not take what it has for the whole. */
    void cut(Reason why) {
        client().abort(why);
    }

    /** Whether the client's connection may serve another request after this one. */
    boolean mayKeepAlive() {
        return request.keepAlive && body.isComplete() && !client().hasEnded() && !client().isLeaving();
    }

    private void answerError(Reason reason, String sentence, boolean keeps) {
        if (client().wire().hasPending()) {
            // An interim response is still on its way and the client does not take it.
            cut(reason);
            return;
        }
        account.because(reason);
        reply.error(reason, sentence, keeps);
    }

    /** The last bytes of an answer of our own stand in the writer. */
    void endWith(int status, boolean keeps) {
        ClientConnection ended = client();
        boolean clientCloses = !request.keepAlive && body.isComplete() && request.length > 0;
        Sent sent = ended.send(http.writer.buffer(), 0, http.writer.length());
        told(Outcome.ABANDONED, status);
        if (sent == Sent.BROKEN) {
            ended.lost();
        } else {
            ended.exchangeEnds(keeps, clientCloses);
        }
    }

    private void finish(Outcome outcome, int status, Account.End how) {
        attempt.choice().settle(outcome, account.upstreamNanos());
        account.end(status, how);
        release();
    }

    /** Counts the request and gives this object back: after this, nothing of it may be touched. */
    private void release() {
        http.count(this);
        attempt.clear();
        total.end();
        client = null;
        listener = null;
        dispatch.clear();
        reply.clear();
        http.giveExchange(this);
    }
}
