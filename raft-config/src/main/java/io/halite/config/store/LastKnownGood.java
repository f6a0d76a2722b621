package io.halite.config.store;

import io.halite.config.AdminOverride;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.document.ConfigObjects;
import io.halite.config.document.ObjectKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The last config that this node had in force, in one synced file. The data plane boots from it before Raft is up, or
 * when Raft cannot come up at all. Stateless.
 */
public final class LastKnownGood {
    private static final System.Logger LOGGER = System.getLogger(LastKnownGood.class.getName());
    private static final String FILE = "last-known-good";

    private LastKnownGood() {}

    /** What a data directory holds; empty when there is nothing usable, which is logged and never fails. */
    public static Optional<ConfigState> read(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            SortedMap<ObjectKey, String> objects = new TreeMap<>();
            SortedMap<TargetRef, AdminOverride> overrides = new TreeMap<>();
            Map<Meta, Long> numbers = new EnumMap<>(Meta.class);
            StateFile.read(file, (table, key, value) -> {
                switch (table) {
                    case OBJECTS -> objects.put(ObjectKey.parse(Keys.text(key)), Keys.text(value));
                    case ADMIN -> overrides.put(WorkingState.target(Keys.text(key)), WorkingState.override(value));
                    case META -> numbers.put(Meta.valueOf(Keys.text(key)), ByteBuffer.wrap(value).getLong());
                    default -> throw new IllegalArgumentException("unexpected table " + table);
                }
            });
            return Optional.of(new ConfigState(new Revision(numbers.getOrDefault(Meta.REVISION, 0L)),
                    ConfigObjects.decode(objects), numbers.getOrDefault(Meta.ADMIN_VERSION, 0L), overrides));
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(System.Logger.Level.WARNING, "last known good unusable file=" + file + " error="
                    + e.getMessage());
            return Optional.empty();
        }
    }

    /** Replaces the file. */
    static void write(Path dataDirectory, Content content) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        Path aside = DurableFile.aside(file);
        try (StateFile.Writer writer = StateFile.create(aside)) {
            writer.row(Table.META, Meta.REVISION.key(), Meta.value(content.state().revision().number()));
            writer.row(Table.META, Meta.ADMIN_VERSION.key(), Meta.value(content.state().adminVersion()));
            content.objects().forEach((key, json) ->
                    writer.row(Table.OBJECTS, Keys.bytes(key.toString()), Keys.bytes(json)));
            for (Map.Entry<TargetRef, AdminOverride> entry : content.state().adminOverrides().entrySet()) {
                writer.row(Table.ADMIN, Keys.bytes(entry.getKey().toString()), WorkingState.row(entry.getValue()));
            }
            writer.finish();
        }
        DurableFile.replace(aside, file);
    }
}
