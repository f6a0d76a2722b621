package io.halite.dns.transport;

import io.halite.config.Ticker;
import io.halite.config.limit.Allowance;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SharedPath;
import io.halite.dns.serve.SlowPath;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * DNS over TCP (RFC 7766): a virtual thread for each connection, pipelined queries answered in one write, a limit in
 * all and for each client, and an end to connections that make no progress; when there are too many, whoever made none for
 * longest makes room. Connections share a few fast paths.
 */
public final class StreamServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(StreamServer.class.getName());
    private static final int BACKLOG = 256;

    private final Limits limits;
    private final SlowPath slowPath;
    private final Ticker ticker;
    private final ServerSocket server;
    private final List<SharedPath> paths;
    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Faults faults = new Faults();
    private final Allowance allowance;

    /**
     * What clients may take.
     *
     * @param idle how long a connection may make no progress
     * @param connections at once
     * @param perClient connections of one address at once, or of one IPv6 network of 64 bits
     */
    public record Limits(Duration idle, int connections, int perClient) {}

    /** Opens the port and starts to accept. */
    public StreamServer(
            InetSocketAddress bind, Limits limits, List<FastPath> paths, Supplier<Serving> serving,
            SlowPath slowPath, Ticker ticker) throws IOException {
        this.limits = limits;
        this.slowPath = slowPath;
        this.ticker = ticker;
        allowance = new Allowance(ticker);
        this.paths = paths.stream().map(path -> new SharedPath(path, serving)).toList();
        server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            if (server.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                // Beside a process that is about to end, and one that follows this one.
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            server.bind(bind, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Starts to serve. */
    public void start() {
        Thread.ofVirtual().name("dns-tcp-accept").start(this::accept);
        Thread.ofVirtual().name("dns-tcp-idle").start(this::tidy);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections open now. */
    public int connections() {
        return connections.size();
    }

    /** What the fast paths counted. */
    public List<QueryCounters> counters() {
        return paths.stream().map(SharedPath::counters).toList();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                admit(server.accept());
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOGGER.log(Level.DEBUG, "dns accept failed", e);
                    pause();
                }
            } catch (RuntimeException | Error e) {
                faults.survive(e);
            }
        }
    }

    /** After a failure such as too many open files, lets some be closed first. */
    private void pause() {
        try {
            boolean ending = closed.await(100, TimeUnit.MILLISECONDS);
            LOGGER.log(Level.TRACE, "dns accept goes on ending={0}", ending);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket socket) {
        StreamConnection connection = new StreamConnection(socket, this);
        boolean isTooMuch = perClient.merge(holder(connection.client()), 1, Integer::sum) > limits.perClient();
        if (isTooMuch) {
            connection.close();
            leave(connection);
            return;
        }
        if (connections.size() >= limits.connections()) {
            makeRoom();
        }
        connections.add(connection);
        Thread.ofVirtual().name("dns-tcp-" + next.incrementAndGet()).start(connection::serve);
    }

    private void makeRoom() {
        long now = ticker.nanos();
        connections.stream().max(Comparator.comparingLong(connection -> now - connection.lastProgress()))
                .ifPresent(idlest -> {
                    connections.remove(idlest);
                    idlest.close();
                });
    }

    /** Whom a connection counts for: of IPv6 the network, since whoever has one address there has them all. */
    static InetAddress holder(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        byte[] bytes = client.getAddress();
        Arrays.fill(bytes, 8, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 16 bytes", e);
        }
    }

    void leave(StreamConnection connection) {
        connections.remove(connection);
        perClient.computeIfPresent(holder(connection.client()), (holder, count) -> count == 1 ? null : count - 1);
    }

    /** Ends connections that are idle, and has paths that nobody asks let go of the table they answered from last. */
    private void tidy() {
        long limit = limits.idle().toNanos();
        try {
            while (!closed.await(Math.min(limit, 1_000_000_000L), TimeUnit.NANOSECONDS)) {
                tidy(limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidy(long limit) {
        try {
            long now = ticker.nanos();
            connections.stream().filter(connection -> now - connection.lastProgress() > limit)
                    .forEach(StreamConnection::close);
            paths.forEach(SharedPath::begin);
        } catch (RuntimeException | Error e) {
            faults.survive(e);
        }
    }

    Allowance allowance() {
        return allowance;
    }

    Faults faults() {
        return faults;
    }

    long now() {
        return ticker.nanos();
    }

    SlowPath slowPath() {
        return slowPath;
    }

    /** Some fast path; connections take turns. */
    SharedPath path() {
        return paths.get(Math.floorMod(next.get(), paths.size()));
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "dns port not closed", e);
        }
        connections.forEach(StreamConnection::close);
    }
}
