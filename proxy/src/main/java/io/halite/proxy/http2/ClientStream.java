package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.http2.IncomingText.Framing;

/** A request of a client, and the response to it. Confined to the thread of its loop. */
final class ClientStream extends Http2Stream {
    private final OutgoingResponse response;

    ClientStream(Http2Connection connection, int id, RequestText request, boolean ended)
            throws Http2Problem {
        super(connection, id);
        response = new OutgoingResponse(this, connection.block(), connection.wire().loop().buffers(), request.isHead(),
                request.isWebSocket());
        Framing framing = request.isWebSocket() ? Framing.NONE
                : !ended && request.contentLength() < 0 ? Framing.CHUNKED : Framing.LENGTH;
        incoming().head(request.text(), framing, Math.max(0, request.contentLength()));
        if (ended) {
            incoming().end(null);
        }
    }

    @Override
    void fields(Fields fields, boolean last) throws Http2Problem {
        Http2Problem.check(last && !fields.tooLarge(), "a head in the middle of a request");
        end(FieldLines.trailers(fields.list()));
    }

    @Override
    OutgoingText outgoing() {
        return response;
    }

    @Override
    public boolean hasInput() {
        return super.hasInput() || response.isDone();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        return endOr(super.read(into, offset, length), response.isDone());
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        int taken = super.write(from, offset, length);
        if (response.isDone()) {
            // What the client still sends is for nobody.
            inner().changed();
        }
        return taken;
    }

    @Override
    void over(boolean reset) {
        boolean done = response.isDone();
        boolean endsByClose = response.endsByClose();
        if (!connection().forget(id())) {
            return;
        }
        Http2Output output = connection().output();
        if (!done && endsByClose && !reset) {
            output.endStream(id());
        } else if (!done) {
            output.resetStream(id(), Http2Problem.INTERNAL_ERROR);
        }
        if (!incoming().hasEnded()) {
            connection().past().cut(id());
            if (done || endsByClose) {
                // RFC 9113 §8.1: the response is whole, the rest of the request is not needed.
                output.resetStream(id(), Http2Problem.NO_ERROR);
            }
        }
        connection().forgotten();
    }
}
