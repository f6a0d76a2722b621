package io.halite.proxy.relay;

import org.jspecify.annotations.Nullable;

/**
 * Carries bytes between a client and a target in both directions, each of which ends by itself: what one side's end
 * leaves in flight still arrives, and the other direction goes on. Confined to the thread of their loop.
 */
public final class Tunnel {
    private final TunnelOwner owner;
    private final Connection client;
    private final Connection target;
    private final long timeoutNanos;
    private @Nullable TunnelEnd first;
    private boolean ended;

    private Tunnel(TunnelOwner owner, Connection client, Connection target, long timeoutNanos) {
        this.owner = owner;
        this.client = client;
        this.target = target;
        this.timeoutNanos = timeoutNanos;
    }

    /**
     * Takes both connections over.
     *
     * @param timeoutNanos without a byte in either direction
     */
    public static Tunnel between(Connection client, Connection target, long timeoutNanos, TunnelOwner owner) {
        Tunnel tunnel = new Tunnel(owner, client, target, timeoutNanos);
        Side fromClient = tunnel.new Side(client, target, true);
        Side fromTarget = tunnel.new Side(target, client, false);
        fromClient.other = fromTarget;
        fromTarget.other = fromClient;
        client.handler(fromClient);
        target.handler(fromTarget);
        client.clearDeadline();
        client.reading(!target.hasPending());
        target.reading(!client.hasPending());
        tunnel.touch();
        return tunnel;
    }

    private void touch() {
        target.deadlineIn(timeoutNanos);
    }

    private void end(TunnelEnd how) {
        if (!ended) {
            ended = true;
            client.close();
            target.close();
            owner.tunnelEnded(how);
        }
    }

    /** Ends both connections with a reset. */
    public void abort() {
        abort(TunnelEnd.ABORTED);
    }

    private void abort(TunnelEnd how) {
        if (!ended) {
            client.abort();
            target.abort();
            end(how);
        }
    }

    /** One direction: from a source to a sink. Handles what happens to the source, and what drains on it for the other. */
    private final class Side implements ConnectionHandler {
        private final Connection source;
        private final Connection sink;
        private final boolean isClient;
        private Side other = this;
        private boolean sourceEnded;

        Side(Connection source, Connection sink, boolean isClient) {
            this.source = source;
            this.sink = sink;
            this.isClient = isClient;
        }

        @Override
        public void readable(Connection connection) {
            if (sink.hasPending()) {
                source.reading(false);
                return;
            }
            IoBuffer input = source.loop().input();
            int got = source.read(input, 0, source.loop().buffers().piece());
            if (got == Connection.AGAIN) {
                return;
            }
            if (got == Connection.END) {
                sourceEnded = true;
                if (first == null) {
                    first = isClient ? TunnelEnd.CLIENT_FIRST : TunnelEnd.TARGET_FIRST;
                }
                source.reading(false);
                finishDirection();
                return;
            }
            if (got == Connection.BROKEN) {
                abort(broke());
                return;
            }
            touch();
            if (isClient) {
                owner.fromClient(got);
            } else {
                owner.fromTarget(got);
            }
            switch (sink.send(input, 0, got)) {
                case ALL -> { }
                case PENDING -> source.reading(false);
                case BROKEN -> abort(other.broke());
            }
        }

        /** What the other direction left on this connection is gone. */
        @Override
        public void drained(Connection connection) {
            touch();
            if (other.sourceEnded) {
                other.finishDirection();
            } else {
                other.source.reading(true);
            }
        }

        @Override
        public void broken(Connection connection) {
            abort(broke());
        }

        @Override
        public void failed(Connection connection) {
            abort();
        }

        @Override
        public void expired(Connection connection) {
            end(TunnelEnd.SILENCE);
        }

        /** Neither side may take what it has for the whole. */
        @Override
        public void overdue(Connection connection) {
            abort(TunnelEnd.OVERDUE);
        }

        @Override
        public void connected(Connection connection) {
            abort();
        }

        @Override
        public void connectFailed(Connection connection, ConnectFailure failure) {
            abort();
        }

        private TunnelEnd broke() {
            return isClient ? TunnelEnd.CLIENT_BROKE : TunnelEnd.TARGET_BROKE;
        }

        /** The source will send no more: so the sink hears, once it has everything. */
        private void finishDirection() {
            if (sink.hasPending()) {
                return;
            }
            sink.shutdownOutput();
            if (other.sourceEnded && !source.hasPending()) {
                end(first == null ? TunnelEnd.ABORTED : first);
            }
        }
    }
}
