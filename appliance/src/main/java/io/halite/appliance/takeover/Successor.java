package io.halite.appliance.takeover;

import io.halite.appliance.takeover.UnixSocket.Message;
import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The process that follows this one, as this one sees it. Confined to one thread. */
public final class Successor implements AutoCloseable {
    static final String GREETING = "halite takeover 1";
    static final String SOCKETS = "sockets";
    static final String ALL = "all";
    static final String SERVING = "serving";
    private static final Duration GREETING_PATIENCE = Duration.ofSeconds(2);

    private final UnixSocket socket;
    private final long pid;
    private final Duration deadline;

    private Successor(UnixSocket socket, long pid, Duration deadline) {
        this.socket = socket;
        this.pid = pid;
        this.deadline = deadline;
    }

    /** Hears what a caller wants; empty when it is nothing that is known here. */
    static Optional<Successor> greet(UnixSocket caller) throws IOException {
        try {
            List<String> words = caller.receive(GREETING_PATIENCE).map(Message::text).orElse("").lines().toList();
            if (words.size() == 3 && words.getFirst().equals(GREETING)) {
                return Optional.of(new Successor(caller, Long.parseLong(words.get(1)),
                        Duration.ofMillis(Long.parseLong(words.get(2)))));
            }
        } catch (NumberFormatException e) {
            // Not of our kind.
        } catch (IOException e) {
            caller.close();
            throw e;
        }
        caller.close();
        return Optional.empty();
    }

    public long pid() {
        return pid;
    }

    /** How long this process may go on with the connections that it has. */
    public Duration deadline() {
        return deadline;
    }

    /** Gives it the listening sockets, and the data directory with them, which must be free by now. */
    public void give(List<HandedSocket> sockets) throws IOException {
        for (int from = 0; from < sockets.size(); from += UnixSocket.MAX_DESCRIPTORS) {
            List<HandedSocket> some =
                    sockets.subList(from, Math.min(sockets.size(), from + UnixSocket.MAX_DESCRIPTORS));
            StringBuilder text = new StringBuilder(SOCKETS);
            some.forEach(one -> text.append('\n').append(one.place()));
            socket.send(new Message(text.toString(), some.stream().map(HandedSocket::descriptor).toList()));
        }
        socket.send(new Message(ALL, List.of()));
    }

    /** The same sockets once more, for this process itself when the other gives up. */
    public static List<HandedSocket> duplicates(List<HandedSocket> sockets) throws IOException {
        List<HandedSocket> duplicates = new ArrayList<>();
        try {
            for (HandedSocket socket : sockets) {
                duplicates.add(new HandedSocket(socket.place(), UnixSocket.duplicate(socket.descriptor())));
            }
        } catch (IOException e) {
            duplicates.forEach(HandedSocket::close);
            throw e;
        }
        return duplicates;
    }

    /** Waits until it serves; false when it gave up, or after so long. */
    public boolean awaitServing(Duration patience) {
        try {
            return socket.receive(patience).filter(message -> message.text().equals(SERVING)).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
