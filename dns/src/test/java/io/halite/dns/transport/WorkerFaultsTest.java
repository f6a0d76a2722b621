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
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** A worker that meets a fault, such as memory that is used up for a moment, serves on: else its part of queries is lost. */
class WorkerFaultsTest {
    private static final byte[] QUERY = Responders.query("example.net.", Type.A).toWire();

    private final Serving serving =
            new Serving(ZoneTable.empty(new NameHash(1, 2)), CookieSecrets.random());
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicInteger failed = new AtomicInteger();

    private Serving serving() {
        if (isFailing.get()) {
            failed.incrementAndGet();
            throw new OutOfMemoryError("as the test says");
        }
        return serving;
    }

    private FastPath path() {
        return new FastPath(new FastPathSettings(7, 0, 0, Networks.NONE, 100, Ticker.SYSTEM, InstantSource.system()),
                serving.table(), serving.secrets());
    }

    private WorkerSettings worker() {
        return new WorkerSettings(InetAddress.getLoopbackAddress(), 0, 1, worker -> path(), this::serving,
                (query, client, stream, sink) -> { });
    }

    private static boolean isAnswered(DatagramServer server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(500);
            socket.send(new DatagramPacket(QUERY, QUERY.length,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private void servesOn(DatagramServer server) {
        await().until(() -> isAnswered(server));
        isFailing.set(true);
        await().until(() -> !isAnswered(server) && failed.get() > 1);
        isFailing.set(false);
        await().until(() -> isAnswered(server));
    }

    @Test
    void ofNativeCalls() throws IOException {
        try (DatagramServer server = new NativeDatagrams(worker())) {
            servesOn(server);
        }
    }

    @Test
    void ofChannels() throws IOException {
        try (DatagramServer server = new ChannelDatagrams(worker())) {
            servesOn(server);
        }
    }

    @Test
    void aStreamEndsAndTheNextIsServed() throws IOException {
        try (StreamServer server = new StreamServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new StreamServer.Limits(Duration.ofMinutes(5), 10, 10), List.of(path()), this::serving,
                (query, client, stream, sink) -> { }, Ticker.SYSTEM)) {
            server.start();
            isFailing.set(true);
            await().until(() -> ask(server) < 0 && failed.get() > 3);
            isFailing.set(false);
            await().until(() -> ask(server) >= 0);
            await().until(() -> server.connections() == 0);
        }
    }

    /** The first byte of the answer, -1 for none. */
    private static int ask(StreamServer server) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(new byte[] {0, (byte) QUERY.length});
            socket.getOutputStream().write(QUERY);
            return socket.getInputStream().read();
        }
    }
}
