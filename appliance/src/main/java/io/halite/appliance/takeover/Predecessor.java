package io.halite.appliance.takeover;

import io.halite.appliance.takeover.UnixSocket.Message;
import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process that this one follows on a data directory, as this one sees it. In turn: this one asks; the other closes
 * everything but its data plane, which frees the data directory and the node's own ports, and hands over its listening
 * sockets; both accept; this one says that it serves, whereupon the other stops accepting and lets its connections end. If
 * this one ends before it has said so, the other takes up its work again. Confined to one thread.
 */
public final class Predecessor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final UnixSocket socket;

    private Predecessor(UnixSocket socket) {
        this.socket = socket;
    }

    /**
     * Asks the process that works on a data directory to be followed; empty when none does.
     *
     * @param deadline how long that process may go on with the connections that it has
     */
    public static Optional<Predecessor> call(Path data, Duration deadline) {
        Path path = Door.path(data);
        if (!UnixSocket.isSupported() || !Files.exists(path)) {
            return Optional.empty();
        }
        try {
            UnixSocket socket = UnixSocket.connect(path);
            socket.send(new Message(Successor.GREETING + "\n" + ProcessHandle.current().pid() + "\n" + deadline.toMillis(),
                    List.of()));
            return Optional.of(new Predecessor(socket));
        } catch (IOException e) {
            // What a process that was killed has left.
            return Optional.empty();
        }
    }

    /**
     * Waits for its sockets; when this returns, the data directory is free.
     *
     * @throws IOException when it does not answer
     */
    public List<HandedSocket> sockets() throws IOException {
        List<HandedSocket> sockets = new ArrayList<>();
        while (true) {
            Message message = socket.receive(PATIENCE).orElseThrow(() -> new IOException(
                    "the process that runs on the data directory does not hand over; it keeps working"));
            List<String> lines = message.text().lines().toList();
            if (lines.getFirst().equals(Successor.ALL)) {
                return sockets;
            }
            for (int at = 0; at < Math.min(lines.size() - 1, message.descriptors().size()); at++) {
                sockets.add(new HandedSocket(lines.get(at + 1), message.descriptors().get(at)));
            }
        }
    }

    /** Tells it that this process serves. */
    public void tellServing() throws IOException {
        socket.send(new Message(Successor.SERVING, List.of()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
