package io.halite.appliance.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a process waits for the one that is to follow it on its data directory. Only who may write there gets in. Confined
 * to one thread.
 */
public final class Door implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Door.class.getName());

    private final Path path;
    private final UnixSocket socket;

    private Door(Path path, UnixSocket socket) {
        this.path = path;
        this.socket = socket;
    }

    /** Opens the door of a data directory that this process has for itself; empty where this system has none. */
    public static Optional<Door> open(Path data) {
        if (!UnixSocket.isSupported()) {
            return Optional.empty();
        }
        Path path = path(data);
        try {
            return Optional.of(new Door(path, UnixSocket.listen(path)));
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "no other process can take over cause=" + e.getMessage());
            return Optional.empty();
        }
    }

    static Path path(Path data) {
        return data.resolve("takeover.sock");
    }

    /** The process that asks to follow this one; empty when none does. */
    public Optional<Successor> caller() {
        try {
            Optional<UnixSocket> caller = socket.accept();
            return caller.isEmpty() ? Optional.empty() : Successor.greet(caller.get());
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "a process that wanted to take over was not understood cause="
                    + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        socket.close();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "socket file not removed path=" + path, e);
        }
    }
}
