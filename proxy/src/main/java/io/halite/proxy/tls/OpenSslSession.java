package io.halite.proxy.tls;

import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.TlsPeer;
import io.halite.proxy.relay.TlsSession;
import java.lang.ref.Reference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS by OpenSSL over buffers in memory: a handshake costs a fraction of what the Java runtime's does, so it is done where
 * it stands, on the loop. Records go in one at a time, so that none hides inside of OpenSSL.
 */
final class OpenSslSession implements TlsSession {
    private static final int HEADER = 5;
    private static final int LONGEST_RECORD = 16 * 1024 + 2 * 1024;
    private static final int LONGEST_PLAIN = 16 * 1024;

    /** Keeps alive what OpenSSL calls back. */
    private final OpenSslServer server;
    private final long incoming;
    private final long outgoing;
    private long ssl;
    private @Nullable TlsPeer peer;
    private boolean open;
    private int consumed;
    private int produced;

    OpenSslSession(OpenSslServer server) {
        this.server = server;
        incoming = OpenSsl.newBuffer();
        outgoing = OpenSsl.newBuffer();
        try {
            ssl = OpenSsl.newServer(server.context(), incoming, outgoing);
        } finally {
            Reference.reachabilityFence(server);
        }
        if (ssl == 0) {
            throw new IllegalStateException("no memory for a TLS session");
        }
    }

    @Override
    public Need need() {
        if (ssl == 0) {
            return Need.NOTHING;
        }
        if (OpenSsl.size(outgoing) > 0) {
            return Need.WRITE;
        }
        return open ? Need.NOTHING : Need.READ;
    }

    @Override
    public Runnable task() {
        throw new IllegalStateException("OpenSSL does everything at once");
    }

    @Override
    public Outcome decrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException {
        begin();
        int size = recordSize(source.bytes(), from, to);
        if (size > to - from) {
            return Outcome.MORE_INPUT;
        }
        if (open && size - HEADER > end - at) {
            return Outcome.MORE_ROOM;
        }
        OpenSsl.put(incoming, source.segment(from), size);
        consumed = size;
        return open ? read(target, at, end) : shakeHands();
    }

    /** OpenSSL does not survive a call for a session that was given back. */
    private void begin() throws SSLException {
        consumed = 0;
        produced = 0;
        if (ssl == 0) {
            throw new SSLException("the session is over");
        }
    }

    /** The size of the record that begins here, as far as can be told: at least one byte more than there is. */
    private static int recordSize(byte[] bytes, int from, int to) throws SSLException {
        int length = to - from;
        if (length < HEADER) {
            return length + 1;
        }
        int size = HEADER + ((bytes[from + 3] & 0xff) << 8 | (bytes[from + 4] & 0xff));
        if (size > LONGEST_RECORD || bytes[from] < 20 || bytes[from] > 23) {
            throw new SSLException("no TLS record");
        }
        return size;
    }

    private Outcome shakeHands() throws SSLException {
        int result = server.shakeHands(ssl);
        if (result == 1) {
            open = true;
            if (server.asksClients()) {
                peer = server.peer(ssl);
            }
            // What is left of another's trouble would later be taken for that of whoever this thread serves next.
            OpenSsl.clearErrors();
        } else {
            int error = OpenSsl.error(ssl, result);
            if (error != OpenSsl.WANT_READ && error != OpenSsl.WANT_WRITE) {
                throw new SSLException(OpenSsl.takeError());
            }
        }
        return Outcome.DONE;
    }

    private Outcome read(IoBuffer target, int at, int end) throws SSLException {
        int got = OpenSsl.read(ssl, target.segment(at), end - at);
        if (got > 0) {
            produced = got;
            return Outcome.DONE;
        }
        int error = OpenSsl.error(ssl, got);
        if (error == OpenSsl.WANT_READ || error == OpenSsl.WANT_WRITE) {
            return Outcome.DONE;
        }
        if (error == OpenSsl.ZERO_RETURN) {
            return Outcome.CLOSED;
        }
        throw new SSLException(OpenSsl.takeError());
    }

    @Override
    public Outcome encrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException {
        begin();
        if (to > from) {
            int written = OpenSsl.write(ssl, source.segment(from), Math.min(to - from, LONGEST_PLAIN));
            if (written <= 0) {
                throw new SSLException(OpenSsl.takeError());
            }
            consumed = written;
        }
        produced = Math.max(0, OpenSsl.take(outgoing, target.segment(at), end - at));
        return Outcome.DONE;
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public int produced() {
        return produced;
    }

    @Override
    public void closeOutput() {
        if (open && ssl != 0) {
            int told = OpenSsl.shutdown(ssl);
            if (told < 0) {
                OpenSsl.clearErrors();
            }
        }
    }

    @Override
    public TlsPeer peer() {
        TlsPeer known = peer;
        if (known == null) {
            // Requests may outlive their connection by a turn of the loop, and still ask.
            known = ssl == 0 ? new TlsPeer("", "", "", null) : server.peer(ssl);
            peer = known;
        }
        return known;
    }

    @Override
    public void dispose() {
        if (ssl != 0) {
            OpenSsl.free(ssl);
            ssl = 0;
        }
    }
}
