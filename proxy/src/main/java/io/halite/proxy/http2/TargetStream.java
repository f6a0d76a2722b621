package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;

/**
 * A request to a target, and the response to it. It gets its number with its first frame, since numbers must be seen in
 * their order. Confined to the thread of its loop.
 */
final class TargetStream extends Http2Stream implements TargetRequest {
    private final TargetSession session;
    private final OutgoingRequest request;
    private boolean headCame;
    private boolean untouched;
    /** The target needs no more of the request. */
    private boolean satisfied;

    TargetStream(TargetSession session, Http2Connection connection, boolean secure) {
        super(connection, 0);
        this.session = session;
        request = new OutgoingRequest(this, connection.block(), connection.wire().loop().buffers(), secure);
    }

    @Override
    public Connection wire() {
        return inner();
    }

    @Override
    public boolean isUntouched() {
        return untouched;
    }

    @Override
    public boolean isConnectionLost() {
        return connection().isEnding();
    }

    /** The target looks at nothing of it, or the connection ends before it began. */
    void cutUntouched() {
        untouched = true;
        cut();
    }

    /** The target ends it; a response that is whole stays so. */
    void reset(int code) {
        if (incoming().hasEnded()) {
            satisfied = true;
            inner().changed();
            return;
        }
        untouched = code == Http2Problem.REFUSED_STREAM;
        // RFC 9113 §5.4.2: the answer to a reset is none.
        connection().forget(id());
        cut();
    }

    @Override
    void lost() {
        if (incoming().hasEnded()) {
            satisfied = true;
            inner().changed();
        } else {
            cut();
        }
    }

    @Override
    OutgoingText outgoing() {
        return request;
    }

    @Override
    void fields(Fields fields, boolean last) throws Http2Problem {
        Http2Problem.check(!fields.tooLarge(), "fields that are too many");
        if (headCame) {
            Http2Problem.check(last, "a head in the middle of a response");
            end(FieldLines.trailers(fields.list()));
            return;
        }
        ResponseText head = session.responseText();
        head.read(fields.list(), request.isHead(), last);
        if (head.isInterim()) {
            incoming().interim(head.text());
            inner().changed();
            return;
        }
        headCame = true;
        incoming().head(head.text(), head.framing(), head.contentLength(request.isHead()));
        if (last) {
            end(null);
        } else {
            inner().changed();
        }
    }

    @Override
    void content(byte[] bytes, int from, int to, int padding, boolean last) throws Http2Problem {
        super.content(bytes, from, to, padding, last);
        Http2Problem.check(headCame, "content before a head");
    }

    @Override
    public boolean hasRoom() {
        return satisfied || (super.hasRoom() && (id() != 0 || session.mayBegin()));
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return satisfied ? length : super.write(from, offset, length);
    }

    @Override
    public boolean fields(HpackWriter block, boolean last) {
        if (id() == 0) {
            // With a number it must go: behind a higher one it would be a mistake.
            if (!session.mayBegin() || !makeRoom(block)) {
                return false;
            }
            begin(session.nextId());
        }
        return super.fields(block, last);
    }

    @Override
    void over(boolean reset) {
        if (id() != 0 && connection().forget(id())) {
            boolean whole = incoming().hasEnded() && (request.isDone() || satisfied);
            if (!whole) {
                connection().past().cut(id());
                connection().output().resetStream(id(), Http2Problem.CANCEL);
            }
        }
        session.over(this);
    }
}
