package io.halite.dns.transport;

import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.serve.Serving;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * UDP by {@code recvmmsg} and {@code sendmmsg}: one thread and one SO_REUSEPORT socket for each worker, a batch of
 * datagrams for each pair of calls, and each answered in the buffer it came in. The wildcard opens one socket for both
 * families, which replies from whatever address was asked.
 */
public final class NativeDatagrams implements DatagramServer {
    private static final System.Logger LOGGER = System.getLogger(NativeDatagrams.class.getName());
    private static final int RECEIVE_BUFFER = 4 << 20;
    /** A worker looks at least this often whether it shall end. */
    private static final long RECEIVE_TIMEOUT_SECONDS = 1;

    private final WorkerSettings settings;
    private final boolean wildcard;
    private final boolean family6;
    private final List<Worker> workers = new ArrayList<>();
    private final Faults faults = new Faults();
    private int port;

    /** Opens the sockets and starts the workers. */
    public NativeDatagrams(WorkerSettings settings) throws IOException {
        this.settings = settings;
        wildcard = settings.bind().isAnyLocalAddress();
        port = settings.port();
        boolean dual = settings.bind() instanceof Inet6Address || (wildcard && hasIpv6());
        family6 = dual;
        try {
            for (int i = 0; i < settings.workers(); i++) {
                Worker worker = new Worker(settings.paths().apply(settings.workers()));
                workers.add(worker);
                port = worker.open(port);
            }
        } catch (IOException e) {
            workers.forEach(Worker::closeSocket);
            throw e;
        }
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            Thread.ofPlatform().daemon().name("dns-udp-" + (i + 1)).start(worker::run);
        }
    }

    /** Whether this system can do it at all. */
    public static boolean isSupported() {
        return Native.isSupported();
    }

    private static boolean hasIpv6() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = Native.errorSlot(arena);
            int fd = Kernel.socket(error, Kernel.AF_INET6, Kernel.SOCK_DGRAM_CLOEXEC);
            if (fd < 0) {
                return false;
            }
            MemorySegment any = MessageVector.socketAddress(arena, InetAddress.ofLiteral("::"), 0, true);
            int bound = Kernel.bind(error, fd, any);
            Kernel.close(error, fd);
            return bound == 0;
        }
    }

    @Override
    public String engine() {
        return "native";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<QueryCounters> counters() {
        return workers.stream().map(worker -> worker.path.counters()).toList();
    }

    @Override
    public void close() {
        workers.forEach(Worker::stop);
        workers.forEach(Worker::awaitEnd);
    }

    /** One thread with one socket. */
    private final class Worker {
        private final FastPath path;
        private final Arena arena = Arena.ofAuto();
        private final MemorySegment error = Native.errorSlot(arena);
        private final MemorySegment stopError = Native.errorSlot(arena);
        private final MessageVector vector;
        private final int[] sizes = new int[MessageVector.BATCH];
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean stopping;
        private int fd = -1;

        Worker(FastPath path) {
            this.path = path;
            vector = new MessageVector(arena, wildcard);
        }

        int open(int wanted) throws IOException {
            try (Arena scratch = Arena.ofConfined()) {
                fd = check("socket", Kernel.socket(error, family6 ? Kernel.AF_INET6 : Kernel.AF_INET,
                        Kernel.SOCK_DGRAM_CLOEXEC));
                option(scratch, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
                Kernel.setOption(error, fd, Kernel.SOL_SOCKET, Kernel.SO_RCVBUF, number(scratch, RECEIVE_BUFFER));
                MemorySegment timeout = scratch.allocate(16, 8);
                timeout.set(ValueLayout.JAVA_LONG, 0, RECEIVE_TIMEOUT_SECONDS);
                check("setsockopt", Kernel.setOption(error, fd, Kernel.SOL_SOCKET, Kernel.SO_RCVTIMEO, timeout));
                if (family6) {
                    option(scratch, Kernel.SOL_IPV6, Kernel.IPV6_V6ONLY, wildcard ? 0 : 1);
                }
                if (wildcard) {
                    option(scratch, family6 ? Kernel.SOL_IPV6 : Kernel.SOL_IP,
                            family6 ? Kernel.IPV6_RECVPKTINFO : Kernel.IP_PKTINFO, 1);
                }
                MemorySegment address = MessageVector.socketAddress(scratch, settings.bind(), wanted, family6);
                check("bind", Kernel.bind(error, fd, address));
                check("getsockname", Kernel.name(error, fd, address, number(scratch, (int) address.byteSize())));
                return MessageVector.port(address);
            }
        }

        private void option(Arena scratch, int level, int name, int value) throws IOException {
            check("setsockopt", Kernel.setOption(error, fd, level, name, number(scratch, value)));
        }

        private static MemorySegment number(Arena scratch, int value) {
            MemorySegment number = scratch.allocate(4, 8);
            number.set(ValueLayout.JAVA_INT, 0, value);
            return number;
        }

        private static int check(String call, int result) throws IOException {
            if (result == -Kernel.EADDRINUSE || result == -Kernel.EACCES) {
                throw new BindException(result == -Kernel.EACCES ? "Permission denied" : "Address already in use");
            }
            if (result < 0) {
                throw new IOException(call + " failed with error " + -result);
            }
            return result;
        }

        void run() {
            if (Kernel.beNice(error, WorkerSettings.NICENESS) < 0) {
                LOGGER.log(Level.DEBUG, "dns worker keeps its priority");
            }
            try {
                while (!stopping) {
                    try {
                        serveBatch();
                    } catch (RuntimeException | Error e) {
                        faults.survive(e);
                        vector.prepare(MessageVector.BATCH);
                    }
                }
            } finally {
                ended.countDown();
            }
        }

        /** A method of its own, so that it is compiled after so many batches, and not only when the loop around it is. */
        private void serveBatch() {
            int count = Kernel.receive(error, fd, vector.headers(), MessageVector.BATCH);
            if (count > 0) {
                answer(count);
                vector.prepare(count);
            } else if (count == -Kernel.EAGAIN) {
                // Nobody asks: the table that was answered from last is let go all the same.
                Serving serving = settings.serving().get();
                path.begin(serving.table(), serving.secrets());
            } else if (count != -Kernel.EINTR && count != 0) {
                LOGGER.log(Level.DEBUG, "dns receive failed error={0}", -count);
            }
        }

        private void answer(int count) {
            Serving serving = settings.serving().get();
            path.begin(serving.table(), serving.secrets());
            for (int i = 0; i < count; i++) {
                path.foresee(i, vector.messages(), vector.offset(i), vector.received(i));
            }
            path.readAhead(count);
            for (int i = 0; i < count; i++) {
                vector.readPeer(i, path.client());
                int size = vector.isCutOff(i)
                        ? 0
                        : path.answerForeseen(i, vector.messages(), vector.offset(i), vector.received(i));
                if (size == FastPath.SLOW) {
                    size = answerSlowly(i);
                }
                sizes[i] = size;
                if (size > 0) {
                    vector.reply(i, size);
                }
            }
            path.counters().count(Event.BATCHES, 1);
            path.counters().count(Event.DATAGRAMS, count);
            send(count);
        }

        private int answerSlowly(int entry) {
            int[] size = new int[1];
            try {
                settings.slowPath().answer(vector.query(entry), vector.peer(entry), false, response -> {
                    size[0] = vector.put(entry, response) ? response.length : 0;
                });
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "dns slow path failed", e);
            }
            return size[0];
        }

        /** Sends each run of answered entries; one that cannot be sent does not hold up the others. */
        private void send(int count) {
            int from = 0;
            while (from < count) {
                if (sizes[from] == 0) {
                    from++;
                    continue;
                }
                int to = from + 1;
                while (to < count && sizes[to] > 0) {
                    to++;
                }
                int sent = Kernel.send(error, fd, vector.headersFrom(from), to - from);
                if (sent > 0) {
                    from += sent;
                } else if (sent != -Kernel.EINTR) {
                    path.counters().count(Event.SEND_FAILED, 1);
                    from++;
                }
            }
        }

        /** Wakes the worker out of its receive. */
        void stop() {
            stopping = true;
            Kernel.shutdown(stopError, fd);
        }

        void awaitEnd() {
            try {
                if (ended.await(RECEIVE_TIMEOUT_SECONDS * 5, TimeUnit.SECONDS)) {
                    closeSocket();
                } else {
                    LOGGER.log(Level.WARNING, "dns worker does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void closeSocket() {
            if (fd >= 0) {
                Kernel.close(error, fd);
                fd = -1;
            }
        }
    }
}
