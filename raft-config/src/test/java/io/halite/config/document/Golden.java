package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Expected texts kept as resources. {@code HALITE_GOLDEN=write} in the environment writes them anew, to be reviewed. */
final class Golden {
    private Golden() {}

    static void check(String resource, String actual) {
        if ("write".equals(System.getenv("HALITE_GOLDEN"))) {
            Path file = Path.of("src/test/resources/io/halite/config/document").resolve(resource);
            try {
                Files.writeString(file, actual);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
            return;
        }
        assertEquals(Documents.text(resource), actual);
    }
}
