package io.halite.proxy.http;

import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.route.HeaderRules;

/**
 * The response of an {@link Exchange} on its way from the target to the client: head rewritten, body passed on as it
 * comes. Reused from response to response; confined to the thread of its loop.
 */
final class ResponseRelay {
    private final HttpLoop http;
    private final Exchange exchange;
    private final BodyScanner body = new BodyScanner();
    private int status;
    /** What the client was told of its connection. */
    private boolean keepAlive;
    /** The client speaks HTTP/1.0 and knows no chunks. */
    private boolean unchunks;
    private boolean upstreamKeepsAlive;

    ResponseRelay(HttpLoop http, Exchange exchange) {
        this.http = http;
        this.exchange = exchange;
    }

    void clear() {
        body.none();
        status = 0;
        keepAlive = false;
        unchunks = false;
        upstreamKeepsAlive = false;
    }

    /** Status of the final head; zero before it came. */
    int status() {
        return status;
    }

    boolean clientKeepsAlive() {
        return keepAlive;
    }

    boolean upstreamKeepsAlive() {
        return upstreamKeepsAlive;
    }

    boolean isComplete() {
        return body.isDone();
    }

    boolean endsByClose() {
        return body.endsByClose();
    }

    /** Sends the head with what came of the body; the position behind the bytes that belong to the response. */
    int begin(Response response, byte[] bytes, int from, int end) {
        Request request = exchange.request;
        status = response.status;
        upstreamKeepsAlive = response.keepAlive;
        unchunks = response.chunked && request.minor == 0;
        if (response.hasNoBody(request.isHead)) {
            body.none();
        } else if (response.chunked) {
            body.chunked();
        } else if (response.contentLength != Response.NO_LENGTH) {
            body.length(response.contentLength);
        } else {
            body.untilClose();
        }
        keepAlive = exchange.mayKeepAlive() && !body.isUntilClose() && !unchunks;
        HeadWriter out = http.writer;
        ResponseWriter.begin(out, response, bytes, request, keepAlive);
        HeaderRules rules = exchange.effects().responseHeaders();
        if (!rules.isEmpty()) {
            HeaderEditor.apply(out, rules);
        }
        out.moveTo(exchange.attempt().choice().writeCookie(
                exchange.isSecure(), out.buffer().bytes(), out.length()));
        ResponseWriter.end(out);
        if (unchunks) {
            return sendUnchunked(bytes, from, end);
        }
        int bodyEnd = body.scan(bytes, from, end);
        int passing = body.passOn(bytes, rules);
        if (out.isIn(bytes)) {
            // The response was read into the place where its head is written, with room before it: the head goes there.
            int start = from - out.length();
            if (start < 0) {
                throw new IllegalStateException("a head that grew by more than there is room for");
            }
            System.arraycopy(bytes, 0, bytes, start, out.length());
            send(out.buffer(), start, passing - start);
        } else {
            out.put(bytes, from, passing);
            send(out.buffer(), 0, out.length());
        }
        return bodyEnd;
    }

    /** Sends more of the body; the position behind the bytes that belong to it. */
    int more(IoBuffer input, int end) {
        if (unchunks) {
            http.writer.restart();
            return sendUnchunked(input.bytes(), 0, end);
        }
        int bodyEnd = body.scan(input.bytes(), 0, end);
        send(input, 0, body.passOn(input.bytes(), exchange.effects().responseHeaders()));
        return bodyEnd;
    }

    /** RFC 9112 §7: a client of HTTP/1.0 gets the content alone, ended by the close of the connection. */
    private int sendUnchunked(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && !body.isDone() && !body.hasFailed()) {
            at = body.contentAt(bytes, at, end);
            int content = body.takeContent(end - at);
            http.writer.put(bytes, at, at + content);
            at += content;
        }
        send(http.writer.buffer(), 0, http.writer.length());
        return at;
    }

    private void send(IoBuffer from, int offset, int length) {
        if (body.hasFailed()) {
            exchange.attempt().truncated(Reason.BAD_RESPONSE);
            return;
        }
        switch (exchange.client().send(from, offset, length)) {
            case ALL -> { }
            case PENDING -> exchange.attempt().pauseResponse();
            case BROKEN -> exchange.client().left();
        }
    }
}
