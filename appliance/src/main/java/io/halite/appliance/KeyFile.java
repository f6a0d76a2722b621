package io.halite.appliance;

import io.halite.admin.secret.SecretSealer;
import io.halite.dns.sign.ClusterKeys;
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
 * The signing keys that this node last knew, sealed: so that it answers signed zones before the store is up, or when it
 * cannot come up at all. A line for each zone: its name, a space, its key.
 */
record KeyFile(Path data, SecretSealer sealer) {
    private static final System.Logger LOGGER = System.getLogger(KeyFile.class.getName());
    private static final String FILE = "dns-keys";

    /** The keys as text by zone; none when there is no readable file, which is logged and never fails. */
    SortedMap<String, String> read() {
        SortedMap<String, String> keys = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(data.resolve(FILE))) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    String zone = line.substring(0, space);
                    keys.put(zone, new String(sealer.open(ClusterKeys.PREFIX + zone, line.substring(space + 1)),
                            StandardCharsets.US_ASCII));
                }
            }
            return keys;
        } catch (NoSuchFileException e) {
            return Collections.emptySortedMap();
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "dns keys unreadable error=" + e.getMessage());
            return Collections.emptySortedMap();
        }
    }

    /** Replaces the file. */
    void write(Map<String, String> keys) {
        String text = keys.entrySet().stream().map(entry -> entry.getKey() + " " + sealer.seal(
                ClusterKeys.PREFIX + entry.getKey(), entry.getValue().getBytes(StandardCharsets.US_ASCII)) + "\n")
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
