package io.halite.config.store;

import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.Command.Change.AdminChange;
import io.halite.config.store.Command.Change.ObjectChange;
import io.halite.config.store.Command.Change.SystemChange;
import io.halite.config.store.CommandOutcome.Kind;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state in memory while commands are applied to it, and the rows they cause on disk. Given the same commands it
 * comes to the same rows on every node: no clock, no chance, no validation. Confined to the thread that applies.
 */
final class WorkingState {
    /** How many past requests are remembered, so that a retry is applied once. */
    static final int REQUESTS = 10_000;

    private final SortedMap<ObjectKey, String> objects = new TreeMap<>();
    private final SortedMap<TargetRef, AdminOverride> overrides = new TreeMap<>();
    private final SortedMap<String, String> system = new TreeMap<>();
    private final LinkedHashMap<String, CommandOutcome> requests = new LinkedHashMap<>();
    private final TreeSet<ObjectKey> changed = new TreeSet<>();
    private long revision;
    private long adminVersion;
    private long applied;

    /** Reads everything from disk. */
    WorkingState(StateDb.View view) {
        view.forEach(Table.OBJECTS, (key, json) -> {
            objects.put(ObjectKey.parse(Keys.text(key)), Keys.text(json));
            return true;
        });
        view.forEach(Table.ADMIN, (key, row) -> {
            overrides.put(target(Keys.text(key)), override(row));
            return true;
        });
        view.forEach(Table.SYSTEM, (key, value) -> {
            system.put(Keys.text(key), Keys.text(value));
            return true;
        });
        // By log index, which is the order they were remembered in.
        view.forEach(Table.REQUESTS, (key, row) -> {
            RecordReader record = RecordReader.of(row);
            requests.put(record.text(1), CommandOutcome.decode(record.bytes(2)));
            return true;
        });
        changed.addAll(objects.keySet());
        revision = Meta.REVISION.read(view);
        adminVersion = Meta.ADMIN_VERSION.read(view);
        applied = Meta.APPLIED_INDEX.read(view);
    }

    long applied() {
        return applied;
    }

    /** Applies one command; the rows go to the batch, which the caller writes before anyone hears of the outcome. */
    CommandOutcome apply(Command command, long index, StateDb.Batch batch) {
        applied = index;
        String requestId = command.origin().requestId();
        CommandOutcome earlier = requests.get(requestId);
        if (earlier != null) {
            return earlier;
        }
        Kind kind = execute(command, batch);
        CommandOutcome outcome = new CommandOutcome(kind, revision, index);
        if (!requestId.isEmpty()) {
            remember(requestId, outcome, batch);
        }
        return outcome;
    }

    private Kind execute(Command command, StateDb.Batch batch) {
        if (command.expected() != null && command.expected() != revision) {
            return Kind.STALE;
        }
        for (Command.Compare compare : command.compares()) {
            if (!Objects.equals(system.get(compare.key()), compare.value())) {
                return Kind.CONDITION_FAILED;
            }
        }
        Map<ObjectKey, @Nullable String> before = new LinkedHashMap<>();
        boolean systemChanged = false;
        boolean adminChanged = false;
        for (Command.Change change : command.changes()) {
            switch (change) {
                case ObjectChange object -> put(object, before, batch);
                case AdminChange admin -> adminChanged |= put(admin, command.origin(), batch);
                case SystemChange record -> systemChanged |= put(record, batch);
            }
        }
        if (!before.isEmpty()) {
            revision++;
            Meta.REVISION.write(batch, revision);
            batch.put(Table.HISTORY, History.key(revision),
                    History.row(command.origin(), command.rollbackOf(), before));
            if (revision > History.KEPT) {
                batch.delete(Table.HISTORY, History.key(revision - History.KEPT));
            }
        }
        if (adminChanged) {
            adminVersion++;
            Meta.ADMIN_VERSION.write(batch, adminVersion);
        }
        return before.isEmpty() && !systemChanged && !adminChanged ? Kind.UNCHANGED : Kind.APPLIED;
    }

    private void put(ObjectChange change, Map<ObjectKey, @Nullable String> before, StateDb.Batch batch) {
        ObjectKey key = change.key();
        String json = change.json();
        String old = json == null ? objects.remove(key) : objects.put(key, json);
        if (Objects.equals(old, json)) {
            return;
        }
        before.putIfAbsent(key, old);
        changed.add(key);
        byte[] row = Keys.bytes(key.toString());
        if (json == null) {
            batch.delete(Table.OBJECTS, row);
        } else {
            batch.put(Table.OBJECTS, row, Keys.bytes(json));
        }
    }

    private boolean put(AdminChange change, Origin origin, StateDb.Batch batch) {
        TargetRef target = change.target();
        AdminOverride old = overrides.get(target);
        if ((old == null ? AdminState.READY : old.state()) == change.state()) {
            return false;
        }
        byte[] key = Keys.bytes(target.toString());
        if (change.state() == AdminState.READY) {
            overrides.remove(target);
            batch.delete(Table.ADMIN, key);
        } else {
            AdminOverride override =
                    new AdminOverride(change.state(), origin.author(), origin.reason(), origin.time());
            overrides.put(target, override);
            batch.put(Table.ADMIN, key, row(override));
        }
        return true;
    }

    private boolean put(SystemChange change, StateDb.Batch batch) {
        String value = change.value();
        String old = value == null ? system.remove(change.key()) : system.put(change.key(), value);
        if (Objects.equals(old, value)) {
            return false;
        }
        byte[] key = Keys.bytes(change.key());
        if (value == null) {
            batch.delete(Table.SYSTEM, key);
        } else {
            batch.put(Table.SYSTEM, key, Keys.bytes(value));
        }
        return true;
    }

    private void remember(String requestId, CommandOutcome outcome, StateDb.Batch batch) {
        requests.put(requestId, outcome);
        batch.put(Table.REQUESTS, History.key(outcome.index()),
                new RecordWriter().text(1, requestId).bytes(2, outcome.encode()).toBytes());
        if (requests.size() > REQUESTS) {
            Iterator<CommandOutcome> oldest = requests.values().iterator();
            batch.delete(Table.REQUESTS, History.key(oldest.next().index()));
            oldest.remove();
        }
    }

    static TargetRef target(String key) {
        int slash = key.indexOf('/');
        return new TargetRef(key.substring(0, slash), key.substring(slash + 1));
    }

    static byte[] row(AdminOverride override) {
        return new RecordWriter().text(1, override.state().key()).text(2, override.author())
                .text(3, override.reason()).number(4, override.since().toEpochMilli()).toBytes();
    }

    static AdminOverride override(byte[] row) {
        RecordReader record = RecordReader.of(row);
        return new AdminOverride(CommandCodec.AdminStates.of(record.text(1)), record.text(2), record.text(3),
                Instant.ofEpochMilli(record.number(4)));
    }

    /** What is in force after the commands so far, given what was before. */
    Content content(Content previous) {
        ConfigMerge merge = new ConfigMerge(previous.unreadable());
        ClusterConfig config = changed.isEmpty()
                ? previous.state().config()
                : merge.merge(previous.state().config(), changed, objects);
        SortedMap<ObjectKey, String> allObjects = changed.isEmpty() ? previous.objects() : copy(objects);
        changed.clear();
        ConfigState state = new ConfigState(new Revision(revision), config, adminVersion, overrides);
        return new Content(applied, state, allObjects, copy(system), merge.unreadable());
    }

    private static <K, V> SortedMap<K, V> copy(SortedMap<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
