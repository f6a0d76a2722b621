package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.upstream.UpstreamConnection;

/**
 * Sends a request to its target: the head, what is at hand of the body, and the rest as it comes. Holds what came of the
 * body while there is no connection, and has the client wait while the target takes nothing. Reused from request to
 * request; confined to the thread of its loop.
 */
final class RequestSender {
    private final HttpLoop http;
    private final Exchange exchange;
    private final Attempt attempt;
    /** The beginning of a body while there is no connection for it. */
    private final HeldBytes backlog;
    private boolean wholeKept;
    private int keptBody;

    RequestSender(HttpLoop http, Exchange exchange, Attempt attempt) {
        this.http = http;
        this.exchange = exchange;
        this.attempt = attempt;
        backlog = new HeldBytes(http.loop().buffers());
    }

    void clear() {
        wholeKept = false;
        keptBody = 0;
        backlog.clear();
    }

    /** Keeps the request for further tries if its body is here and small; the end of what is to be sent beside that. */
    int keep(byte[] bytes, int from, int to) {
        wholeKept = exchange.keepBody(bytes, from, to);
        keptBody = wholeKept ? to - from : 0;
        return wholeKept ? from : to;
    }

    /** Whether the request can be sent again. */
    boolean isWholeKept() {
        return wholeKept;
    }

    /** What was at hand of the body when there was no connection for it. */
    HeldBytes backlog() {
        return backlog;
    }

    /** Keeps what is at hand of the body until it can be sent, and has the client wait with the rest. */
    void hold(byte[] bytes, int from, int to) {
        if (backlog.isEmpty()) {
            backlog.add(bytes, from, to);
        }
        if (!exchange.requestComplete()) {
            exchange.silence().restBody();
            exchange.client().wire().reading(false);
        }
    }

    /** Sends the head with these bytes of the body. */
    Sent begin(UpstreamConnection target, byte[] bytes, int from, int to) {
        HeadWriter out = http.writer;
        RequestWriter.write(out, exchange);
        int head = exchange.request.length;
        out.put(exchange.copy(), head, head + keptBody).put(bytes, from, to);
        Sent sent = target.send(out.buffer(), 0, out.length());
        if (sent != Sent.BROKEN) {
            backlog.clear();
        }
        return sent;
    }

    /** Sends a piece of the body; false when the target takes no more of it. */
    boolean more(UpstreamConnection target, IoBuffer input, int length) {
        Sent sent = target.send(input, 0, length);
        if (sent == Sent.BROKEN) {
            return false;
        }
        Connection client = exchange.client().wire();
        if (exchange.requestComplete() && !client.hasPending()) {
            client.clearDeadline();
        }
        went(target, sent);
        return true;
    }

    /** What the target got so far went this way: on with the client, or with the wait for the response. */
    void went(UpstreamConnection target, Sent sent) {
        Connection client = exchange.client().wire();
        if (sent == Sent.PENDING) {
            if (!exchange.requestComplete()) {
                client.reading(false);
                client.clearDeadline();
                exchange.silence().restBody();
            }
            attempt.awaitHead(target);
        } else if (exchange.requestComplete()) {
            exchange.account().requestSent();
            attempt.awaitHead(target);
        } else {
            client.reading(true);
            exchange.silence().awaitBody();
        }
    }
}
