package io.halite.config.store;

import io.halite.config.Revision;
import io.halite.config.document.ObjectKey;
import io.halite.config.wire.Deflated;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the history: who changed what and when, and what each changed object was before, so that any kept
 * revision can be restored by undoing what came after. Stateless.
 */
final class History {
    /** How many revisions are kept. The same on every node, so that every node prunes alike. */
    static final long KEPT = 10_000;

    private History() {}

    static byte[] key(long revision) {
        return ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
    }

    private static long revision(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    /**
     * A row.
     *
     * @param before the changed objects as they were; null when there was none
     */
    static byte[] row(Origin origin, @Nullable Long rollbackOf, Map<ObjectKey, @Nullable String> before) {
        RecordWriter record = new RecordWriter()
                .text(1, origin.author()).text(2, origin.reason()).number(3, origin.time().toEpochMilli())
                .number(4, rollbackOf == null ? 0 : rollbackOf + 1);
        before.forEach((key, json) -> record.record(5, new RecordWriter()
                .text(1, key.kind()).text(2, key.name()).flag(3, json != null).text(4, json)));
        return Deflated.pack(record.toBytes());
    }

    private static RecordReader read(byte[] row) {
        return RecordReader.of(Deflated.unpack(row, CommandCodec.UNPACKED_LIMIT));
    }

    private static RevisionRecord record(long revision, byte[] row) {
        RecordReader record = read(row);
        List<ObjectKey> changed = new ArrayList<>();
        record.records(5).forEach(object -> changed.add(new ObjectKey(object.text(1), object.text(2))));
        long rollbackOf = record.number(4);
        return new RevisionRecord(new Revision(revision), record.text(1), Instant.ofEpochMilli(record.number(3)),
                record.text(2), rollbackOf == 0 ? null : new Revision(rollbackOf - 1), changed);
    }

    /** The newest records first, below a revision. */
    static List<RevisionRecord> list(StateDb.View view, int limit, Optional<Revision> before) {
        List<RevisionRecord> records = new ArrayList<>();
        long from = before.map(Revision::number).orElse(Long.MAX_VALUE) - 1;
        if (from < 1 || limit < 1) {
            return records;
        }
        view.forEachDescending(Table.HISTORY, key(from), (key, row) -> {
            records.add(record(revision(key), row));
            return records.size() < limit;
        });
        return records;
    }

    static Optional<RevisionRecord> find(StateDb.View view, long revision) {
        byte[] row = view.get(Table.HISTORY, key(revision));
        return row == null ? Optional.empty() : Optional.of(record(revision, row));
    }

    /** The objects as of a revision, by undoing what came after it; empty when that is no longer kept. */
    static Optional<SortedMap<ObjectKey, String>> at(StateDb.View view, long revision) {
        long current = Meta.REVISION.read(view);
        if (revision > current) {
            return Optional.empty();
        }
        SortedMap<ObjectKey, String> objects = new TreeMap<>();
        view.forEach(Table.OBJECTS, (key, json) -> {
            objects.put(ObjectKey.parse(Keys.text(key)), Keys.text(json));
            return true;
        });
        // If undoing stops before it is through, a row is no longer kept.
        long[] undone = {current};
        view.forEachDescending(Table.HISTORY, key(current), (key, row) -> {
            if (revision(key) != undone[0] || undone[0] <= revision) {
                return false;
            }
            undo(objects, row);
            undone[0]--;
            return true;
        });
        return undone[0] == revision ? Optional.of(objects) : Optional.empty();
    }

    private static void undo(SortedMap<ObjectKey, String> objects, byte[] row) {
        for (RecordReader object : read(row).records(5)) {
            ObjectKey key = new ObjectKey(object.text(1), object.text(2));
            if (object.flag(3)) {
                objects.put(key, object.text(4));
            } else {
                objects.remove(key);
            }
        }
    }
}
