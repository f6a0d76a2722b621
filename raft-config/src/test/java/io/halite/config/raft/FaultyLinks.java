package io.halite.config.raft;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The wires between the nodes of a test: a TCP forwarder for each pair, whose bytes can be held up in one direction or
 * both, delayed, made to lose packets, or whose connections can be reset. What is held up comes once the wire is whole
 * again, and what is lost a little later, as TCP would send it again. Where a node has ended nobody listens. Safe for use
 * by many threads.
 */
final class FaultyLinks implements AutoCloseable {
    private static final int CHUNK = 16 << 10;
    /** When Linux sends a lost packet again, for the first time. */
    private static final long RETRANSMISSION = Duration.ofMillis(200).toNanos();

    private final Map<String, Wire> wires = new ConcurrentHashMap<>();
    private final Map<String, Forwarder> forwarders = new ConcurrentHashMap<>();

    /** Lays the wires between nodes; ports says where each listens. */
    void open(Map<String, Integer> ports) throws IOException {
        for (String from : ports.keySet()) {
            for (String to : ports.keySet()) {
                if (!from.equals(to)) {
                    wires.put(from + ">" + to, new Wire());
                }
            }
        }
        for (Map.Entry<String, Integer> to : ports.entrySet()) {
            for (String from : ports.keySet()) {
                if (!from.equals(to.getKey())) {
                    forwarders.put(from + ">" + to.getKey(), new Forwarder(to.getValue(),
                            wire(from, to.getKey()), wire(to.getKey(), from)));
                }
            }
        }
    }

    private Wire wire(String from, String to) {
        Wire wire = wires.get(from + ">" + to);
        if (wire == null) {
            throw new IllegalArgumentException("no wire " + from + ">" + to);
        }
        return wire;
    }

    /** Where one node dials another. */
    int port(String from, String to) {
        return Objects.requireNonNull(forwarders.get(from + ">" + to)).port;
    }

    /** Nothing goes that way any more; the other way is as it was. */
    void cut(String from, String to) {
        wire(from, to).set(true, 0, 0);
    }

    /** Nothing goes between these and the others. */
    void split(Collection<String> some, Collection<String> others) {
        for (String one : some) {
            for (String other : others) {
                cut(one, other);
                cut(other, one);
            }
        }
    }

    /** Whatever goes that way takes so long. */
    void delay(String from, String to, Duration delay) {
        wire(from, to).set(false, delay.toNanos(), 0);
    }

    /** So many of a hundred packets that way are lost. */
    void lose(String from, String to, int percent) {
        wire(from, to).set(false, 0, percent);
    }

    /** A node has ended: its machine refuses connections, and breaks those there are. */
    void ended(String node) throws IOException {
        for (Forwarder forwarder : to(node)) {
            forwarder.refuse();
        }
    }

    /** One node is refused by another, and its connections are broken. */
    void refuse(String from, String to) throws IOException {
        Objects.requireNonNull(forwarders.get(from + ">" + to)).refuse();
    }

    /** A node that had ended listens again. */
    void started(String node) throws IOException {
        for (Forwarder forwarder : to(node)) {
            forwarder.listen();
        }
    }

    private List<Forwarder> to(String node) {
        return forwarders.entrySet().stream().filter(entry -> entry.getKey().endsWith(">" + node)).map(Map.Entry::getValue)
                .toList();
    }

    /** Breaks all connections; new ones can be made. */
    void reset() {
        forwarders.values().forEach(Forwarder::reset);
    }

    /** All wires are whole again. */
    void heal() {
        wires.values().forEach(wire -> wire.set(false, 0, 0));
    }

    @Override
    public void close() {
        heal();
        forwarders.values().forEach(Forwarder::close);
    }

    /** One direction between two nodes. */
    private static final class Wire {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private boolean cut;
        private long delay;
        private int loss;

        void set(boolean isCut, long delayNanos, int lossPercent) {
            lock.lock();
            try {
                cut = isCut;
                delay = delayNanos;
                loss = lossPercent;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void pass() throws InterruptedException {
            long wait;
            lock.lock();
            try {
                while (cut) {
                    changed.await();
                }
                wait = delay;
                for (long again = RETRANSMISSION; ThreadLocalRandom.current().nextInt(100) < loss; again *= 2) {
                    wait += again;
                }
            } finally {
                lock.unlock();
            }
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    private static final class Forwarder implements AutoCloseable {
        final int port;
        private volatile ServerSocket server;
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private final int target;
        private final Wire there;
        private final Wire back;

        Forwarder(int target, Wire there, Wire back) throws IOException {
            this.target = target;
            this.there = there;
            this.back = back;
            this.server = open(0);
            this.port = server.getLocalPort();
        }

        private ServerSocket open(int at) throws IOException {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 64);
            Thread.ofPlatform().daemon().name("forwarder-to-" + target).start(() -> accept(opened));
            return opened;
        }

        void listen() throws IOException {
            if (server.isClosed()) {
                server = open(port);
            }
        }

        void refuse() throws IOException {
            server.close();
            reset();
        }

        private void accept(ServerSocket listening) {
            while (!listening.isClosed()) {
                try {
                    Socket from = listening.accept();
                    Thread.ofVirtual().start(() -> connect(from));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void connect(Socket from) {
            sockets.add(from);
            Socket to = new Socket();
            sockets.add(to);
            try {
                from.setTcpNoDelay(true);
                to.setTcpNoDelay(true);
                to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
            } catch (IOException e) {
                drop(from, to);
                return;
            }
            Thread.ofVirtual().start(() -> pump(from, to, there));
            Thread.ofVirtual().start(() -> pump(to, from, back));
        }

        private void pump(Socket from, Socket to, Wire wire) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    wire.pass();
                    out.write(chunk, 0, read);
                }
            } catch (IOException e) {
                // One end is gone, and so is the other.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            drop(from, to);
        }

        private void drop(Socket... both) {
            for (Socket socket : both) {
                sockets.remove(socket);
                try {
                    socket.close();
                } catch (IOException ignored) {
                    // Closed it is.
                }
            }
        }

        void reset() {
            drop(sockets.toArray(Socket[]::new));
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException ignored) {
                // Closed it is.
            }
            reset();
        }
    }
}
