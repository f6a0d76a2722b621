package io.halite.proxy.relay;

import io.halite.proxy.relay.TlsSession.Outcome;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS connection receives: records that did not come whole, or that nobody has asked for yet, and the rest of one
 * that was larger than what its reader had room for. It owns buffers only while there are any. Confined to the thread of
 * its loop.
 */
final class TlsInput {
    /** The largest record, with some room: 16 KiB of payload, header, padding and tag. */
    static final int RECORD = 18 * 1024;

    private final TlsConnection owner;
    private final Connection wire;
    private final TlsSession session;
    private final Loop loop;
    private final HeldBytes encrypted;
    private @Nullable IoBuffer plain;
    private int plainStart;
    private int plainEnd;
    /** How far {@link #decrypt} came in its source. */
    private int position;
    /** The last of the records in {@link #encrypted} is not complete. */
    private boolean incomplete;
    private boolean ended;

    TlsInput(TlsConnection owner, Connection wire, TlsSession session) {
        this.owner = owner;
        this.wire = wire;
        this.session = session;
        loop = wire.loop();
        encrypted = new HeldBytes(loop.buffers());
    }

    /** Whether a read would bring something although the wire has nothing. */
    boolean hasBuffered() {
        return plain != null || ended || (!encrypted.isEmpty() && !incomplete && !owner.isStalled());
    }

    /** Reads from the wire what belongs to the handshake; the result is that of the read. */
    int fill(int length) {
        return encrypted.readFrom(wire, length);
    }

    /** The first byte that was not used yet; negative when there is none. */
    int firstByte() {
        return encrypted.isEmpty() ? -1 : encrypted.bytes()[encrypted.start()] & 0xff;
    }

    /** Gives a record to the handshake; false when none is complete. */
    boolean handshakeRecord() throws SSLException {
        IoBuffer source = encrypted.buffer();
        if (source == null) {
            return false;
        }
        IoBuffer nowhere = loop.records();
        Outcome outcome = session.decrypt(source, encrypted.start(), encrypted.end(), nowhere, 0, nowhere.size());
        encrypted.usedUpTo(encrypted.start() + session.consumed());
        if (outcome == Outcome.CLOSED || session.produced() > 0) {
            throw new SSLException("the peer ended the handshake");
        }
        return outcome == Outcome.DONE;
    }

    /** Reads plain bytes, as {@link Connection#read} does. */
    int read(IoBuffer into, int offset, int length) throws SSLException {
        if (plain != null) {
            return takePlain(into, offset, length);
        }
        if (ended) {
            return Connection.END;
        }
        int got = owner.isStalled() ? Connection.AGAIN : decryptHeld(into, offset, length);
        return got == Connection.AGAIN && !owner.isStalled() ? readMore(into, offset, length) : got;
    }

    private int readMore(IoBuffer into, int offset, int length) throws SSLException {
        boolean held = !encrypted.isEmpty();
        IoBuffer arrivals = loop.arrivals();
        int got = held ? encrypted.readFrom(wire, RECORD)
                : wire.read(arrivals, 0, Math.min(Math.max(length, RECORD), arrivals.size()));
        if (got > 0 && held) {
            return decryptHeld(into, offset, length);
        }
        if (got > 0) {
            int result = decrypt(arrivals, 0, got, into, offset, length);
            encrypted.add(arrivals.bytes(), position, got);
            return result;
        }
        if (got == Connection.END) {
            // A client harms nobody by leaving without a word; from a target, it may be somebody cutting off an answer.
            ended = owner.isServer() && encrypted.isEmpty();
            return ended ? Connection.END : Connection.BROKEN;
        }
        return got;
    }

    private int decryptHeld(IoBuffer into, int offset, int length) throws SSLException {
        IoBuffer source = encrypted.buffer();
        if (source == null) {
            return Connection.AGAIN;
        }
        int result = decrypt(source, encrypted.start(), encrypted.end(), into, offset, length);
        encrypted.usedUpTo(position);
        return result;
    }

    private int decrypt(IoBuffer source, int from, int to, IoBuffer into, int offset, int length) throws SSLException {
        int made = 0;
        position = from;
        Outcome outcome = Outcome.DONE;
        while (outcome == Outcome.DONE && position < to && !owner.isStalled()) {
            outcome = session.decrypt(source, position, to, into, offset + made, offset + length);
            position += session.consumed();
            made += session.produced();
            if (outcome == Outcome.DONE) {
                owner.serveItself();
            }
        }
        if (outcome == Outcome.MORE_ROOM && made == 0) {
            outcome = decryptAside(source, to);
            made = takePlain(into, offset, length);
        }
        incomplete = outcome == Outcome.MORE_INPUT;
        ended |= outcome == Outcome.CLOSED;
        if (made > 0) {
            return made;
        }
        return ended ? Connection.END : Connection.AGAIN;
    }

    /** Whether there is too little room may be said of a record that is not even complete. */
    private Outcome decryptAside(IoBuffer source, int to) throws SSLException {
        IoBuffer aside = loop.buffers().take(RECORD);
        Outcome outcome = session.decrypt(source, position, to, aside, 0, aside.size());
        position += session.consumed();
        if (session.produced() > 0) {
            plain = aside;
            plainStart = 0;
            plainEnd = session.produced();
            return outcome;
        }
        loop.buffers().give(aside);
        if (outcome == Outcome.MORE_ROOM) {
            throw new SSLException("a record of no legal size");
        }
        owner.serveItself();
        return outcome;
    }

    private int takePlain(IoBuffer into, int offset, int length) {
        IoBuffer from = plain;
        int taken = Math.min(length, plainEnd - plainStart);
        if (from == null || taken == 0) {
            return Connection.AGAIN;
        }
        System.arraycopy(from.bytes(), plainStart, into.bytes(), offset, taken);
        plainStart += taken;
        if (plainStart == plainEnd) {
            givePlain();
        }
        return taken;
    }

    private void givePlain() {
        if (plain != null) {
            loop.buffers().give(plain);
            plain = null;
        }
    }

    /** Forgets everything and gives the buffers back. */
    void clear() {
        encrypted.clear();
        givePlain();
    }
}
