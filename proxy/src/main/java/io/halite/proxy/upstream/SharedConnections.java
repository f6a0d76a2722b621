package io.halite.proxy.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one loop to one target. The eldest with room gets the next request, so that those that a rush
 * made may grow old and go. Confined to the thread of its loop.
 */
final class SharedConnections {
    private final TargetConnections target;
    private final List<SharedConnection> open = new ArrayList<>();

    SharedConnections(TargetConnections target) {
        this.target = target;
    }

    TargetConnections target() {
        return target;
    }

    /** As {@link TargetConnections#take}. */
    @Nullable UpstreamConnection take(UpstreamUser user, byte[] preamble) {
        SharedConnection found = withRoom(preamble);
        if (found == null) {
            return null;
        }
        StreamConnection stream = new StreamConnection(target.loop().buffers(), user, preamble, 0);
        stream.on(found);
        target.countRoom();
        return stream;
    }

    private @Nullable SharedConnection withRoom(byte[] preamble) {
        for (SharedConnection connection : new ArrayList<>(open)) {
            if (!connection.isCurrent()) {
                connection.leave();
            } else if (connection.hasRoom(preamble)) {
                return connection;
            }
        }
        return null;
    }

    /** As {@link TargetConnections#connect}; a connection that is being made already will do. */
    @Nullable UpstreamConnection connect(UpstreamUser user, byte[] preamble, long timeoutNanos) {
        StreamConnection stream = new StreamConnection(target.loop().buffers(), user, preamble, timeoutNanos);
        return await(stream) ? stream : null;
    }

    private boolean await(StreamConnection stream) {
        for (SharedConnection connection : open) {
            if (connection.mayAwait(stream.preamble())) {
                connection.await(stream);
                return true;
            }
        }
        SharedConnection begun = new SharedConnection(this, stream.preamble(), stream.timeoutNanos());
        if (!begun.begin()) {
            return false;
        }
        open.add(begun);
        begun.await(stream);
        target.countRoom();
        return true;
    }

    /** A request for which the connection that it waited for has no room: where no other may be made, it waits on. */
    void again(StreamConnection stream, SharedConnection full) {
        SharedConnection found = withRoom(stream.preamble());
        if (found != null || !await(stream)) {
            stream.connected(found == null ? full : found);
        }
    }

    /** A connection has more room than before, or less; one that carries nothing may be one too many. */
    void changed(SharedConnection connection) {
        if (connection.isIdle() && (target.isRetired() || idle() > target.keepAlive().connections())) {
            connection.leave();
        }
        target.countRoom();
    }

    void remove(SharedConnection connection) {
        open.remove(connection);
        target.countRoom();
    }

    private long idle() {
        return open.stream().filter(SharedConnection::isIdle).count();
    }

    /** Requests that need no new connection. */
    int room() {
        int room = 0;
        for (SharedConnection connection : open) {
            room += connection.isCurrent() ? connection.room() : 0;
        }
        return room;
    }

    /** Ends one that carries nothing; false when there is none. */
    boolean closeOne() {
        for (SharedConnection connection : open) {
            if (connection.isIdle()) {
                connection.leave();
                return true;
            }
        }
        return false;
    }

    void closeIdle() {
        new ArrayList<>(open).stream().filter(SharedConnection::isIdle).forEach(SharedConnection::leave);
    }

    /** No new requests for any of them. */
    void leave() {
        new ArrayList<>(open).forEach(SharedConnection::leave);
    }
}
