package io.halite.config.raft;

import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import org.jspecify.annotations.Nullable;

/** Makes the parts of one Raft node, so that its log can be asked what is synced. */
final class RaftServices extends DefaultJRaftServiceFactory {
    private volatile @Nullable SyncedLogStorage log;

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
        SyncedLogStorage storage = new SyncedLogStorage(uri, options);
        log = storage;
        return storage;
    }

    /** Waits until an entry is synced on this node's own disk. */
    boolean awaitSynced(long index) throws InterruptedException {
        SyncedLogStorage storage = log;
        return storage != null && storage.awaitSynced(index);
    }

    /** The members of the group by this node's log; null before it says. */
    @Nullable ConfigurationEntry configuration() {
        SyncedLogStorage storage = log;
        return storage == null ? null : storage.configuration();
    }

    /** Why the log could not be opened; empty when it was. */
    String damage() {
        SyncedLogStorage storage = log;
        return storage == null ? "" : storage.damage();
    }
}
