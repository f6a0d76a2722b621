package io.halite.proxy.relay;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Linux epoll through {@code java.lang.foreign}: each socket is registered once, level-triggered, and again only when
 * back-pressure changes what is wanted of it. In the steady state a request costs two receives and two sends.
 *
 * <p>The kernel hands back a descriptor with the generation of its slot, so that an event of a socket that was closed
 * earlier in the same batch never reaches the one that got its descriptor.
 */
final class EpollTransport implements Transport {
    private static final int EVENTS = 512;
    /** {@code struct epoll_event} is packed on x86 only. */
    private static final int DATA = System.getProperty("os.arch", "").contains("64")
            && !System.getProperty("os.arch", "").contains("aarch") ? 4 : 8;
    private static final int EVENT_SIZE = DATA + 8;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Loop loop;
    private final Kernel kernel = new Kernel();
    private final int epoll;
    private final int counter;
    private final MemorySegment events = Arena.ofAuto().allocate((long) EVENTS * EVENT_SIZE, 8);
    private final MemorySegment event = Arena.ofAuto().allocate(EVENT_SIZE, 8);
    private final MemorySegment address = Arena.ofAuto().allocate(SocketAddresses.SIZE, 8);
    private final MemorySegment count = Arena.ofAuto().allocate(8, 8);
    private @Nullable DatagramMessage message;
    private @Nullable Object[] slots = new Object[1024];
    private int[] generations = new int[1024];

    /** Guards the event counter against being written after it was closed and its descriptor given to another. */
    private final Object wakeLock = new Object();
    private final Kernel wakeKernel = new Kernel();
    private final MemorySegment one = Arena.ofAuto().allocate(8, 8);
    private boolean closed;

    EpollTransport(Loop loop) throws IOException {
        this.loop = loop;
        epoll = checked(kernel.epollCreate(), "epoll");
        counter = checked(kernel.eventCounter(), "eventfd");
        one.set(JAVA_LONG, 0, 1);
        register(counter, 0, Kernel.EPOLLIN);
    }

    /** Whether this machine has epoll and lets this process call it. */
    static boolean isAvailable() {
        try {
            Kernel kernel = new Kernel();
            int probe = kernel.epollCreate();
            if (probe < 0) {
                return false;
            }
            kernel.close(probe);
            return true;
        } catch (Throwable absent) {
            // No such symbols, no native access, another system: whatever it is, the selector works.
            return false;
        }
    }

    @Override
    public void poll(long nanos) throws IOException {
        int millis = (int) ((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        int ready = kernel.epollWait(epoll, events, EVENTS, millis);
        loop.turnBegins();
        if (ready < 0 && ready != -Kernel.EINTR) {
            throw new IOException("epoll_wait failed: errno " + -ready);
        }
        for (int at = 0; at < ready; at++) {
            long base = (long) at * EVENT_SIZE;
            dispatch(events.get(JAVA_INT, base), events.get(JAVA_LONG_UNALIGNED, base + DATA));
        }
    }

    private void dispatch(int flags, long data) {
        int fd = (int) data;
        if (fd == counter) {
            kernel.read(counter, count, 8);
            return;
        }
        Object item = generations[fd] == (int) (data >>> 32) ? slots[fd] : null;
        if (item instanceof EpollConnection connection) {
            loop.guard().ready(connection, (flags & Kernel.EPOLLIN) != 0, (flags & Kernel.EPOLLOUT) != 0,
                    (flags & Kernel.EPOLLHUP) != 0, (flags & Kernel.EPOLLERR) != 0);
        } else if (item instanceof Acceptor acceptor) {
            loop.guard().ready(acceptor);
        } else if (item instanceof DatagramPort port) {
            loop.guard().ready(port);
        }
    }

    @Override
    public void wake() {
        synchronized (wakeLock) {
            if (!closed) {
                wakeKernel.write(counter, one, 8);
            }
        }
    }

    @Override
    public Acceptor listen(InetSocketAddress where, int backlog, AcceptHandler handler) throws IOException {
        int fd = checked(kernel.socket(family(where),
                Kernel.SOCK_STREAM | Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC), "socket");
        try {
            kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEADDR, 1);
            kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
            MemorySegment encoded = SocketAddresses.encode(Arena.ofAuto(), where);
            int bound = kernel.bind(fd, encoded);
            if (bound < 0) {
                throw new BindException("cannot bind " + where + ": errno " + -bound);
            }
            checked(kernel.listen(fd, backlog), "listen");
            return acceptor(fd, handler);
        } catch (IOException failed) {
            kernel.close(fd);
            throw failed;
        }
    }

    @Override
    public Acceptor adopt(HandedSocket socket, AcceptHandler handler) throws IOException {
        return acceptor(socket.descriptor(), handler);
    }

    private Acceptor acceptor(int fd, AcceptHandler handler) throws IOException {
        // Linux hands it on to every connection that is accepted, which saves a call for each.
        checked(kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1), "setsockopt");
        checked(kernel.localAddress(fd, address), "getsockname");
        take(fd, null);
        register(fd, generations[fd], Kernel.EPOLLIN);
        EpollAcceptor acceptor = new EpollAcceptor(this, fd, SocketAddresses.decode(address), handler);
        slots[fd] = acceptor;
        return acceptor;
    }

    @Override
    public DatagramPort adopt(HandedSocket socket, DatagramHandler handler) throws IOException {
        return datagrams(socket.descriptor(), true, handler);
    }

    @Override
    public Connection connect(InetSocketAddress target, ConnectionHandler handler) {
        byte[] ip = target.getAddress().getAddress();
        int fd = kernel.socket(family(target),
                Kernel.SOCK_STREAM | Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC);
        EpollConnection connection = new EpollConnection(this, fd, ip, target.getPort());
        connection.handler(handler);
        loop.adopted(connection);
        if (fd < 0) {
            ConnectFailure failure = fd == -Kernel.EMFILE || fd == -Kernel.ENFILE
                    ? ConnectFailure.NO_DESCRIPTOR : ConnectFailure.UNREACHABLE;
            loop.execute(() -> connection.failConnecting(failure));
            return connection;
        }
        take(fd, connection);
        kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1);
        int result = kernel.connect(fd, SocketAddresses.encode(Arena.ofAuto(), target));
        if (result < 0 && result != -Kernel.EINPROGRESS) {
            ConnectFailure failure = EpollConnection.failure(-result);
            loop.execute(() -> connection.failConnecting(failure));
        } else {
            connection.connecting();
        }
        return connection;
    }

    @Override
    public DatagramPort bind(InetSocketAddress where, DatagramHandler handler) throws IOException {
        int fd = datagramSocket(where);
        try {
            boolean anyPort = where.getPort() == 0;
            if (!anyPort) {
                kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
            }
            if (family(where) == Kernel.AF_INET) {
                checked(kernel.setOption(fd, Kernel.IPPROTO_IP, Kernel.IP_PKTINFO, 1), "setsockopt");
            } else {
                checked(kernel.setOption(fd, Kernel.IPPROTO_IPV6, Kernel.IPV6_RECVPKTINFO, 1), "setsockopt");
            }
            int bound = kernel.bind(fd, SocketAddresses.encode(Arena.ofAuto(), where));
            if (bound < 0) {
                throw new BindException("cannot bind " + where + ": errno " + -bound);
            }
            if (anyPort) {
                // Not before: to a socket that shares its port Linux may give one that others have and share.
                kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
            }
            return datagrams(fd, true, handler);
        } catch (IOException failed) {
            kernel.close(fd);
            throw failed;
        }
    }

    @Override
    public DatagramPort speakTo(InetSocketAddress target, DatagramHandler handler) throws IOException {
        int fd = datagramSocket(target);
        try {
            checked(kernel.connect(fd, SocketAddresses.encode(Arena.ofAuto(), target)), "connect");
            return datagrams(fd, false, handler);
        } catch (IOException failed) {
            kernel.close(fd);
            throw failed;
        }
    }

    private int datagramSocket(InetSocketAddress where) throws IOException {
        return checked(kernel.socket(family(where), Kernel.SOCK_DGRAM | Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC),
                "socket");
    }

    private DatagramPort datagrams(int fd, boolean bound, DatagramHandler handler) throws IOException {
        checked(kernel.localAddress(fd, address), "getsockname");
        take(fd, null);
        register(fd, generations[fd], Kernel.EPOLLIN);
        EpollDatagrams port = new EpollDatagrams(this, fd, SocketAddresses.decode(address), bound, handler);
        slots[fd] = port;
        return port;
    }

    private static int family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4 ? Kernel.AF_INET : Kernel.AF_INET6;
    }

    @Override
    public void close() {
        synchronized (wakeLock) {
            closed = true;
            kernel.close(counter);
        }
        for (Object item : slots) {
            if (item instanceof Acceptor acceptor) {
                acceptor.close();
            }
        }
        kernel.close(epoll);
    }

    /** A place for one datagram with its addresses; made with the first. */
    DatagramMessage message() {
        DatagramMessage made = message;
        if (made == null) {
            made = new DatagramMessage();
            message = made;
        }
        return made;
    }

    Loop loop() {
        return loop;
    }

    Kernel kernel() {
        return kernel;
    }

    /** The next connection of a listening socket; null when there is none or no descriptor for it. */
    @Nullable EpollConnection accept(EpollAcceptor acceptor, int listening) {
        int fd = kernel.accept(listening, address);
        if (fd < 0) {
            if (fd == -Kernel.EMFILE || fd == -Kernel.ENFILE) {
                acceptor.pause();
            }
            return null;
        }
        EpollConnection connection =
                new EpollConnection(this, fd, SocketAddresses.ip(address), SocketAddresses.port(address));
        take(fd, connection);
        return connection;
    }

    void register(int fd, int generation, int interest) throws IOException {
        checked(control(Kernel.EPOLL_CTL_ADD, fd, generation, interest), "epoll_ctl");
    }

    int control(int operation, int fd, int generation, int interest) {
        event.set(JAVA_INT, 0, interest);
        event.set(JAVA_LONG_UNALIGNED, DATA, (long) generation << 32 | fd);
        return kernel.epollControl(epoll, operation, fd, event);
    }

    @Nullable InetSocketAddress localAddress(int fd) {
        return kernel.localAddress(fd, address) < 0 ? null : SocketAddresses.decode(address);
    }

    int generation(int fd) {
        return generations[fd];
    }

    /** Frees the slot, then the descriptor. */
    void release(int fd) {
        slots[fd] = null;
        generations[fd]++;
        kernel.close(fd);
    }

    /**
     * Closes a socket that another process may hold too: it stays open then, and with it its place in our epoll set,
     * which would go on telling of a descriptor that means something else by now.
     */
    void leave(int fd) {
        control(Kernel.EPOLL_CTL_DEL, fd, generations[fd], 0);
        release(fd);
    }

    private void take(int fd, @Nullable Object item) {
        if (fd >= slots.length) {
            int size = Math.max(fd + 1, 2 * slots.length);
            slots = Arrays.copyOf(slots, size);
            generations = Arrays.copyOf(generations, size);
        }
        slots[fd] = item;
    }

    private static int checked(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed: errno " + -result);
        }
        return result;
    }
}
