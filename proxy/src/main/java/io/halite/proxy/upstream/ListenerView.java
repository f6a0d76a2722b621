package io.halite.proxy.upstream;

import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ListenerTable;

/**
 * A listener in the table in force; when it has left that, the last one known, by which its connections end what they
 * are at. Confined to the thread of a loop.
 */
public final class ListenerView {
    private final LoopUpstreams upstreams;
    private ForwardingTable seen = ForwardingTable.EMPTY;
    private ListenerTable table;

    /** A view that knows the listener as it is when it opens. */
    public ListenerView(LoopUpstreams upstreams, ListenerTable table) {
        this.upstreams = upstreams;
        this.table = table;
    }

    /** The listener now. */
    public ListenerTable current() {
        ForwardingTable latest = upstreams.table();
        if (latest != seen) {
            seen = latest;
            ListenerTable listed = latest.listeners().get(table.label());
            table = listed == null ? table : listed;
        }
        return table;
    }
}
