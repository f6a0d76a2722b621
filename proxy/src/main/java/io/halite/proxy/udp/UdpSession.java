package io.halite.proxy.udp;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayEntry;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TriedTargets;
import io.halite.proxy.relay.DatagramHandler;
import io.halite.proxy.relay.DatagramPeer;
import io.halite.proxy.relay.DatagramPort;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Timed;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.SeriesCounters;
import io.halite.proxy.traffic.SeriesLabels;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sender and the target that serves it, until no datagram passed for as long as the listener says. Confined to the
 * thread of its loop.
 *
 * <p>A target is kept as long as the pool lets it keep its sessions: one that drains serves those it has, one that failed,
 * left or refuses is left for another with the next datagram. A datagram that is lost is not sent again: that is up to
 * the client, as everywhere with UDP.
 */
final class UdpSession extends Timed implements DatagramHandler {
    private static final byte[] NO_BYTES = new byte[0];
    /** Replies taken in one go. */
    private static final int BATCH = 32;

    private final UdpListener listener;
    private final DatagramPeer client;
    private @Nullable RelayEntry entry;
    private @Nullable Runnable onEnd;
    private final RequestHead head = new RequestHead();
    private final TriedTargets tried = new TriedTargets();
    private @Nullable PoolTable pool;
    private @Nullable Balancer balancer;
    private @Nullable TargetEntry target;
    private @Nullable InetSocketAddress address;
    private @Nullable DatagramPort port;
    private long askedAt;
    private long answerNanos = -1;
    private boolean awaiting;
    /** The last target that was asked refused. */
    private boolean wasRefused;
    private boolean ending;

    UdpSession(UdpListener listener, DatagramPeer client) {
        this.listener = listener;
        this.client = client;
        head.reset(NO_BYTES, client.address());
    }

    /** Somebody counts it, until it ends. */
    void whenEnded(Runnable told) {
        onEnd = told;
    }

    /** The access log gets a line of it. */
    void logged(RelayEntry begun) {
        entry = begun;
    }

    /** The listener has forgotten it. */
    void left() {
        if (onEnd != null) {
            onEnd.run();
        }
    }

    void fromClient(IoBuffer input, int length) {
        PoolTable current = listener.pool();
        if (entry != null) {
            entry.received(length);
            entry.needs(current);
        }
        if (current == null) {
            end(RelayEnd.NO_TARGET, "NO_TARGET");
            return;
        }
        keepOrLeave(current);
        // A target that refuses is found out by the datagram after the one it refused, which another may have.
        for (int left = 1 + current.pool().retries().attempts(); left > 0; left--) {
            DatagramPort chosen = port == null ? choose(current) : port;
            if (chosen == null || chosen.send(input, length) != DatagramPort.REFUSED) {
                break;
            }
            refused();
        }
        touch();
        if (port == null) {
            return;
        }
        if (answerNanos < 0 && !awaiting) {
            askedAt = listener.loop().now();
        }
        awaiting = true;
    }

    /** Leaves a target that is not to have this session any more. */
    @SuppressWarnings("ReferenceEquality")
    private void keepOrLeave(PoolTable current) {
        TargetEntry kept = target;
        if (kept == null) {
            pool = current;
            return;
        }
        boolean moved = !Objects.equals(address, kept.socketAddress());
        // Tables of a pool that did not change are the same object.
        if (moved || (current != pool && !current.keepsSession(kept))) {
            leave(Outcome.ABANDONED);
        }
        pool = current;
    }

    private @Nullable DatagramPort choose(PoolTable current) {
        Balancer chooser = listener.upstreams().balancers().of(current);
        TargetEntry picked = chooser.pick(current, head, tried);
        InetSocketAddress where = picked == null ? null : picked.socketAddress();
        if (picked == null || where == null) {
            // Of those that refused one may be back by the next datagram.
            tried.clear();
            return null;
        }
        DatagramPort opened;
        try {
            opened = listener.loop().speakTo(where, this);
        } catch (IOException unreachable) {
            tried.add(picked);
            return null;
        }
        port = opened;
        balancer = chooser;
        target = picked;
        address = where;
        answerNanos = -1;
        awaiting = false;
        if (entry != null) {
            entry.chose(picked);
        }
        chooser.started(picked);
        return opened;
    }

    private void refused() {
        TargetEntry refusing = target;
        leave(Outcome.CONNECT_REFUSED);
        wasRefused = true;
        if (refusing != null) {
            tried.add(refusing);
            series(refusing).retried();
            if (entry != null) {
                entry.retried();
            }
        }
    }

    @Override
    public void arrived(DatagramPort from) {
        IoBuffer input = listener.loop().input();
        for (int taken = 0; taken < BATCH && from.isOpen(); taken++) {
            int got = from.receive(input);
            if (got == DatagramPort.AGAIN) {
                return;
            }
            if (got == DatagramPort.REFUSED) {
                refused();
                if (ending) {
                    end(RelayEnd.DRAIN, null);
                }
                return;
            }
            if (got >= 0) {
                answered(input, got);
            }
        }
    }

    private void answered(IoBuffer input, int length) {
        awaiting = false;
        if (answerNanos < 0) {
            answerNanos = listener.loop().exactNow() - askedAt;
            listener.answered(this);
        }
        tried.clear();
        wasRefused = false;
        if (entry != null) {
            entry.sent(length);
        }
        listener.reply(input, length, client);
        if (ending) {
            end(RelayEnd.DRAIN, null);
        } else {
            touch();
        }
    }

    private void touch() {
        if (!ending) {
            listener.loop().deadline(this, listener.table().timeouts().session().toNanos());
        }
    }

    /** The listener closes: at once, or after a reply that is under way. */
    void endSoon(long nanos) {
        ending = true;
        if (awaiting && port != null) {
            listener.loop().deadline(this, nanos);
        } else {
            end(RelayEnd.DRAIN, null);
        }
    }

    /** Ends now; why, for the access log. */
    void end(RelayEnd why, @Nullable String reason) {
        if (entry != null) {
            entry.ended(why, reason);
        }
        leave(answerNanos >= 0 ? Outcome.SUCCESS : Outcome.ABANDONED);
        listener.loop().cancel(this);
        listener.forget(client);
    }

    private void leave(Outcome outcome) {
        if (port != null) {
            port.close();
            port = null;
        }
        TargetEntry left = target;
        if (left != null && balancer != null) {
            balancer.finished(left, outcome, answerNanos);
            if (answerNanos >= 0) {
                series(left).answered(answerNanos);
            }
        }
        target = null;
        address = null;
    }

    private SeriesCounters series(TargetEntry of) {
        ListenerTable table = listener.table();
        PoolTable from = pool;
        long high = (long) table.id() << Integer.SIZE;
        long low = (long) ((from == null ? -1 : from.id()) + 1) << Integer.SIZE | (of.id() + 1);
        SeriesCounters known = listener.upstreams().traffic().find(high, low);
        return known != null ? known : listener.upstreams().traffic().create(high, low, new SeriesLabels(
                table.label(), "", from == null ? "" : from.name(), of.ref().target()));
    }

    @Override
    protected void expired() {
        if (ending) {
            end(RelayEnd.DRAIN, null);
        } else if (port != null) {
            end(RelayEnd.IDLE, null);
        } else if (wasRefused) {
            end(RelayEnd.CONNECT_FAILED, "CONNECT_REFUSED");
        } else {
            end(RelayEnd.NO_TARGET, "NO_TARGET");
        }
    }

    @Override
    public void failed(DatagramPort broken) {
        end(RelayEnd.FAILED, null);
    }
}
