package io.halite.proxy.tcp;

import io.halite.config.Retries;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.RetryBudget;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TriedTargets;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.Tunnel;
import io.halite.proxy.relay.TunnelOwner;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.SeriesCounters;
import io.halite.proxy.traffic.SeriesLabels;
import io.halite.proxy.upstream.BackOff;
import io.halite.proxy.upstream.Preamble;
import io.halite.proxy.upstream.UpstreamConnection;
import io.halite.proxy.upstream.UpstreamUser;
import org.jspecify.annotations.Nullable;

/**
 * One client and one target, byte for byte. The client's bytes stay in the kernel until a target has accepted, so that
 * another may be tried when the first does not; a client that finds none is reset. Confined to the thread of its loop.
 */
final class TcpRelay implements ConnectionHandler, UpstreamUser, TunnelOwner {
    private static final byte[] NO_BYTES = new byte[0];

    private final TcpListener listener;
    private final Connection client;
    private final HeldBytes read;
    private final RequestHead head = new RequestHead();
    private final TriedTargets tried = new TriedTargets();
    private @Nullable PoolTable pool;
    private @Nullable Balancer balancer;
    private @Nullable TargetEntry target;
    private @Nullable UpstreamConnection upstream;
    private boolean counted;
    private boolean holdsBudget;
    private boolean tunnels;
    private int retries;
    private long connectStarted;
    private long connectNanos = -1;

    /**
     * A relay for a client.
     *
     * @param read bytes of the client that have been read already
     */
    TcpRelay(TcpListener listener, Connection client, HeldBytes read) {
        this.listener = listener;
        this.client = client;
        this.read = read;
    }

    /** Looks for a target; without a pool there is none. */
    void start(@Nullable PoolTable from) {
        client.handler(this);
        head.reset(NO_BYTES, client.peerAddress());
        pool = from;
        if (pool == null) {
            giveUp();
            return;
        }
        balancer = listener.upstreams().balancers().of(pool);
        // Nothing is read yet, but a client that leaves is noticed.
        client.watch();
        choose(pool, balancer);
    }

    private void choose(PoolTable candidates, Balancer chooser) {
        TargetEntry picked = chooser.pick(candidates, head, tried);
        if (picked == null) {
            giveUp();
            return;
        }
        target = picked;
        chooser.started(picked);
        counted = true;
        connectStarted = listener.upstreams().loop().exactNow();
        upstream = listener.upstreams().connections(picked).connectForBytes(this, Preamble.of(candidates, client),
                listener.table().timeouts().connect().toNanos());
        if (upstream == null) {
            unreached(picked.socketAddress() == null ? Outcome.CONNECT_FAILED : Outcome.ABANDONED);
        }
    }

    @Override
    public void upstreamConnected() {
        UpstreamConnection connected = upstream;
        if (connected == null) {
            throw new IllegalStateException("connected to nothing");
        }
        connectNanos = listener.upstreams().loop().exactNow() - connectStarted;
        if (!sendRead(connected)) {
            connected.close();
            upstream = null;
            unreached(Outcome.BROKEN);
            return;
        }
        upstream = null;
        tunnels = true;
        Tunnel.between(client, connected.surrender(), listener.table().timeouts().tunnel().toNanos(), this);
    }

    /** Sends what was read before there was a target; whether the target takes it. */
    private boolean sendRead(UpstreamConnection connected) {
        if (read.isEmpty()) {
            return true;
        }
        IoBuffer output = listener.upstreams().loop().output();
        System.arraycopy(read.bytes(), read.start(), output.bytes(), 0, read.size());
        boolean taken = connected.send(output, 0, read.size()) != Sent.BROKEN;
        if (taken) {
            read.clear();
        }
        return taken;
    }

    @Override
    public void upstreamConnectFailed(ConnectFailure failure) {
        upstream = null;
        unreached(switch (failure) {
            case REFUSED -> Outcome.CONNECT_REFUSED;
            case UNREACHABLE, HANDSHAKE -> Outcome.CONNECT_FAILED;
            case NO_DESCRIPTOR -> Outcome.ABANDONED;
        });
    }

    @Override
    public void upstreamConnectTimedOut() {
        upstream = null;
        unreached(Outcome.CONNECT_FAILED);
    }

    private void unreached(Outcome outcome) {
        TargetEntry failed = target;
        settle(outcome);
        if (failed != null) {
            tried.add(failed);
        }
        Retries allowed = pool == null ? Retries.DEFAULT : pool.pool().retries();
        if (retries >= allowed.attempts() || !mayRetry(allowed.budget(), outcome)) {
            giveUp();
            return;
        }
        client.deadlineIn(BackOff.nanos(allowed, retries, listener.random()));
        retries++;
    }

    private boolean mayRetry(int budget, Outcome outcome) {
        if (RetryBudget.isFree(outcome)) {
            return budget > 0;
        }
        if (!holdsBudget && balancer != null) {
            holdsBudget = balancer.retries().tryStart(budget);
        }
        return holdsBudget;
    }

    @Override
    public void expired(Connection connection) {
        if (pool != null && balancer != null) {
            choose(pool, balancer);
        }
    }

    @Override
    public void broken(Connection connection) {
        giveUp();
    }

    @Override
    public void failed(Connection connection) {
        giveUp();
    }

    @Override
    public void upstreamFailed() {
        upstream = null;
        giveUp();
    }

    @Override
    public void upstreamBroken() {
        giveUp();
    }

    @Override
    public void fromClient(int bytes) {
        listener.counters().received(bytes);
    }

    @Override
    public void fromTarget(int bytes) {
        listener.counters().sent(bytes);
    }

    @Override
    public void tunnelEnded() {
        settle(Outcome.SUCCESS);
        end();
    }

    /** No target, or the client left first: a reset says more than an end that looks like an empty answer. */
    private void giveUp() {
        if (tunnels) {
            return;
        }
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
        settle(Outcome.ABANDONED);
        client.abort();
        end();
    }

    private void settle(Outcome outcome) {
        if (counted && balancer != null && target != null) {
            counted = false;
            balancer.finished(target, outcome, connectNanos);
        }
    }

    private void end() {
        read.clear();
        if (holdsBudget && balancer != null) {
            holdsBudget = false;
            balancer.retries().finishedRetry();
        }
        count();
        listener.forget(this);
    }

    private void count() {
        ListenerTable table = listener.table();
        int poolId = pool == null ? -1 : pool.id();
        int targetId = target == null ? -1 : target.id();
        long high = (long) table.id() << Integer.SIZE;
        long low = (long) (poolId + 1) << Integer.SIZE | (targetId + 1);
        SeriesCounters series = listener.upstreams().traffic().find(high, low);
        if (series == null) {
            series = listener.upstreams().traffic().create(high, low, new SeriesLabels(table.label(), "",
                    pool == null ? "" : pool.name(), target == null ? "" : target.ref().target()));
        }
        if (connectNanos >= 0) {
            series.answered(connectNanos);
        }
        for (int retry = retries; retry > 0; retry--) {
            series.retried();
        }
    }

    @Override
    public void readable(Connection connection) {
        client.reading(false);
    }

    @Override
    public void drained(Connection connection) {
        // Nothing is sent to the client before the tunnel stands.
    }

    @Override
    public void upstreamReadable() {
        throw new IllegalStateException("a target is read by the tunnel");
    }

    @Override
    public void upstreamDrained() {
        throw new IllegalStateException("a target is written to by the tunnel");
    }

    @Override
    public void upstreamExpired() {
        giveUp();
    }
}
