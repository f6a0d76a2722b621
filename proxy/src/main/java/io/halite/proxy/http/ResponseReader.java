package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.upstream.UpstreamConnection;

/**
 * Reads what a target sends: interim heads, the final head, the body. Stops reading while the client does not take what
 * it was sent. Confined to the thread of its loop.
 */
final class ResponseReader {
    private static final int HEAD_PIECE = 2 * 1024;

    private final HttpLoop http;
    private final Exchange exchange;
    private final Attempt attempt;
    private boolean heardInterim;
    private boolean interimWaits;

    ResponseReader(HttpLoop http, Exchange exchange, Attempt attempt) {
        this.http = http;
        this.exchange = exchange;
        this.attempt = attempt;
    }

    void clear() {
        heardInterim = false;
        interimWaits = false;
    }

    /** There is something to read. */
    void read(UpstreamConnection from) {
        if (exchange.isResponding()) {
            readBody(from);
            return;
        }
        HeldBytes held = from.held();
        int present = attempt.life();
        int got;
        if (held.isEmpty()) {
            // With room before it for the rewritten head, the body need not move.
            IoBuffer place = http.loop().output();
            got = from.wire().read(place, Loop.HEAD_ROOM, http.loop().buffers().piece());
            if (got > 0) {
                int used = readHeads(from, place.bytes(), Loop.HEAD_ROOM, Loop.HEAD_ROOM + got);
                if (attempt.life() == present && attempt.isAwaiting()) {
                    held.add(place.bytes(), used, Loop.HEAD_ROOM + got);
                }
                return;
            }
        } else {
            got = held.readFrom(from.wire(), Math.min(HEAD_PIECE + held.size(), Loop.INPUT - held.size()));
            if (got > 0) {
                readHeld(from);
                return;
            }
        }
        if (got != Connection.AGAIN) {
            attempt.endedEarly(held.isEmpty() && !heardInterim, !heardInterim);
        }
    }

    /** The client took what it was sent. */
    void resume(UpstreamConnection from) {
        from.wire().reading(true);
        if (exchange.isResponding()) {
            from.wire().deadlineIn(exchange.silence().withinResponse());
        } else if (interimWaits) {
            interimWaits = false;
            if (!from.held().isEmpty()) {
                readHeld(from);
            }
        }
    }

    private void readHeld(UpstreamConnection from) {
        HeldBytes held = from.held();
        int present = attempt.life();
        int used = readHeads(from, held.bytes(), held.start(), held.end());
        if (attempt.life() == present && attempt.isAwaiting()) {
            held.usedUpTo(used);
        }
    }

    /** Takes the heads in these bytes; the position it came to while the final one is not complete. */
    private int readHeads(UpstreamConnection from, byte[] bytes, int start, int end) {
        Response response = http.response;
        int at = start;
        while (at < end) {
            int length = http.responseParser.parse(bytes, at, end, response);
            if (length == ResponseParser.INCOMPLETE) {
                return at;
            }
            boolean unasked = response.status == 101 && !exchange.request.upgrade;
            if (length == ResponseParser.REFUSED || unasked) {
                attempt.badResponse();
                return end;
            }
            at += length;
            if (!response.isInterim()) {
                if (!heardInterim && attempt.retriesAfter(response.status)) {
                    return end;
                }
                respond(from, response, bytes, at, end);
                return end;
            }
            if (response.status == 101) {
                attempt.responds();
                exchange.upgrade(response, bytes, at, end);
                return end;
            }
            heardInterim = true;
            Sent sent = exchange.interim(response, bytes);
            if (sent == Sent.BROKEN) {
                exchange.client().left();
                return end;
            }
            if (sent == Sent.PENDING) {
                interimWaits = true;
                from.wire().reading(false);
                exchange.client().awaitTaking();
                return at;
            }
        }
        return at;
    }

    private void respond(UpstreamConnection from, Response response, byte[] bytes, int at, int end) {
        attempt.responds();
        exchange.silence().responseIs(response);
        from.wire().deadlineIn(exchange.silence().withinResponse());
        int present = attempt.life();
        int bodyEnd = exchange.respond(response, bytes, at, end);
        if (attempt.life() == present) {
            from.held().clear();
            proceed(bodyEnd == end);
        }
    }

    private void readBody(UpstreamConnection from) {
        IoBuffer input = http.loop().input();
        int got = from.wire().read(input, 0, http.loop().buffers().piece());
        if (got == Connection.AGAIN) {
            return;
        }
        if (got == Connection.END && exchange.responseEndsByClose()) {
            exchange.responseSent(false);
            return;
        }
        if (got < 0) {
            attempt.truncated(Reason.TARGET_CLOSED);
            return;
        }
        from.wire().deadlineIn(exchange.silence().withinResponse());
        int present = attempt.life();
        int bodyEnd = exchange.respondMore(input, got);
        if (attempt.life() == present) {
            proceed(bodyEnd == got);
        }
    }

    private void proceed(boolean clean) {
        if (exchange.responseComplete()) {
            exchange.responseSent(clean);
        }
    }
}
