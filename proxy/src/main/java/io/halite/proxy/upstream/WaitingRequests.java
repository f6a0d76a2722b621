package io.halite.proxy.upstream;

import io.halite.config.Limits;
import io.halite.proxy.balance.PoolEntry;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.relay.Timed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests of one loop that wait because every target of a pool is at its limit, first come first served. Whoever
 * makes room, in whatever loop, wakes the queues of the pool in all of them; should a word get lost, a look every now
 * and then finds the room. Confined to the thread of its loop, but for {@link #wake}.
 */
public final class WaitingRequests extends Timed {
    private static final long LOOK_NANOS = 50_000_000;

    private final LoopUpstreams upstreams;
    private final PoolEntry pool;
    private final Deque<Waiter> line = new ArrayDeque<>();
    private final Runnable serve = this::serve;
    private final AtomicBoolean woken = new AtomicBoolean();

    WaitingRequests(LoopUpstreams upstreams, PoolEntry pool) {
        this.upstreams = upstreams;
        this.pool = pool;
        pool.queues().add(this::wake);
    }

    /** A request that waits. */
    @FunctionalInterface
    public interface Waiter {
        /** There may be room: whether it could go on, or end. */
        boolean resume();
    }

    PoolEntry pool() {
        return pool;
    }

    /** Takes a place at the end; false when so many requests of the pool wait already, in all loops. */
    public boolean enter(Waiter waiter, int most) {
        if (pool.waiting().incrementAndGet() > most) {
            pool.waiting().decrementAndGet();
            return false;
        }
        line.addLast(waiter);
        if (line.size() == 1) {
            upstreams.loop().deadline(this, LOOK_NANOS);
        }
        // Connections that others keep idle may be what is missing here.
        pool.wakeQueues();
        return true;
    }

    /** Gives up the place. */
    public void leave(Waiter waiter) {
        if (line.remove(waiter)) {
            pool.waiting().decrementAndGet();
        }
    }

    /** Room was made; any thread may call. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            upstreams.loop().execute(serve);
        }
    }

    private void serve() {
        woken.set(false);
        if (line.isEmpty()) {
            giveWay();
            return;
        }
        for (Waiter first = line.pollFirst(); first != null; first = line.pollFirst()) {
            if (!first.resume()) {
                line.addFirst(first);
                return;
            }
            pool.waiting().decrementAndGet();
        }
    }

    /** Ends the idle connections of this loop that keep others from opening theirs. */
    private void giveWay() {
        PoolTable table = upstreams.table().pool(pool.id());
        if (table == null || table.pool().upstream().limits().connections() == Limits.NO_LIMIT
                || pool.waiting().get() == 0) {
            return;
        }
        for (PoolMember member : table.members()) {
            upstreams.connections(member.entry()).closeIdle();
        }
    }

    @Override
    protected void expired() {
        serve();
        if (!line.isEmpty()) {
            upstreams.loop().deadline(this, LOOK_NANOS);
        }
    }
}
