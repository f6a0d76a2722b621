package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.traffic.ListenerCounters;

/**
 * Reads what a client sends up to the end of each request's head, and holds what has to wait: the beginning of a head, and
 * what comes ahead of the response before it. Confined to the thread of its loop.
 */
final class RequestReader {
    /** What a client may send ahead while a response is under way; then the kernel holds it. */
    private static final int MAX_AHEAD = 16 * 1024;
    private static final int HEAD_PIECE = 2 * 1024;

    private final ClientConnection owner;
    private final Connection wire;
    private final ListenerCounters counters;
    private final HeldBytes held;
    /** The client will send nothing more, but may still read. */
    private boolean ended;
    /** A call further up the stack works through bytes it has, and will go on to the next request by itself. */
    private boolean working;

    RequestReader(ClientConnection owner, Connection wire, ListenerCounters counters) {
        this.owner = owner;
        this.wire = wire;
        this.counters = counters;
        held = new HeldBytes(wire.loop().buffers());
    }

    /**
     * Reads more of a head, and has the owner begin the requests whose heads are complete by that.
     *
     * @param headLimit bytes that a head may have
     * @return false when the client sends no more
     */
    boolean readHead(int headLimit) {
        int got;
        if (held.isEmpty()) {
            IoBuffer input = wire.loop().input();
            got = wire.read(input, 0, wire.loop().buffers().piece());
            if (got > 0) {
                counters.received(got);
                int used = work(input.bytes(), 0, got);
                if (!owner.isOver()) {
                    held.add(input.bytes(), used, got);
                }
            }
        } else {
            got = held.readFrom(wire, Math.min(Math.max(HEAD_PIECE, held.size()), Loop.INPUT - held.size()));
            if (got > 0) {
                counters.received(got);
                if (held.size() >= headLimit || hasLineEnd(held.end() - got)) {
                    workHeld();
                }
            }
        }
        return got >= Connection.AGAIN;
    }

    /** A head that comes in drops is parsed once per line, not once per drop. */
    private boolean hasLineEnd(int from) {
        byte[] bytes = held.bytes();
        for (int at = from; at < held.end(); at++) {
            if (bytes[at] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** The response before is through: on with what was sent ahead. */
    void proceed() {
        if (!held.isEmpty()) {
            workHeld();
        }
    }

    private void workHeld() {
        int used = work(held.bytes(), held.start(), held.end());
        if (!held.isEmpty()) {
            held.usedUpTo(used);
        }
    }

    /** Begins the requests in these bytes, as long as each is answered at once; the position it came to. */
    private int work(byte[] bytes, int start, int end) {
        int at = start;
        working = true;
        try {
            while (at < end && owner.awaitsHead()) {
                int next = owner.begin(bytes, at, end);
                if (next == RequestParser.INCOMPLETE) {
                    break;
                }
                at = next;
            }
        } finally {
            working = false;
        }
        return at;
    }

    /** Whether a call further up the stack goes on to the next request by itself. */
    boolean isWorking() {
        return working;
    }

    /**
     * Reads what the client sends ahead, up to a bound, so that its end is noticed.
     *
     * @return what the read brought; {@link Connection#AGAIN} when the bound is reached
     */
    int readAhead() {
        boolean much = wire.loop().buffers().piece() < Loop.INPUT;
        if (held.size() >= (much ? HEAD_PIECE : MAX_AHEAD)) {
            wire.reading(false);
            return Connection.AGAIN;
        }
        int got = held.readFrom(wire, HEAD_PIECE);
        if (got > 0) {
            counters.received(got);
        } else if (got == Connection.END) {
            end();
        }
        return got;
    }

    /** Bytes that came behind the present request wait for their turn. */
    void hold(byte[] bytes, int from, int to) {
        held.add(bytes, from, to);
    }

    /** What waits for its turn. */
    HeldBytes held() {
        return held;
    }

    /** The client sent its last byte. */
    void end() {
        ended = true;
        wire.reading(false);
    }

    /** Whether the client will send nothing more. */
    boolean hasEnded() {
        return ended;
    }

    /** Gives everything back. */
    void clear() {
        held.clear();
    }
}
