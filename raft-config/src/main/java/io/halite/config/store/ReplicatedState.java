package io.halite.config.store;

import io.halite.config.Revision;
import io.halite.config.document.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state that every node of the cluster computes alike from the Raft log: on disk with the log index it holds, and
 * in memory as {@link Content}. One thread applies; everybody may read. A state from elsewhere replaces it as a whole.
 */
public final class ReplicatedState implements AutoCloseable {
    private final Path directory;
    /** Guards the tables' being open; a stamped lock because a saved state is read and closed by another thread. */
    private final StampedLock lock = new StampedLock();
    private StateDb db;
    private WorkingState working;
    private StateDb.@Nullable Batch batch;
    private volatile Content content;

    private ReplicatedState(Path directory, StateDb db) {
        this.directory = directory;
        this.db = db;
        try (StateDb.View view = db.view()) {
            this.working = new WorkingState(view);
        }
        this.content = working.content(Content.EMPTY);
    }

    /**
     * Opens the state of a directory, an empty one when there is none.
     *
     * @throws StateException when it is damaged or the disk refuses
     */
    public static ReplicatedState open(Path directory) {
        // A state that was being taken over when the node died comes again from the Raft snapshot.
        DirectoryTree.delete(incoming(directory));
        return new ReplicatedState(directory, StateDb.open(directory));
    }

    private static Path incoming(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".incoming");
    }

    /** What is in force now. */
    public Content content() {
        return content;
    }

    /**
     * Applies a command, not to be seen by anyone before {@link #commit}. One that the state holds already, as after a
     * restart, is skipped and has no outcome.
     */
    public Optional<CommandOutcome> apply(Command command, long index) {
        if (index <= working.applied()) {
            return Optional.empty();
        }
        if (batch == null) {
            batch = db.batch();
        }
        return Optional.of(working.apply(command, index, batch));
    }

    /** Writes what was applied since the last commit, and puts it in force. */
    public void commit(long term) {
        StateDb.Batch rows = batch;
        if (rows == null) {
            return;
        }
        batch = null;
        try (rows) {
            Meta.APPLIED_INDEX.write(rows, working.applied());
            Meta.APPLIED_TERM.write(rows, term);
            db.write(rows);
        }
        content = working.content(content);
    }

    /** Fixes the present state, to be written to a file by any thread. */
    public SavedState save() {
        long stamp = lock.readLock();
        return new SavedState(db.view(), () -> lock.unlockRead(stamp));
    }

    /** A fixed state; holds off replacement and closing until it is closed. */
    public static final class SavedState implements AutoCloseable {
        private final StateDb.View view;
        private final Runnable release;

        private SavedState(StateDb.View view, Runnable release) {
            this.view = view;
            this.release = release;
        }

        /** Writes it to a file, synced. */
        public void write(Path file) throws IOException {
            try (StateFile.Writer writer = StateFile.create(file)) {
                for (Table table : Table.values()) {
                    view.forEach(table, (key, value) -> {
                        writer.row(table, key, value);
                        return true;
                    });
                }
                writer.finish();
            }
        }

        @Override
        public void close() {
            view.close();
            release.run();
        }
    }

    /** Replaces everything by the state of a file. */
    public void load(Path file) throws IOException {
        Path incoming = incoming(directory);
        DirectoryTree.delete(incoming);
        try (StateDb fresh = StateDb.open(incoming)) {
            StateFile.load(file, fresh);
            fresh.sync();
        }
        long stamp = lock.writeLock();
        try {
            discardBatch();
            db.close();
            DirectoryTree.delete(directory);
            Files.move(incoming, directory);
            open();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Opens the tables anew, after the disk failed; what was not written is applied again from the Raft log. */
    public void reopen() {
        long stamp = lock.writeLock();
        try {
            discardBatch();
            db.close();
            open();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void open() {
        db = StateDb.open(directory);
        try (StateDb.View view = db.view()) {
            working = new WorkingState(view);
        }
        content = working.content(Content.EMPTY);
    }

    private void discardBatch() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }

    /** The newest revisions first. */
    public List<RevisionRecord> history(int limit, Optional<Revision> before) {
        return read(view -> History.list(view, limit, before));
    }

    /** The record of one revision. */
    public Optional<RevisionRecord> record(Revision revision) {
        return read(view -> History.find(view, revision.number()));
    }

    /** The objects as of a revision, if it is still kept. */
    public Optional<SortedMap<ObjectKey, String>> at(Revision revision) {
        return read(view -> History.at(view, revision.number()));
    }

    private <T> T read(Function<StateDb.View, T> reading) {
        long stamp = lock.readLock();
        try (StateDb.View view = db.view()) {
            return reading.apply(view);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public void close() {
        long stamp = lock.writeLock();
        try {
            discardBatch();
            db.close();
        } finally {
            lock.unlockWrite(stamp);
        }
    }
}
