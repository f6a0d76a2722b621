package io.halite.dns.transport;

import io.halite.config.Ticker;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SlowPath;
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
import java.util.function.Supplier;
import org.xbill.DNS.Type;

/** Servers without any zone, which refuse whatever they are asked, and their clients. */
final class Servers {
    private static final byte[] QUERY = Responders.query("example.net.", Type.A).toWire();
    private static final SlowPath SILENT = (query, client, stream, sink) -> { };

    private final Supplier<Serving> serving;

    Servers(Supplier<Serving> serving) {
        this.serving = serving;
    }

    static Serving noZones() {
        return new Serving(ZoneTable.empty(new NameHash(1, 2)), CookieSecrets.random());
    }

    private FastPath path() {
        Serving now = serving.get();
        return new FastPath(new FastPathSettings(7, 0, 0, Networks.NONE, 100, Ticker.SYSTEM, InstantSource.system()),
                now.table(), now.secrets());
    }

    WorkerSettings workers(int count) {
        return new WorkerSettings(InetAddress.getLoopbackAddress(), 0, count, worker -> path(), serving, SILENT);
    }

    /** A server of TCP, which has started. */
    StreamServer streams() throws IOException {
        StreamServer server = new StreamServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new StreamServer.Limits(Duration.ofMinutes(5), 10, 10), List.of(path(), path()), serving, SILENT,
                Ticker.SYSTEM);
        server.start();
        return server;
    }

    static boolean isAnswered(DatagramServer server) throws IOException {
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

    static Socket connect(StreamServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(120_000);
        return socket;
    }

    static boolean isAnswered(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[] {0, (byte) QUERY.length});
        socket.getOutputStream().write(QUERY);
        return socket.getInputStream().read() >= 0;
    }
}
