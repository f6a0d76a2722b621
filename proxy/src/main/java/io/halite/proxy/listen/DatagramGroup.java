package io.halite.proxy.listen;

import io.halite.config.Protocol;
import io.halite.proxy.relay.Admission;
import io.halite.proxy.relay.HandedSocket;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tls.ServerTls;
import io.halite.proxy.udp.UdpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The datagram sockets of one address, one in each loop. A sender's datagrams come to the same loop each time. */
final class DatagramGroup implements PortGroup {
    private final PerLoop<UdpListener> listeners;
    private ListenerTable table;

    private DatagramGroup(PerLoop<UdpListener> listeners, ListenerTable table) {
        this.listeners = listeners;
        this.table = table;
    }

    /** Opens the sockets, all or none, beginning with those that another process handed over. */
    static DatagramGroup open(List<RelayLoop> loops, InetSocketAddress wanted, List<HandedSocket> handed,
            ListenerTable table) throws IOException, InterruptedException {
        Admission admission = new Admission();
        return new DatagramGroup(PerLoop.open(loops, wanted, handed,
                loop -> new UdpListener(loop.upstreams(), table, UdpListener.MAX_SESSIONS, admission, loop.log()),
                (listener, where, socket) -> socket == null ? listener.open(where) : listener.adopt(socket),
                UdpListener::abandon), table);
    }

    @Override
    public InetSocketAddress address() {
        return listeners.address();
    }

    @Override
    public String label() {
        return table.label();
    }

    @Override
    public Protocol protocol() {
        return Protocol.UDP;
    }

    @Override
    public void handTo(ListenerTable next, @Nullable ServerTls tls) {
        table = next;
        listeners.tellSoon((loop, listener) -> listener.becomes(next));
    }

    @Override
    public void close(long spreadNanos) throws InterruptedException {
        listeners.tellAll(UdpListener::close);
    }

    @Override
    public void dismiss(long spreadNanos) {
        // Whoever sends datagrams has no connection to leave.
    }

    /** Sessions end by their own deadline, which is short. */
    @Override
    public void remove(long spreadNanos) throws InterruptedException {
        close(spreadNanos);
    }

    @Override
    public void recall() {
        // Nobody was dismissed.
    }

    @Override
    public void leave(long spreadNanos) throws InterruptedException {
        listeners.tellAll(UdpListener::leave);
    }

    /** Gives the address up at once, also when replies are under way. */
    void abandon() throws InterruptedException {
        listeners.tellAll(UdpListener::abandon);
    }

    @Override
    public List<Integer> descriptors() throws InterruptedException {
        return listeners.askAll(UdpListener::descriptor, -1);
    }

    @Override
    public int connections() throws InterruptedException {
        return listeners.sum(UdpListener::sessions);
    }
}
