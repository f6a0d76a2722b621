package io.halite.config.membership;

import io.halite.config.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The free space on the disk of a directory. Safe for use by many threads. */
public final class FreeSpace {
    /** What is shown many times a second need not be asked of the system each time. */
    private static final long AGE = Duration.ofSeconds(2).toNanos();

    private final Path directory;
    private final Ticker ticker;
    private volatile @Nullable Read last;

    private record Read(long bytes, long at) {}

    /** The space where this directory is. */
    public FreeSpace(Path directory, Ticker ticker) {
        this.directory = directory;
        this.ticker = ticker;
    }

    /** As it is now. */
    public long bytes() throws IOException {
        long bytes = Files.getFileStore(directory).getUsableSpace();
        last = new Read(bytes, ticker.nanos());
        return bytes;
    }

    /** As it was at most two seconds ago. */
    public long recentBytes() throws IOException {
        Read known = last;
        return known != null && ticker.nanos() - known.at < AGE ? known.bytes : bytes();
    }
}
