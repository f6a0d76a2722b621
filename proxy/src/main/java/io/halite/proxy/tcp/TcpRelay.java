package io.halite.proxy.tcp;

import io.halite.config.Retries;
import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayEntry;
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
import io.halite.proxy.relay.TunnelEnd;
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
    private static final String NO_TARGET = "NO_TARGET";
    private static final String CONNECT_FAILED = "CONNECT_FAILED";
    private static final String OVERLOADED = "OVERLOADED";

    private final TcpListener listener;
    private final Connection client;
    private final HeldBytes read;
    private final @Nullable RelayEntry entry;
    private final RequestHead head = new RequestHead();
    private final TriedTargets tried = new TriedTargets();
    private @Nullable PoolTable pool;
    private @Nullable Balancer balancer;
    private @Nullable TargetEntry target;
    private @Nullable UpstreamConnection upstream;
    /** Why the last target was not reached. */
    private @Nullable String failure;
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
     * @param entry of the access log; null for none
     */
    TcpRelay(TcpListener listener, Connection client, HeldBytes read, @Nullable RelayEntry entry) {
        this.listener = listener;
        this.client = client;
        this.read = read;
        this.entry = entry;
    }

    Connection client() {
        return client;
    }

    /** Looks for a target; without a pool there is none. */
    void start(@Nullable PoolTable from) {
        client.handler(this);
        head.reset(NO_BYTES, client.peerAddress());
        pool = from;
        if (entry != null) {
            entry.needs(from);
        }
        if (pool == null) {
            giveUp(RelayEnd.NO_TARGET, NO_TARGET);
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
            if (failure != null) {
                giveUp(RelayEnd.CONNECT_FAILED, failure);
            } else if (chooser.isSaturated()) {
                giveUp(RelayEnd.LIMIT, "TARGET_LIMIT");
            } else {
                giveUp(RelayEnd.NO_TARGET, NO_TARGET);
            }
            return;
        }
        target = picked;
        if (entry != null) {
            entry.chose(picked);
        }
        chooser.started(picked);
        counted = true;
        connectStarted = listener.upstreams().loop().exactNow();
        upstream = listener.upstreams().connections(picked).connectForBytes(this, Preamble.of(candidates, client),
                listener.table().timeouts().connect().toNanos());
        if (upstream == null) {
            boolean unknown = picked.socketAddress() == null;
            unreached(unknown ? Outcome.CONNECT_FAILED : Outcome.ABANDONED, unknown ? CONNECT_FAILED : OVERLOADED);
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
            unreached(Outcome.BROKEN, "TARGET_CLOSED");
            return;
        }
        upstream = null;
        tunnels = true;
        if (entry != null) {
            entry.connected(connectNanos);
        }
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
    public void upstreamConnectFailed(ConnectFailure how) {
        upstream = null;
        switch (how) {
            case REFUSED -> unreached(Outcome.CONNECT_REFUSED, "CONNECT_REFUSED");
            case UNREACHABLE -> unreached(Outcome.CONNECT_FAILED, CONNECT_FAILED);
            case HANDSHAKE -> unreached(Outcome.CONNECT_FAILED, "TARGET_HANDSHAKE_FAILED");
            case NO_DESCRIPTOR -> unreached(Outcome.ABANDONED, OVERLOADED);
        }
    }

    @Override
    public void upstreamConnectTimedOut() {
        upstream = null;
        unreached(Outcome.CONNECT_FAILED, "CONNECT_TIMEOUT");
    }

    private void unreached(Outcome outcome, String reason) {
        failure = reason;
        TargetEntry failed = target;
        settle(outcome);
        if (failed != null) {
            tried.add(failed);
        }
        Retries allowed = pool == null ? Retries.DEFAULT : pool.pool().retries();
        if (retries >= allowed.attempts() || !mayRetry(allowed.budget(), outcome)) {
            giveUp(RelayEnd.CONNECT_FAILED, reason);
            return;
        }
        client.deadlineIn(BackOff.nanos(allowed, retries, listener.random()));
        retries++;
        if (entry != null) {
            entry.retried();
        }
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
        giveUp(RelayEnd.CLIENT_RESET, null);
    }

    @Override
    public void failed(Connection connection) {
        giveUp(RelayEnd.FAILED, null);
    }

    @Override
    public void overdue(Connection connection) {
        giveUp(RelayEnd.DRAIN, null);
    }

    @Override
    public void upstreamFailed() {
        upstream = null;
        giveUp(RelayEnd.FAILED, null);
    }

    @Override
    public void upstreamBroken() {
        giveUp(RelayEnd.TARGET_RESET, null);
    }

    @Override
    public void fromClient(int bytes) {
        listener.counters().received(bytes);
        if (entry != null) {
            entry.received(bytes);
        }
    }

    @Override
    public void fromTarget(int bytes) {
        listener.counters().sent(bytes);
        if (entry != null) {
            entry.sent(bytes);
        }
    }

    @Override
    public void tunnelEnded(TunnelEnd how) {
        settle(Outcome.SUCCESS);
        end(RelayEnd.of(how), null);
    }

    /** No target, or the client left first: a reset says more than an end that looks like an empty answer. */
    private void giveUp(RelayEnd why, @Nullable String reason) {
        if (tunnels) {
            return;
        }
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
        settle(Outcome.ABANDONED);
        client.abort();
        end(why, reason);
    }

    private void settle(Outcome outcome) {
        if (counted && balancer != null && target != null) {
            counted = false;
            balancer.finished(target, outcome, connectNanos);
        }
    }

    private void end(RelayEnd why, @Nullable String reason) {
        read.clear();
        if (entry != null) {
            entry.ended(why, reason);
        }
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
        giveUp(RelayEnd.FAILED, null);
    }
}
