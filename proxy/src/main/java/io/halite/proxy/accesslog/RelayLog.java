package io.halite.proxy.accesslog;

import io.halite.config.Ticker;
import io.halite.proxy.table.ListenerTable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The access log's lines of relays, one for each that ended. One per loop, confined to its thread. */
public final class RelayLog {
    private final LogLine line;
    private final Ticker ticker;
    private final Set<RelayEntry> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** A log that nothing is known to yet. */
    public RelayLog(LogLine line, Ticker ticker) {
        this.line = line;
        this.ticker = ticker;
    }

    /** A client came; its relay tells the entry what happens. */
    public RelayEntry began(ListenerTable listener, byte[] client) {
        RelayEntry entry = new RelayEntry(this, listener, client, ticker.nanos());
        open.add(entry);
        return entry;
    }

    /** A client came and was sent away. */
    public void turnedAway(ListenerTable listener, byte[] client, RelayEnd end, String reason) {
        began(listener, client).ended(end, reason);
    }

    /** The loop ends, and with it whatever is open. */
    public void close() {
        for (RelayEntry entry : open) {
            write(entry, RelayEnd.DRAIN, null);
        }
        open.clear();
    }

    void ended(RelayEntry entry, RelayEnd end, @Nullable String reason) {
        if (open.remove(entry)) {
            write(entry, end, reason);
        }
    }

    private void write(RelayEntry entry, RelayEnd end, @Nullable String reason) {
        if (!end.hasFailed() && !line.isInSample(entry.listener.rules().logged())) {
            return;
        }
        long nanos = ticker.nanos() - entry.startedAt;
        line.begin(nanos, entry.listener.label()).target(entry.pool, entry.target, entry.retries)
                .text(",\"client\":\"").address(entry.client)
                .text("\",\"protocol\":\"").text(entry.listener.listener().protocol().key()).text("\"");
        if (entry.serverName != null) {
            line.text(",\"serverName\":\"").escaped(entry.serverName).text("\"");
        }
        line.traffic(entry.bytesIn, entry.bytesOut, nanos);
        if (entry.connectNanos >= 0) {
            line.millis(",\"connectMs\":", entry.connectNanos);
        }
        line.end(reason, end.text());
    }
}
