package io.halite.proxy.http2;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.InnerConnection;
import java.nio.charset.StandardCharsets;

/**
 * One request of an HTTP/2 connection. For the rest of the proxy it is a client's connection that sends one HTTP/1.1
 * request and then ends its side. Confined to the thread of its loop.
 */
final class Http2Stream implements InnerConnection.OtherEnd, ResponseText.Sink {
    /** Framing of a chunk: eight digits and two line ends. */
    private static final int CHUNK_FRAMING = 12;
    private static final byte[] NO_BYTES = new byte[0];

    private final Http2Connection connection;
    private final int id;
    private final byte[] head;
    private final boolean chunked;
    private final HeldBytes body;
    private final ResponseText response;
    private final InnerConnection inner;
    private int headAt;
    private long contentLeft;
    private boolean requestEnded;
    private byte[] tail = NO_BYTES;
    private int tailAt;
    private boolean closed;
    private boolean responding;
    private long sendWindow;
    private int receiveWindow = Frames.INITIAL_WINDOW;
    private int credit;

    Http2Stream(Http2Connection connection, int id, RequestText request, boolean ended, long sendWindow) {
        this.connection = connection;
        this.id = id;
        this.sendWindow = sendWindow;
        head = request.bytes();
        chunked = !ended && request.contentLength() < 0;
        contentLeft = request.contentLength();
        requestEnded = ended;
        body = new HeldBytes(connection.wire().loop().buffers());
        response = new ResponseText(this, request.isHead());
        inner = new InnerConnection(connection.wire(), this);
    }

    InnerConnection inner() {
        return inner;
    }

    int id() {
        return id;
    }

    boolean hasRequestEnded() {
        return requestEnded;
    }

    /** Whether the client was told anything of the response. */
    boolean isResponding() {
        return responding;
    }

    // The request.

    /** Content came, and perhaps the end. */
    void content(byte[] bytes, int from, int to, int padding, boolean last) throws Http2Problem {
        int length = to - from;
        receiveWindow -= length + padding;
        if (receiveWindow < 0) {
            throw new Http2Problem(Http2Problem.FLOW_CONTROL_ERROR, "more than the stream's window");
        }
        if (!chunked) {
            contentLeft -= length;
            if (contentLeft < 0 || (last && contentLeft > 0)) {
                throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "a body of another length than was said");
            }
        }
        if (closed) {
            connection.consumed(length + padding);
        } else {
            body.add(bytes, from, to);
            took(padding);
        }
        if (last) {
            end(NO_BYTES);
        }
        inner.changed();
    }

    /** The request ends, with these trailer lines. */
    void end(byte[] trailers) throws Http2Problem {
        if (!chunked && contentLeft > 0) {
            throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "a body shorter than was said");
        }
        requestEnded = true;
        if (chunked) {
            tail = ("0\r\n" + new String(trailers, StandardCharsets.ISO_8859_1) + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        inner.changed();
    }

    @Override
    public boolean hasInput() {
        return headAt < head.length || !body.isEmpty() || requestEnded || response.isDone();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int done = Math.min(length, head.length - headAt);
        System.arraycopy(head, headAt, into, offset, done);
        headAt += done;
        if (headAt == head.length) {
            done += chunked ? readChunk(into, offset + done, length - done)
                    : readBody(into, offset + done, length - done);
        }
        if (headAt == head.length && body.isEmpty() && requestEnded) {
            int rest = Math.min(length - done, tail.length - tailAt);
            System.arraycopy(tail, tailAt, into, offset + done, rest);
            tailAt += rest;
            done += rest;
        }
        boolean over = (requestEnded && body.isEmpty() && tailAt == tail.length) || response.isDone();
        return done > 0 ? done : over ? Connection.END : Connection.AGAIN;
    }

    private int readBody(byte[] into, int offset, int length) {
        int size = Math.min(length, body.size());
        System.arraycopy(body.bytes(), body.start(), into, offset, size);
        body.usedUpTo(body.start() + size);
        took(size);
        return size;
    }

    private int readChunk(byte[] into, int offset, int length) {
        int size = Math.min(length - CHUNK_FRAMING, body.size());
        if (size <= 0) {
            return 0;
        }
        byte[] line = (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(line, 0, into, offset, line.length);
        readBody(into, offset + line.length, size);
        into[offset + line.length + size] = '\r';
        into[offset + line.length + size + 1] = '\n';
        return line.length + size + 2;
    }

    /** Content left our hands: the client may send as much again. */
    private void took(int bytes) {
        credit += bytes;
        connection.consumed(bytes);
        if (credit >= Frames.INITIAL_WINDOW / 2 && !requestEnded) {
            receiveWindow += credit;
            connection.credit(id, credit);
            credit = 0;
        }
    }

    // The response.

    /** The client's window for this stream changes; false when it is more than can be. */
    boolean widen(long by) {
        sendWindow += by;
        inner.changed();
        return sendWindow <= Integer.MAX_VALUE;
    }

    @Override
    public boolean hasRoom() {
        Http2Output output = connection.output();
        return output.hasRoom(1) && (!responding || (sendWindow > 0 && output.window() > 0));
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        int taken = response.take(from, offset, length);
        if (response.isDone()) {
            // What the client still sends is for nobody.
            inner.changed();
        }
        return taken;
    }

    @Override
    public boolean fields(HpackWriter block, boolean last) {
        int frames = block.size() / Frames.MAX_PAYLOAD + 1;
        if (!connection.output().hasRoom(block.size() + frames * Frames.HEAD)) {
            return false;
        }
        connection.output().headers(id, block, last);
        responding = true;
        return true;
    }

    @Override
    public int content(byte[] bytes, int from, int length, boolean last) {
        int most = (int) Math.min(length, Math.max(0, sendWindow));
        int sent = connection.output().data(id, bytes, from, most, last && most == length);
        sendWindow -= sent;
        return sent;
    }

    @Override
    public boolean end() {
        if (!connection.output().hasRoom(0)) {
            return false;
        }
        connection.output().endStream(id);
        return true;
    }

    @Override
    public void closed(boolean reset) {
        closed = true;
        int rest = body.size();
        body.clear();
        connection.consumed(rest);
        connection.closed(this, reset, response.isDone(), response.endsByClose());
    }

    /** The client wants no more of it, or is no more. */
    void cut() {
        inner.cut();
    }
}
