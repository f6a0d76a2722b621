package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.serve.Serving;
import io.halite.dns.table.ZoneTable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A table that is no longer answered from is let go, though nobody asks: large zones would fill memory with their past. */
class OldTablesTest {
    private final AtomicReference<Serving> serving = new AtomicReference<>(Servers.noZones());
    private final WeakReference<ZoneTable> first = new WeakReference<>(serving.get().table());
    private final Servers servers = new Servers(serving::get);

    private void isLetGo() {
        serving.set(Servers.noZones());
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200)).until(() -> {
            System.gc();
            return first.refersTo(null);
        });
    }

    private void isLetGoBy(DatagramServer server) {
        await().until(() -> Servers.isAnswered(server));
        isLetGo();
    }

    @Test
    void byWorkersOfNativeCalls() throws IOException {
        try (DatagramServer server = new NativeDatagrams(servers.workers(2))) {
            isLetGoBy(server);
        }
    }

    @Test
    void byWorkersOfChannels() throws IOException {
        try (DatagramServer server = new ChannelDatagrams(servers.workers(2))) {
            isLetGoBy(server);
        }
    }

    @Test
    void byWhatAnswersStreams() throws IOException {
        try (StreamServer server = servers.streams(); Socket socket = Servers.connect(server)) {
            assertTrue(Servers.isAnswered(socket));
            isLetGo();
        }
    }
}
