package io.halite.proxy.listen;

import io.halite.config.HostPort;
import io.halite.config.Protocol;
import io.halite.proxy.relay.HandedSocket;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that are open on this node. Called by one thread at a time.
 *
 * <p>Sockets are known by their address, not by the listener that uses them: one that only changes its name or its load
 * balancer keeps its sockets, and no client notices.
 */
public final class ListenerSet {
    private static final long SPREAD_NANOS = 1_000_000_000L;

    private final InetAddress bind;
    private final List<RelayLoop> loops;
    /** By address, or by label where the system chose the port. */
    private final Map<String, PortGroup> open = new HashMap<>();
    private final List<PortGroup> closed = new ArrayList<>();
    /** Sockets of another process that no listener has taken yet, by place. */
    private final Map<String, List<HandedSocket>> inherited = new HashMap<>();
    private boolean handedOver;

    /**
     * A set without listeners.
     *
     * @param bind what wildcard addresses are narrowed to
     */
    public ListenerSet(InetAddress bind, List<RelayLoop> loops) {
        this.bind = bind;
        this.loops = List.copyOf(loops);
    }

    /** Opens, hands over and closes sockets until they are those of the table; the problems by listener label. */
    public SortedMap<String, BindProblem> activate(ForwardingTable table) throws InterruptedException {
        SortedMap<String, BindProblem> problems = new TreeMap<>();
        Map<String, ListenerTable> wanted = new HashMap<>();
        for (ListenerTable listener : table.listeners().values()) {
            Protocol protocol = listener.listener().protocol();
            if (protocol == Protocol.HTTPS && table.tls().listener(listener.label()) == null) {
                problems.put(listener.label(), new BindProblem("NO_CERTIFICATE",
                        "None of its certificates can be served, so it stays closed."));
            } else {
                wanted.put(key(listener), listener);
            }
        }
        for (String key : List.copyOf(open.keySet())) {
            PortGroup group = open.get(key);
            if (group != null && !wanted.containsKey(key)) {
                open.remove(key);
                group.remove(SPREAD_NANOS);
                forgetEmpty();
                closed.add(group);
            }
        }
        for (Map.Entry<String, ListenerTable> entry : wanted.entrySet()) {
            String label = entry.getValue().label();
            place(entry.getKey(), entry.getValue(), table.tls().listener(label)).ifPresent(
                    problem -> problems.put(label, problem));
        }
        return problems;
    }

    /** What is open, by label. */
    public SortedMap<String, InetSocketAddress> addresses() {
        SortedMap<String, InetSocketAddress> addresses = new TreeMap<>();
        open.values().forEach(group -> addresses.put(group.label(), group.address()));
        return addresses;
    }

    /** Has listeners that open begin with sockets that another process opened. */
    public void inherit(List<HandedSocket> sockets) {
        sockets.forEach(socket -> inherited.computeIfAbsent(socket.place(), place -> new ArrayList<>()).add(socket));
    }

    /** Whether some of the sockets of another process were not taken by a listener yet. */
    public boolean isInheriting() {
        return !inherited.isEmpty();
    }

    /** Closes the sockets of another process that no listener has taken. */
    public void endInheritance() {
        inherited.values().forEach(sockets -> sockets.forEach(HandedSocket::close));
        inherited.clear();
    }

    /**
     * The open sockets for another process; none where one of them cannot be handed over. From then on that process
     * serves who comes, once this one stops accepting.
     */
    public List<HandedSocket> handOver() throws InterruptedException {
        List<HandedSocket> sockets = new ArrayList<>();
        for (Map.Entry<String, PortGroup> entry : open.entrySet()) {
            for (int descriptor : entry.getValue().descriptors()) {
                sockets.add(new HandedSocket(entry.getKey(), descriptor));
            }
        }
        if (sockets.stream().anyMatch(socket -> socket.descriptor() < 0)) {
            return List.of();
        }
        handedOver = true;
        return sockets;
    }

    /** Stops accepting everywhere; connections end after what they are at, and are asked to over this time. */
    public void close(long spreadNanos) throws InterruptedException {
        for (PortGroup group : open.values()) {
            if (handedOver) {
                group.leave(spreadNanos);
            } else {
                group.close(spreadNanos);
            }
            closed.add(group);
        }
        open.clear();
    }

    /** Asks the clients that there are to leave, over this time; listeners stay open. */
    public void dismiss(long spreadNanos) {
        open.values().forEach(group -> group.dismiss(spreadNanos));
    }

    /** Those who were dismissed and are there still may stay. */
    public void recall() {
        open.values().forEach(PortGroup::recall);
    }

    /** Connections that are open, also of listeners that are closed already. */
    public int connections() throws InterruptedException {
        int sum = 0;
        for (PortGroup group : open.values()) {
            sum += group.connections();
        }
        for (PortGroup group : closed) {
            sum += group.connections();
        }
        return sum;
    }

    private Optional<BindProblem> place(String key, ListenerTable listener, @Nullable ServerTls tls)
            throws InterruptedException {
        PortGroup present = open.get(key);
        if (present != null) {
            if (!present.label().equals(listener.label()) || present.protocol() != listener.listener().protocol()) {
                present.handTo(listener, tls);
            }
            return Optional.empty();
        }
        InetSocketAddress address = narrowed(listener.listener().address());
        boolean datagrams = listener.listener().protocol() == Protocol.UDP;
        if (datagrams) {
            abandonClosed(address);
        }
        List<HandedSocket> handed = inherited.getOrDefault(key, List.of());
        inherited.remove(key);
        if (handed.isEmpty() && address.getPort() != 0) {
            Optional<BindProblem> taken = BindProblem.probe(address, datagrams);
            if (taken.isPresent()) {
                return taken;
            }
        }
        try {
            open.put(key, datagrams ? DatagramGroup.open(loops, address, handed, listener)
                    : SocketGroup.open(loops, address, handed, listener, tls));
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(BindProblem.of(address, failed));
        }
    }

    private void forgetEmpty() throws InterruptedException {
        for (PortGroup group : List.copyOf(closed)) {
            if (group.connections() == 0) {
                closed.remove(group);
            }
        }
    }

    /** A closed listener that waits for its last replies holds the address; it is needed now. */
    private void abandonClosed(InetSocketAddress address) throws InterruptedException {
        for (PortGroup group : closed) {
            if (group instanceof DatagramGroup datagrams && datagrams.address().equals(address)) {
                datagrams.abandon();
            }
        }
    }

    /**
     * Connections and datagrams have ports of their own. A successor of another version of this program must come to the
     * same text.
     */
    private String key(ListenerTable listener) {
        HostPort address = listener.listener().address();
        InetSocketAddress narrowed = narrowed(address);
        String place = address.port() == 0 ? listener.label() + " at " + address
                : narrowed.getAddress().getHostAddress() + " " + narrowed.getPort();
        return (listener.listener().protocol() == Protocol.UDP ? "udp " : "tcp ") + place;
    }

    private InetSocketAddress narrowed(HostPort address) {
        InetAddress written = InetAddress.ofLiteral(address.host());
        return new InetSocketAddress(written.isAnyLocalAddress() ? bind : written, address.port());
    }
}
