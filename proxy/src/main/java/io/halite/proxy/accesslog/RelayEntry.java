package io.halite.proxy.accesslog;

import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * What the access log will say of one relayed connection or session, which tells it as it goes on. Confined to the thread
 * of its loop.
 */
public final class RelayEntry {
    final ListenerTable listener;
    final byte[] client;
    final long startedAt;
    @Nullable String serverName;
    @Nullable PoolTable pool;
    @Nullable TargetEntry target;
    int retries;
    long connectNanos = -1;
    long bytesIn;
    long bytesOut;
    private final RelayLog log;

    RelayEntry(RelayLog log, ListenerTable listener, byte[] client, long startedAt) {
        this.log = log;
        this.listener = listener;
        this.client = client;
        this.startedAt = startedAt;
    }

    /** The client named whom it wants to reach; null when it named nobody. */
    public void asked(@Nullable String name) {
        serverName = name;
    }

    /** A target of this pool is needed. */
    public void needs(@Nullable PoolTable from) {
        pool = from;
    }

    /** A target is tried, or another one after this. */
    public void chose(TargetEntry chosen) {
        target = chosen;
    }

    /** A target failed and another is to be tried. */
    public void retried() {
        retries++;
    }

    /** The target accepted. */
    public void connected(long nanos) {
        connectNanos = nanos;
    }

    /** Bytes came from the client. */
    public void received(int bytes) {
        bytesIn += bytes;
    }

    /** Bytes were sent to the client. */
    public void sent(int bytes) {
        bytesOut += bytes;
    }

    /**
     * It is over, which is written once.
     *
     * @param reason the code of what went wrong; null where the end says all
     */
    public void ended(RelayEnd end, @Nullable String reason) {
        log.ended(this, end, reason);
    }
}
