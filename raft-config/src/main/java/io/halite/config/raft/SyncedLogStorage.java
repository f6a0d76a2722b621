package io.halite.config.raft;

import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/**
 * JRaft's log on disk, which also says up to which entry it is synced. The state waits for that before it applies, so
 * that it never holds an entry which this node's own log could lose in a crash: then a node that must go on alone (a
 * recovery) never finds other entries under numbers it has applied already.
 */
final class SyncedLogStorage extends RocksDBLogStorage {
    private static final long MIB = 1L << 20;
    private static final long WRITE_BUFFER = 8 * MIB;
    private static final long MAX_WAL = 32 * MIB;

    static {
        // JRaft keeps one set of options per class and JVM.
        StorageOptionsFactory.registerRocksDBOptions(RocksDBLogStorage.class, new DBOptions()
                .setCreateIfMissing(true).setCreateMissingColumnFamilies(true)
                .setMaxOpenFiles(64).setKeepLogFileNum(3).setMaxTotalWalSize(MAX_WAL)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL).setMaxBackgroundJobs(2)
                // The default forgets everything after a damaged record in silence: acknowledged entries too.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords));
        StorageOptionsFactory.registerRocksDBColumnFamilyOptions(RocksDBLogStorage.class, new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER).setMaxWriteBufferNumber(2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION).setForceConsistencyChecks(true)
                .setMaxBytesForLevelBase(8 * WRITE_BUFFER).setTargetFileSizeBase(WRITE_BUFFER));
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile @Nullable ConfigurationManager configurations;
    private long synced;
    private boolean failed;

    private final String path;
    private volatile String damage = "";

    SyncedLogStorage(String path, RaftOptions options) {
        super(path, options);
        this.path = path;
    }

    @Override
    public boolean init(LogStorageOptions options) {
        configurations = options.getConfigurationManager();
        boolean opened = super.init(options);
        if (opened) {
            set(getLastLogIndex());
        } else {
            damage = diagnose();
        }
        return opened;
    }

    /** What RocksDB says, which the class above keeps to itself. */
    private String diagnose() {
        try (Options options = new Options().setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
                RocksDB ignored = RocksDB.openReadOnly(options, path)) {
            return "it opens for reading" + (ignored.isOwningHandle() ? "" : " no more");
        } catch (RocksDBException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Why it could not be opened; empty when it was. */
    String damage() {
        return damage;
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        boolean appended = super.appendEntry(entry);
        if (appended) {
            set(entry.getId().getIndex());
        } else {
            fail();
        }
        return appended;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        int appended = super.appendEntries(entries);
        if (appended > 0) {
            set(entries.get(appended - 1).getId().getIndex());
        }
        if (appended < entries.size()) {
            fail();
        }
        return appended;
    }

    @Override
    public boolean truncateSuffix(long lastIndexKept) {
        boolean truncated = super.truncateSuffix(lastIndexKept);
        set(lastIndexKept);
        return truncated;
    }

    @Override
    public boolean reset(long nextLogIndex) {
        boolean reset = super.reset(nextLogIndex);
        set(nextLogIndex - 1);
        return reset;
    }

    @Override
    public void shutdown() {
        fail();
        super.shutdown();
    }

    private void set(long index) {
        lock.lock();
        try {
            synced = index;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail() {
        lock.lock();
        try {
            failed = true;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an entry is synced; false when it never will be here: the disk failed, or the node is stopping. */
    boolean awaitSynced(long index) throws InterruptedException {
        lock.lock();
        try {
            while (synced < index && !failed) {
                // A Raft snapshot may have taken the place of entries, so look again now and then.
                if (!advanced.await(1, TimeUnit.SECONDS) && isGone(index)) {
                    return true;
                }
            }
            return synced >= index;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The members of the group by the newest entry of this node's log, committed or not, as Raft itself goes by; null
     * before there is one. JRaft tells its state machine of voters only, and late.
     */
    @Nullable ConfigurationEntry configuration() {
        ConfigurationManager known = configurations;
        return known == null ? null : known.getLastConfiguration();
    }

    private boolean isGone(long index) {
        return getFirstLogIndex() > index;
    }
}
