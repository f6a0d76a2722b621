package io.halite.proxy.listen;

import io.halite.config.Protocol;
import io.halite.proxy.http.HttpListener;
import io.halite.proxy.relay.Acceptor;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tcp.TcpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The listening sockets of one address, one in each loop: the kernel spreads new connections over them. */
final class SocketGroup implements PortGroup {
    private static final System.Logger LOGGER = System.getLogger(SocketGroup.class.getName());
    private static final int BACKLOG = 4_096;

    private final List<RelayLoop> loops;
    private final List<AcceptPoint> points;
    private final InetSocketAddress address;
    private ListenerTable table;

    private SocketGroup(
            List<RelayLoop> loops, List<AcceptPoint> points, InetSocketAddress address, ListenerTable table) {
        this.loops = loops;
        this.points = points;
        this.address = address;
        this.table = table;
    }

    /** Opens the sockets, all or none; with port 0 all get the port that the system gave the first. */
    static SocketGroup open(List<RelayLoop> loops, InetSocketAddress wanted, ListenerTable table)
            throws IOException, InterruptedException {
        List<AcceptPoint> points = new ArrayList<>();
        InetSocketAddress address = wanted;
        Admission admission = new Admission();
        for (RelayLoop loop : loops) {
            AcceptPoint point =
                    new AcceptPoint(admission, listener(loop, table), gate(loop, table), entrance(loop, table));
            InetSocketAddress where = address;
            try {
                Acceptor acceptor = loop.ask(() -> loop.loop().listen(where, BACKLOG, point));
                point.listensOn(acceptor);
                points.add(point);
                address = acceptor.address();
            } catch (ExecutionException failed) {
                close(loops, points);
                if (failed.getCause() instanceof IOException cause) {
                    throw cause;
                }
                throw new IOException(failed.getMessage(), failed);
            }
        }
        return new SocketGroup(loops, points, address, table);
    }

    private static LoopListener listener(RelayLoop loop, ListenerTable table) {
        return table.listener().protocol().isRouted()
                ? new HttpListener(loop.http(), table, table.listener().protocol() == Protocol.HTTPS)
                : new TcpListener(loop.upstreams(), table);
    }

    private static ProxyHeaderGate gate(RelayLoop loop, ListenerTable table) {
        return new ProxyHeaderGate(loop.upstreams(), table);
    }

    private static @Nullable TlsEntrance entrance(RelayLoop loop, ListenerTable table) {
        return table.listener().protocol() == Protocol.HTTPS ? new TlsEntrance(loop.upstreams(), table) : null;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public String label() {
        return table.label();
    }

    @Override
    public Protocol protocol() {
        return table.listener().protocol();
    }

    @Override
    public void handTo(ListenerTable next) {
        table = next;
        for (int at = 0; at < loops.size(); at++) {
            RelayLoop loop = loops.get(at);
            AcceptPoint point = points.get(at);
            loop.loop().execute(
                    () -> point.handTo(listener(loop, next), gate(loop, next), entrance(loop, next)));
        }
    }

    /** Returns when the sockets are closed. */
    @Override
    public void close() throws InterruptedException {
        close(loops, points);
    }

    @Override
    public int connections() throws InterruptedException {
        int sum = 0;
        for (int at = 0; at < loops.size(); at++) {
            AcceptPoint point = points.get(at);
            try {
                sum += loops.get(at).ask(point::open);
            } catch (ExecutionException stuck) {
                sum++;
            }
        }
        return sum;
    }

    private static void close(List<RelayLoop> loops, List<AcceptPoint> points) throws InterruptedException {
        for (int at = 0; at < points.size(); at++) {
            AcceptPoint point = points.get(at);
            try {
                loops.get(at).ask(() -> {
                    point.close();
                    return point;
                });
            } catch (ExecutionException stuck) {
                // The task stays with the loop: the socket goes when it answers again.
                LOGGER.log(System.Logger.Level.WARNING, "listening socket not closed in time loop="
                        + loops.get(at).loop().index());
            }
        }
    }
}
