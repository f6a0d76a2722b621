package io.halite.proxy.listen;

import io.halite.config.Protocol;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.udp.UdpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** The datagram sockets of one address, one in each loop. A sender's datagrams come to the same loop each time. */
final class DatagramGroup implements PortGroup {
    private static final System.Logger LOGGER = System.getLogger(DatagramGroup.class.getName());

    private final List<RelayLoop> loops;
    private final List<UdpListener> listeners;
    private final InetSocketAddress address;
    private ListenerTable table;

    private DatagramGroup(
            List<RelayLoop> loops, List<UdpListener> listeners, InetSocketAddress address, ListenerTable table) {
        this.loops = loops;
        this.listeners = listeners;
        this.address = address;
        this.table = table;
    }

    /** Opens the sockets, all or none; with port 0 all get the port that the system gave the first. */
    static DatagramGroup open(List<RelayLoop> loops, InetSocketAddress wanted, ListenerTable table)
            throws IOException, InterruptedException {
        List<UdpListener> listeners = new ArrayList<>();
        InetSocketAddress address = wanted;
        for (RelayLoop loop : loops) {
            UdpListener listener = new UdpListener(loop.upstreams(), table, UdpListener.MAX_SESSIONS);
            InetSocketAddress where = address;
            try {
                address = loop.ask(() -> listener.open(where));
                listeners.add(listener);
            } catch (ExecutionException failed) {
                new DatagramGroup(loops, listeners, wanted, table).abandon();
                if (failed.getCause() instanceof IOException cause) {
                    throw cause;
                }
                throw new IOException(failed.getMessage(), failed);
            }
        }
        return new DatagramGroup(loops, listeners, address, table);
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
        return Protocol.UDP;
    }

    @Override
    public void handTo(ListenerTable next) {
        table = next;
        for (int at = 0; at < listeners.size(); at++) {
            UdpListener listener = listeners.get(at);
            loops.get(at).loop().execute(() -> listener.becomes(next));
        }
    }

    @Override
    public void close() throws InterruptedException {
        tellAll(UdpListener::close);
    }

    /** Gives the address up at once, also when replies are under way. */
    void abandon() throws InterruptedException {
        tellAll(UdpListener::abandon);
    }

    private void tellAll(Consumer<UdpListener> what) throws InterruptedException {
        for (int at = 0; at < listeners.size(); at++) {
            UdpListener listener = listeners.get(at);
            try {
                loops.get(at).ask(() -> {
                    what.accept(listener);
                    return listener;
                });
            } catch (ExecutionException stuck) {
                // The task stays with the loop: the socket goes when it answers again.
                LOGGER.log(System.Logger.Level.WARNING, "datagram socket not closed in time loop="
                        + loops.get(at).loop().index());
            }
        }
    }

    @Override
    public int connections() throws InterruptedException {
        int sum = 0;
        for (int at = 0; at < listeners.size(); at++) {
            try {
                sum += loops.get(at).ask(listeners.get(at)::sessions);
            } catch (ExecutionException stuck) {
                sum++;
            }
        }
        return sum;
    }
}
