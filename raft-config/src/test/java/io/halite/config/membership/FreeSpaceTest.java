package io.halite.config.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {
    @Test
    void theSystemIsAskedSeldomForWhatIsShownOften(@TempDir Path root) throws Exception {
        Path directory = Files.createDirectory(root.resolve("data"));
        AtomicLong clock = new AtomicLong();
        FreeSpace space = new FreeSpace(directory, clock::get);
        long bytes = space.recentBytes();
        assertTrue(bytes > 0);
        Files.delete(directory);
        assertEquals(bytes, space.recentBytes());
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThrows(IOException.class, space::recentBytes);
        assertThrows(IOException.class, space::bytes);
    }
}
