package io.halite.proxy.listen;

import io.halite.config.Protocol;
import io.halite.proxy.http.HttpListener;
import io.halite.proxy.relay.Admission;
import io.halite.proxy.relay.Acceptor;
import io.halite.proxy.relay.HandedSocket;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tcp.TcpListener;
import io.halite.proxy.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listening sockets of one address, one in each loop: the kernel spreads new connections over them. */
final class SocketGroup implements PortGroup {
    private static final int BACKLOG = 4_096;

    private final PerLoop<Entry> entries;
    private ListenerTable table;

    /** A point where clients are accepted, with the loop that has it. */
    private record Entry(RelayLoop loop, AcceptPoint point) {}

    private SocketGroup(PerLoop<Entry> entries, ListenerTable table) {
        this.entries = entries;
        this.table = table;
    }

    /**
     * Opens the sockets, all or none, beginning with those that another process handed over.
     *
     * @param tls what clients shake hands with; null where they speak plainly
     */
    static SocketGroup open(List<RelayLoop> loops, InetSocketAddress wanted, List<HandedSocket> handed,
            ListenerTable table, @Nullable ServerTls tls) throws IOException, InterruptedException {
        Admission admission = new Admission();
        return new SocketGroup(PerLoop.open(loops, wanted, handed,
                loop -> new Entry(loop, new AcceptPoint(admission, listener(loop, table), gate(loop, table),
                        entrance(loop, table, tls))),
                SocketGroup::listen, entry -> entry.point().close(0)), table);
    }

    private static InetSocketAddress listen(Entry entry, InetSocketAddress where, @Nullable HandedSocket socket)
            throws IOException {
        Acceptor acceptor = socket == null ? entry.loop().loop().listen(where, BACKLOG, entry.point())
                : entry.loop().loop().adopt(socket, entry.point());
        entry.point().listensOn(acceptor);
        return acceptor.address();
    }

    private static LoopListener listener(RelayLoop loop, ListenerTable table) {
        return table.listener().protocol().isRouted()
                ? new HttpListener(loop.http(), table, table.listener().protocol() == Protocol.HTTPS)
                : new TcpListener(loop.upstreams(), table, loop.log());
    }

    private static ProxyHeaderGate gate(RelayLoop loop, ListenerTable table) {
        return new ProxyHeaderGate(loop.upstreams(), table, table.listener().protocol().isRouted() ? null : loop.log());
    }

    private static @Nullable TlsEntrance entrance(RelayLoop loop, ListenerTable table, @Nullable ServerTls tls) {
        return tls == null ? null : new TlsEntrance(loop.upstreams(), table, tls);
    }

    @Override
    public InetSocketAddress address() {
        return entries.address();
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
    public void handTo(ListenerTable next, @Nullable ServerTls tls) {
        table = next;
        entries.tellSoon((loop, entry) ->
                entry.point().handTo(listener(loop, next), gate(loop, next), entrance(loop, next, tls)));
    }

    /** Returns when the sockets are closed. */
    @Override
    public void close(long spreadNanos) throws InterruptedException {
        entries.tellAll(entry -> entry.point().close(spreadNanos));
    }

    @Override
    public void dismiss(long spreadNanos) {
        entries.tellSoon((_, entry) -> entry.point().dismiss(spreadNanos));
    }

    @Override
    public void remove(long spreadNanos) throws InterruptedException {
        entries.tellAll(entry -> entry.point().remove(spreadNanos));
    }

    @Override
    public void recall() {
        entries.tellSoon((_, entry) -> entry.point().recall());
    }

    @Override
    public void leave(long spreadNanos) throws InterruptedException {
        close(spreadNanos);
    }

    @Override
    public List<Integer> descriptors() throws InterruptedException {
        return entries.askAll(entry -> entry.point().descriptor(), -1);
    }

    @Override
    public int connections() throws InterruptedException {
        return entries.sum(entry -> entry.point().open());
    }
}
