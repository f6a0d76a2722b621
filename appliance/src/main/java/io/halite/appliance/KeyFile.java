package io.halite.appliance;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The signing keys that this node last knew, sealed as they are in the store: so that it answers signed zones before the
 * store is up, or when it cannot come up at all. A line for each zone: its name, a space, its record.
 */
record KeyFile(Path data) {
    private static final System.Logger LOGGER = System.getLogger(KeyFile.class.getName());
    private static final String FILE = "dns-keys";

    /** The records by zone; none when there is no readable file, which is logged and never fails. */
    SortedMap<String, String> read() {
        SortedMap<String, String> records = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(data.resolve(FILE))) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    records.put(line.substring(0, space), line.substring(space + 1));
                }
            }
            return records;
        } catch (NoSuchFileException e) {
            return Collections.emptySortedMap();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "dns keys unreadable error=" + e.getMessage());
            return Collections.emptySortedMap();
        }
    }

    /** Replaces the file. */
    void write(Map<String, String> records) {
        String text = records.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining());
        try {
            Path aside = Files.createTempFile(data, FILE, ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(aside, text.getBytes(StandardCharsets.UTF_8));
            Files.move(aside, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "dns keys not kept error=" + e.getMessage());
        }
    }
}
