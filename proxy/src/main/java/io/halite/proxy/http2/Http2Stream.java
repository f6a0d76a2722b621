package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.InnerConnection;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an HTTP/2 connection. For the rest of the proxy it is a connection of its own that carries one HTTP/1.1
 * request and its response: what comes is read as text, what is written as text goes out in frames. Confined to the thread
 * of its loop.
 */
abstract sealed class Http2Stream implements InnerConnection.OtherEnd, OutgoingText.Sink
        permits ClientStream, TargetStream {
    private final Http2Connection connection;
    private final IncomingText incoming;
    private final InnerConnection inner;
    private int id;
    private boolean closed;
    private boolean speaking;
    private long sendWindow;
    private int receiveWindow = Frames.INITIAL_WINDOW;
    private int credit;

    Http2Stream(Http2Connection connection, int id) {
        this.connection = connection;
        this.id = id;
        sendWindow = connection.settings().initialWindow();
        incoming = new IncomingText(connection.wire().loop().buffers(), this::took);
        inner = new InnerConnection(connection.wire(), this);
    }

    final Http2Connection connection() {
        return connection;
    }

    final IncomingText incoming() {
        return incoming;
    }

    /** What the rest of the proxy sees. */
    final InnerConnection inner() {
        return inner;
    }

    /** Its number; zero while it has none. */
    final int id() {
        return id;
    }

    /** It begins, with the next number. */
    final void begin(int number) {
        id = number;
        sendWindow = connection.settings().initialWindow();
        connection.opened(number, this);
    }

    /** Whether the rest of the proxy is through with it. */
    final boolean isClosed() {
        return closed;
    }

    // What comes.

    /** Fields came behind those that it began with: a further head, or trailers. */
    abstract void fields(Fields fields, boolean last) throws Http2Problem;

    /** Content came, and perhaps the end. */
    void content(byte[] bytes, int from, int to, int padding, boolean last) throws Http2Problem {
        // First it is held, so that the connection's window is given back whatever is wrong with it.
        incoming.hold(bytes, from, to);
        receiveWindow -= to - from + padding;
        took(padding);
        Http2Problem.window(receiveWindow >= 0);
        incoming.count(to - from);
        if (last) {
            incoming.end(null);
        }
        inner.changed();
    }

    /** The peer sent all, with these trailer lines if there are any. */
    final void end(@Nullable Octets trailers) throws Http2Problem {
        incoming.end(trailers);
        inner.changed();
    }

    @Override
    public boolean hasInput() {
        return incoming.hasInput();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        return incoming.read(into, offset, length);
    }

    /** Content left our hands: the peer may send as much again. */
    private void took(int bytes) {
        credit += bytes;
        connection.consumed(bytes);
        if (credit >= Frames.INITIAL_WINDOW / 2 && !incoming.hasEnded()) {
            receiveWindow += credit;
            connection.credit(id, credit);
            credit = 0;
        }
    }

    // What goes.

    /** What is written, on its way into frames. */
    abstract OutgoingText outgoing();

    /** The peer's window for this stream changes; false when it is more than can be. */
    final boolean widen(long by) {
        sendWindow += by;
        inner.roomChanged();
        return sendWindow <= Integer.MAX_VALUE;
    }

    @Override
    public boolean hasRoom() {
        Http2Output output = connection.output();
        return output.hasRoom(1) && (!speaking || (sendWindow > 0 && output.window() > 0));
    }

    @Override
    public boolean isWanted() {
        return !speaking || sendWindow > 0;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return outgoing().take(from, offset, length);
    }

    final boolean makeRoom(HpackWriter block) {
        int frames = block.size() / Frames.MAX_PAYLOAD + 1;
        return connection.output().makeRoom(block.size() + frames * Frames.HEAD);
    }

    @Override
    public boolean fields(HpackWriter block, boolean last) {
        if (!makeRoom(block)) {
            return false;
        }
        connection.output().headers(id, block, last);
        speaking = true;
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
    public void outputEnded() {
        // The end of a message says it; only behind a tunnel is there none.
        if (outgoing().endsByClose() && !connection.isEnding()) {
            outgoing().finish();
            connection.output().endStream(id);
        }
    }

    // The end.

    @Override
    public final void closed(boolean reset) {
        closed = true;
        connection.consumed(incoming.clear());
        outgoing().clear();
        over(reset);
    }

    /** The rest of the proxy is through with it: what the peer hears. */
    abstract void over(boolean reset);

    /** The whole connection is over. */
    void lost() {
        cut();
    }

    /** The peer wants no more of it, or is no more. */
    final void cut() {
        inner.cut();
    }

    /** The end that a read finds when nothing is left. */
    static int endOr(int got, boolean over) {
        return got == Connection.AGAIN && over ? Connection.END : got;
    }
}
