package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;

import io.halite.config.Ticker;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.Serving;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.testing.Responders;
import io.halite.dns.wire.NameHash;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** A table that is no longer answered from is let go, though nobody asks: large zones would fill memory with their past. */
class OldTablesTest {
    private static final NameHash HASH = new NameHash(1, 2);
    private static final byte[] QUERY = Responders.query("example.net.", Type.A).toWire();
    private static final CookieSecrets SECRETS = CookieSecrets.random();

    private final AtomicReference<Serving> serving = new AtomicReference<>(new Serving(ZoneTable.empty(HASH), SECRETS));
    private final WeakReference<ZoneTable> first = new WeakReference<>(serving.get().table());

    private FastPath path() {
        return new FastPath(new FastPathSettings(7, 0, 0, Networks.NONE, 100, Ticker.SYSTEM, InstantSource.system()),
                serving.get().table(), SECRETS);
    }

    private WorkerSettings workers() {
        return new WorkerSettings(InetAddress.getLoopbackAddress(), 0, 2, worker -> path(), serving::get,
                (query, client, stream, sink) -> { });
    }

    private void isLetGo() {
        serving.set(new Serving(ZoneTable.empty(HASH), SECRETS));
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(200)).until(() -> {
            System.gc();
            return first.refersTo(null);
        });
    }

    private static void ask(DatagramServer server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(120_000);
            socket.send(new DatagramPacket(QUERY, QUERY.length,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
            socket.receive(new DatagramPacket(new byte[512], 512));
        }
    }

    @Test
    void byWorkersOfNativeCalls() throws IOException {
        try (DatagramServer server = new NativeDatagrams(workers())) {
            ask(server);
            isLetGo();
        }
    }

    @Test
    void byWorkersOfChannels() throws IOException {
        try (DatagramServer server = new ChannelDatagrams(workers())) {
            ask(server);
            isLetGo();
        }
    }

    @Test
    void byWhatAnswersStreams() throws IOException {
        try (StreamServer server = new StreamServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new StreamServer.Limits(Duration.ofMinutes(1), 10, 10), List.of(path(), path()), serving::get,
                (query, client, stream, sink) -> { }, Ticker.SYSTEM)) {
            server.start();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(120_000);
                socket.getOutputStream().write(new byte[] {0, (byte) QUERY.length});
                socket.getOutputStream().write(QUERY);
                socket.getInputStream().read();
                isLetGo();
            }
        }
    }
}
