package io.halite.proxy.http;

import io.halite.proxy.relay.Sent;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.ReadyAnswer;

/**
 * An answer of the proxy's own on its way to the client, with as much of a ready body as fits into one send at a time.
 * Reused from answer to answer; confined to the thread of its loop.
 */
final class OwnReply {
    private static final byte[] NO_BYTES = new byte[0];

    private final HttpLoop http;
    private final Exchange exchange;
    private int status;
    private boolean keepAlive;
    private byte[] body = NO_BYTES;
    private int sent;

    OwnReply(HttpLoop http, Exchange exchange) {
        this.http = http;
        this.exchange = exchange;
    }

    void clear() {
        body = NO_BYTES;
        sent = 0;
    }

    /** Answers with an error. */
    void error(Reason reason, String sentence, boolean keeps) {
        OwnAnswer.error(http.writer, exchange, reason, sentence, keeps);
        exchange.endWith(reason.status(), keeps);
    }

    /** Answers with what a route has ready. */
    void ready(ReadyAnswer answer) {
        status = answer.status();
        keepAlive = exchange.mayKeepAlive();
        OwnAnswer.head(http.writer, exchange, answer, keepAlive);
        body = exchange.request.isHead ? NO_BYTES : answer.body();
        exchange.responding();
        more();
    }

    /** Answers with a redirect to what is partly taken from the request. */
    void redirect(CompiledAction.RedirectTo redirect) {
        boolean keeps = exchange.mayKeepAlive();
        OwnAnswer.redirect(http.writer, exchange, redirect, keeps);
        exchange.endWith(redirect.status(), keeps);
    }

    /** The client took what waited for it: whether there was more, which follows now. */
    boolean resume() {
        if (body.length == sent) {
            return false;
        }
        http.writer.restart();
        more();
        return true;
    }

    private void more() {
        HeadWriter out = http.writer;
        while (true) {
            int piece = Math.min(body.length - sent, out.room());
            out.put(body, sent, sent + piece);
            sent += piece;
            if (sent == body.length) {
                exchange.endWith(status, keepAlive);
                return;
            }
            Sent outcome = exchange.client().send(out.buffer(), 0, out.length());
            out.restart();
            if (outcome == Sent.BROKEN) {
                exchange.client().left();
                return;
            }
            if (outcome == Sent.PENDING) {
                exchange.client().wire().reading(false);
                exchange.client().awaitTaking();
                return;
            }
        }
    }
}
