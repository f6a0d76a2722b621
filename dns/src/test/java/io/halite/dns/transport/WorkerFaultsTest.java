package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;

import io.halite.dns.serve.Serving;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A worker that meets a fault, such as memory that is used up for a moment, serves on: else its part of queries is lost. */
class WorkerFaultsTest {
    private final Serving serving = Servers.noZones();
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicInteger failed = new AtomicInteger();
    private final Servers servers = new Servers(this::serving);

    private Serving serving() {
        if (isFailing.get()) {
            failed.incrementAndGet();
            throw new OutOfMemoryError("as the test says");
        }
        return serving;
    }

    private void servesOn(DatagramServer server) {
        await().until(() -> Servers.isAnswered(server));
        isFailing.set(true);
        await().until(() -> !Servers.isAnswered(server) && failed.get() > 1);
        isFailing.set(false);
        await().until(() -> Servers.isAnswered(server));
    }

    @Test
    void ofNativeCalls() throws IOException {
        try (DatagramServer server = new NativeDatagrams(servers.workers(1))) {
            servesOn(server);
        }
    }

    @Test
    void ofChannels() throws IOException {
        try (DatagramServer server = new ChannelDatagrams(servers.workers(1))) {
            servesOn(server);
        }
    }

    @Test
    void aStreamEndsAndTheNextIsServed() throws IOException {
        try (StreamServer server = servers.streams()) {
            isFailing.set(true);
            await().until(() -> !isAnswered(server) && failed.get() > 3);
            isFailing.set(false);
            await().until(() -> isAnswered(server));
            await().until(() -> server.connections() == 0);
        }
    }

    private static boolean isAnswered(StreamServer server) throws IOException {
        try (Socket socket = Servers.connect(server)) {
            return Servers.isAnswered(socket);
        }
    }
}
