package io.halite.config.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The tables of the state in RocksDB. Its write-ahead log is on but not synced: after a power cut the tables are some
 * earlier state with its own applied index, and the Raft log, which is synced, leads from there. Safe for use by many
 * threads, one of which writes; the caller closes it only when no other call runs.
 */
final class StateDb implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final long WRITE_BUFFERS = 16L << 20;
    private static final long FAMILY_BUFFER = 4L << 20;

    private final RocksDB db;
    private final DBOptions options;
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions writeOptions = new WriteOptions();
    private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);

    private StateDb(RocksDB db, DBOptions options, ColumnFamilyOptions familyOptions,
            List<ColumnFamilyHandle> handles) {
        this.db = db;
        this.options = options;
        this.familyOptions = familyOptions;
        Iterator<ColumnFamilyHandle> handle = handles.iterator();
        for (Table table : Table.values()) {
            families.put(table, handle.next());
        }
    }

    /**
     * Opens or creates the tables.
     *
     * @throws StateException when they are damaged or the disk refuses
     */
    static StateDb open(Path directory) {
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true).setCreateMissingColumnFamilies(true)
                .setDbWriteBufferSize(WRITE_BUFFERS).setMaxTotalWalSize(2 * WRITE_BUFFERS)
                .setKeepLogFileNum(2).setInfoLogLevel(InfoLogLevel.WARN_LEVEL).setMaxOpenFiles(64)
                .setMaxBackgroundJobs(2)
                // A torn tail is what a crash leaves; anything else is damage that must be seen.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
        ColumnFamilyOptions familyOptions = new ColumnFamilyOptions().setWriteBufferSize(FAMILY_BUFFER);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Table table : Table.values()) {
            descriptors.add(new ColumnFamilyDescriptor(
                    table.family.getBytes(StandardCharsets.US_ASCII), familyOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles);
            return new StateDb(db, options, familyOptions, handles);
        } catch (RocksDBException | IOException e) {
            familyOptions.close();
            options.close();
            throw new StateException("the state in " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    byte @Nullable [] get(Table table, byte[] key) {
        try {
            return db.get(family(table), key);
        } catch (RocksDBException e) {
            throw new StateException("reading the state failed: " + e.getMessage(), e);
        }
    }

    private ColumnFamilyHandle family(Table table) {
        ColumnFamilyHandle handle = families.get(table);
        if (handle == null) {
            throw new IllegalStateException("table " + table + " is not open");
        }
        return handle;
    }

    /** Writes a batch as one. */
    void write(Batch batch) {
        try {
            db.write(writeOptions, batch.rows);
        } catch (RocksDBException e) {
            throw new StateException("writing the state failed: " + e.getMessage(), e);
        }
    }

    /** Fixes the present content, to be read while others write. */
    View view() {
        return new View();
    }

    Batch batch() {
        return new Batch();
    }

    /** Makes everything written so far survive a power cut. */
    void sync() {
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw new StateException("syncing the state failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        families.values().forEach(ColumnFamilyHandle::close);
        db.close();
        writeOptions.close();
        familyOptions.close();
        options.close();
    }

    /** Takes rows; returning false ends the walk. */
    @FunctionalInterface
    interface RowVisitor {
        boolean visit(byte[] key, byte[] value);
    }

    /** Rows to be written together. Confined to one thread. */
    final class Batch implements AutoCloseable {
        private final WriteBatch rows = new WriteBatch();

        Batch put(Table table, byte[] key, byte[] value) {
            try {
                rows.put(family(table), key, value);
                return this;
            } catch (RocksDBException e) {
                throw new StateException("collecting a batch failed: " + e.getMessage(), e);
            }
        }

        Batch delete(Table table, byte[] key) {
            try {
                rows.delete(family(table), key);
                return this;
            } catch (RocksDBException e) {
                throw new StateException("collecting a batch failed: " + e.getMessage(), e);
            }
        }

        long bytes() {
            return rows.getDataSize();
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    /** The content as of one moment. Confined to one thread; must be closed before the tables are. */
    final class View implements AutoCloseable {
        private final Snapshot snapshot = db.getSnapshot();
        private final ReadOptions readOptions = new ReadOptions().setSnapshot(snapshot);

        byte @Nullable [] get(Table table, byte[] key) {
            try {
                return db.get(family(table), readOptions, key);
            } catch (RocksDBException e) {
                throw new StateException("reading the state failed: " + e.getMessage(), e);
            }
        }

        /** Visits the rows in the order of their keys. */
        void forEach(Table table, RowVisitor visitor) {
            try (RocksIterator rows = db.newIterator(family(table), readOptions)) {
                rows.seekToFirst();
                while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
                    rows.next();
                }
                rows.status();
            } catch (RocksDBException e) {
                throw new StateException("reading the state failed: " + e.getMessage(), e);
            }
        }

        /** Visits the rows at and below a key, backwards. */
        void forEachDescending(Table table, byte[] from, RowVisitor visitor) {
            try (RocksIterator rows = db.newIterator(family(table), readOptions)) {
                rows.seekForPrev(from);
                while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
                    rows.prev();
                }
                rows.status();
            } catch (RocksDBException e) {
                throw new StateException("reading the state failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            readOptions.close();
            db.releaseSnapshot(snapshot);
        }
    }
}
