package io.halite.dns.serve;

import io.halite.dns.wire.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A fast path with a buffer, which many threads ask by turns: it answers from the table of the moment, under a lock that is
 * held for microseconds and never across I/O.
 */
public final class SharedPath {
    private final FastPath path;
    private final Supplier<Serving> serving;
    private final ReentrantLock lock = new ReentrantLock();
    private final MemorySegment message =
            Arena.ofAuto().allocate(FastPath.MAX_STREAM + FastPath.MAX_UDP + Bytes.PADDING);

    /** Shares a path, which nobody else uses from now on. */
    public SharedPath(FastPath path, Supplier<Serving> serving) {
        this.path = path;
        this.serving = serving;
    }

    /** Where a response goes; the buffer is lent for the call. */
    @FunctionalInterface
    public interface Sink {
        void add(MemorySegment message, int size);
    }

    public QueryCounters counters() {
        return path.counters();
    }

    /** Lets go of the table that was answered from last, though nobody asks. */
    public void begin() {
        lock.lock();
        try {
            beginLocked();
        } finally {
            lock.unlock();
        }
    }

    /** Answers a query over TCP that is part of an array; returns as the fast path does. */
    public int answerStream(byte[] query, int at, int length, InetAddress client, Sink sink) {
        lock.lock();
        try {
            int size = answerLocked(query, at, length, client, true);
            if (size > 0) {
                sink.add(message, size);
            }
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Answers a query; empty for no response, and for a query that is not for the fast path. */
    public byte[] answer(byte[] query, InetAddress client, boolean stream) {
        lock.lock();
        try {
            int size = Math.max(0, answerLocked(query, 0, query.length, client, stream));
            return message.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
        } finally {
            lock.unlock();
        }
    }

    private void beginLocked() {
        Serving now = serving.get();
        path.begin(now.table(), now.secrets());
    }

    private int answerLocked(byte[] query, int at, int length, InetAddress client, boolean stream) {
        beginLocked();
        path.client().set(client);
        MemorySegment.copy(query, at, message, ValueLayout.JAVA_BYTE, 0, length);
        return path.answer(message, 0, length, stream);
    }
}
