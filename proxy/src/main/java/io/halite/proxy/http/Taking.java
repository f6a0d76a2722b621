package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.Pace;
import io.halite.proxy.table.ListenerTable;

/**
 * How a client takes a response of which something waits. What it took is asked of the kernel, which holds more than we do:
 * a client on a slow line that empties a large buffer moves, though we can send nothing for long. Confined to one loop.
 */
final class Taking {
    private final Connection wire;
    private final Pace pace;
    private boolean waits;
    private long mark;

    Taking(Connection wire) {
        this.wire = wire;
        pace = new Pace(wire.loop());
    }

    /** Something waits for the client from now on. */
    void begins(ListenerTable table) {
        waits = true;
        mark = wire.taken();
        wire.deadlineIn(pace.await(table.timeouts().idle().toNanos()));
    }

    /** It took all. */
    void ends(ListenerTable table) {
        if (waits) {
            waits = false;
            progress(table);
        }
    }

    /** Its time was over: whether it is too slow. One that is not gets more. */
    boolean isTooSlow(ListenerTable table) {
        if (progress(table) == 0) {
            return true;
        }
        long left = pace.await(table.timeouts().idle().toNanos());
        if (left > 0) {
            wire.deadlineIn(left);
        }
        return left == 0;
    }

    private long progress(ListenerTable table) {
        long taken = wire.taken();
        long moved = Math.max(0, taken - mark);
        mark = taken;
        pace.progress(moved, table.limits().responseRate(), table.timeouts().idle().toNanos());
        return moved;
    }
}
