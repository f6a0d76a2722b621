package io.halite.appliance.cli.client;

import io.halite.appliance.cli.client.EventStream.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What happens in a cluster, as one node tells it: when the connection to it is lost, another one goes on where the last one
 * ended. Used by one thread.
 */
public final class Watch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Supplier<AdminClient> again;
    private final String topics;
    private final Consumer<String> remarks;
    private AdminClient client;
    private EventStream stream;
    private String lastSeen = "";

    /**
     * Begins to watch.
     *
     * @param client of the node
     * @param again makes another client, since a node that starts again may have another port
     * @param topics separated by commas
     * @param remarks is told when the connection is lost, and when there is one again
     * @throws CommandFailure when the node cannot be reached, or refuses
     */
    public Watch(AdminClient client, Supplier<AdminClient> again, String topics, Consumer<String> remarks) {
        this.client = client;
        this.again = again;
        this.topics = topics;
        this.remarks = remarks;
        stream = client.watch(topics, lastSeen);
    }

    /**
     * The next event, however long it takes.
     *
     * @throws CommandFailure when the node is back, but refuses
     */
    public Event next() {
        Optional<Event> event = stream.next();
        while (event.isEmpty()) {
            reconnect();
            event = stream.next();
        }
        if (!event.get().id().isEmpty()) {
            lastSeen = event.get().id();
        }
        return event.get();
    }

    private void reconnect() {
        close();
        remarks.accept("the connection to " + client.endpoint().url() + " is lost; trying again");
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CommandFailure(ExitCode.FAILED, "interrupted", "");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            try {
                client = again.get();
                stream = client.watch(topics, lastSeen);
                remarks.accept("connected again");
                return;
            } catch (CommandFailure e) {
                client.close();
                if (e.exitCode() == ExitCode.NOT_AUTHORIZED) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        stream.close();
        client.close();
    }
}
