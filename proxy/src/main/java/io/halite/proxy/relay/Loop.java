package io.halite.proxy.relay;

import io.halite.config.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One relay loop: a platform thread that waits for its sockets, moves their bytes, fires its timers and runs the tasks
 * that others give it. Nothing in it blocks, and nothing in it is shared: other threads come in through
 * {@link #execute} only.
 *
 * <p>An exception that escapes from a connection's handler costs that connection, never the loop: see {@link Guard}.
 */
public final class Loop {
    /**
     * What is read at once: large enough for bulk transfer, small enough to stay in the second-level cache, and a little
     * more than a power of two, so that a body of such a size comes in one read with its head.
     */
    public static final int INPUT = 68 * 1024;
    /** Room for what a rewritten head grows by. */
    public static final int HEAD_ROOM = 16 * 1024;
    /** Room for a rewritten head on top of what was read with it. */
    public static final int OUTPUT = INPUT + HEAD_ROOM;

    private static final System.Logger LOGGER = System.getLogger(Loop.class.getName());
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;
    /** How long the sockets may wait for arithmetic: some handshakes. */
    private static final long TOIL_NANOS = 2_000_000L;

    // Immutable.
    private final int index;
    private final Ticker ticker;
    private final SocketBudget budget;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Transport transport;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean stopping;
    private volatile Runnable lastWords = () -> { };
    private volatile long busySince;
    private volatile long longestTurn;
    private final Guard guard;
    private final AtomicLong acceptPauses = new AtomicLong();

    // Only the loop's thread.
    private final IoBuffer input = new IoBuffer(INPUT);
    private final IoBuffer output = new IoBuffer(OUTPUT);
    private final BufferPool buffers;
    private final TimerWheel timers;
    private final Consumer<Timed> fire;
    private final Set<Connection> connections = new HashSet<>();
    private final Set<DatagramPort> datagrams = new HashSet<>();
    private final Deque<Runnable> ownTasks = new ArrayDeque<>();
    private final Deque<Runnable> nextTurn = new ArrayDeque<>();
    private final Deque<Runnable> toil = new ArrayDeque<>();
    private @Nullable IoBuffer records;
    private @Nullable IoBuffer arrivals;
    private long now;

    private Loop(int index, Engine engine, SocketBudget budget, Ticker ticker) throws IOException {
        this.index = index;
        this.ticker = ticker;
        this.budget = budget;
        guard = new Guard(index);
        fire = guard::expired;
        now = ticker.nanos();
        timers = new TimerWheel(now);
        buffers = new BufferPool(now);
        transport = switch (engine.resolved()) {
            case EPOLL -> new EpollTransport(this);
            case SELECTOR, AUTO -> new SelectorTransport(this);
        };
        thread = Thread.ofPlatform().name("relay-" + index).daemon(true).unstarted(this::run);
    }

    /**
     * Starts a loop.
     *
     * @param index from 0, its place among the loops of the process
     * @param budget of sockets, which it shares with the other loops; beyond, it accepts none and refuses to connect
     */
    public static Loop start(int index, Engine engine, SocketBudget budget, Ticker ticker) throws IOException {
        Loop loop = new Loop(index, engine, budget, ticker);
        loop.thread.start();
        return loop;
    }

    /** Has the loop run a task soon; any thread may call. A loop that has ended runs it no more. */
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            ownTasks.addLast(task);
            return;
        }
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            transport.wake();
        }
    }

    /** Opens a listening socket that shares its port with those of the other loops. */
    public Acceptor listen(InetSocketAddress address, int backlog, AcceptHandler handler) throws IOException {
        return transport.listen(address, backlog, handler);
    }

    /** Listens on a socket that another process opened. */
    public Acceptor adopt(HandedSocket socket, AcceptHandler handler) throws IOException {
        return transport.adopt(socket, handler);
    }

    /** Receives from a datagram socket that another process bound. */
    public DatagramPort adopt(HandedSocket socket, DatagramHandler handler) throws IOException {
        return adopted(transport.adopt(socket, handler));
    }

    /** Begins to connect; the outcome comes through the handler, never before this returns. */
    public Connection connect(InetSocketAddress address, ConnectionHandler handler) {
        return transport.connect(address, handler);
    }

    /** Opens a datagram socket that shares its port with those of the other loops. */
    public DatagramPort bind(InetSocketAddress address, DatagramHandler handler) throws IOException {
        return adopted(transport.bind(address, handler));
    }

    /** Opens a datagram socket that speaks with one target only. */
    public DatagramPort speakTo(InetSocketAddress target, DatagramHandler handler) throws IOException {
        return adopted(transport.speakTo(target, handler));
    }

    /** Time at the beginning of this turn, in nanoseconds of the ticker. */
    public long now() {
        return now;
    }

    /** Time now, in nanoseconds of the ticker. */
    public long exactNow() {
        return ticker.nanos();
    }

    public int index() {
        return index;
    }

    /** What was read; valid until the next read of any connection. */
    public IoBuffer input() {
        return input;
    }

    /** A place to compose what is sent; valid until the next use. */
    public IoBuffer output() {
        return output;
    }

    /** A place for TLS records to be sent. */
    IoBuffer records() {
        IoBuffer made = records;
        if (made == null) {
            made = new IoBuffer(OUTPUT);
            records = made;
        }
        return made;
    }

    /** A place for TLS records that were read. */
    IoBuffer arrivals() {
        IoBuffer made = arrivals;
        if (made == null) {
            made = new IoBuffer(INPUT);
            arrivals = made;
        }
        return made;
    }

    public BufferPool buffers() {
        return buffers;
    }

    /** Sets a deadline, in nanoseconds from now. */
    public void deadline(Timed item, long nanos) {
        timers.set(item, now + nanos);
    }

    /** Takes an item out of the timers. */
    public void cancel(Timed item) {
        timers.remove(item);
    }

    /** Whether a further client may be accepted. */
    public boolean admits() {
        return budget.admits();
    }

    /** Whether a further connection to a target may be made. */
    public boolean mayConnect() {
        return budget.mayConnect();
    }

    /** Whether a further sender of datagrams may have a socket. */
    public boolean mayConverse() {
        return budget.mayConverse();
    }

    /** Exceptions that cost a connection. */
    public long failures() {
        return guard.failures();
    }

    /** Times that accepting stopped for want of descriptors. */
    public long acceptPauses() {
        return acceptPauses.get();
    }

    /** The longest turn so far, in nanoseconds: how late the loop may have been for any of its sockets. */
    public long longestTurn() {
        return longestTurn;
    }

    /** How long the present turn has lasted, in nanoseconds; zero while the loop waits. */
    public long busyFor() {
        long since = busySince;
        return since == 0 ? 0 : Math.max(0, ticker.nanos() - since);
    }

    /** The thread, for a watchdog that tells what it is at. */
    public Thread thread() {
        return thread;
    }

    /** Has the loop's own thread do this when it ends, while everything is open still. */
    public void atEnd(Runnable last) {
        lastWords = last;
    }

    /** Ends the loop: closes every connection and waits until it is done. */
    public void stop() {
        stopping = true;
        transport.wake();
        try {
            ended.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void adopted(Connection connection) {
        connections.add(connection);
        budget.opened();
    }

    /** Ends connections whose time to end by themselves is over. */
    void end(Collection<Connection> overdue) {
        overdue.forEach(connection -> guard.run(connection, connection::overdue));
    }

    /** A connection takes the place of the one that it is built on. */
    void replace(Connection inner, Connection outer) {
        if (connections.remove(inner)) {
            connections.add(outer);
        }
    }

    /** Has the loop's own thread do something after it has looked at its sockets again. */
    void inNextTurn(Runnable task) {
        nextTurn.addLast(task);
    }

    /** Has the loop's own thread do what takes long, a little of it in each turn, after all sockets had theirs. */
    void toil(Runnable task) {
        toil.addLast(task);
    }

    private DatagramPort adopted(DatagramPort port) {
        datagrams.add(port);
        budget.datagramsOpened();
        return port;
    }

    void forget(DatagramPort port) {
        if (datagrams.remove(port)) {
            budget.datagramsClosed();
        }
    }

    void forget(Connection connection) {
        if (connections.remove(connection)) {
            budget.closed();
        }
        timers.remove(connection);
    }

    void countAcceptPause() {
        acceptPauses.incrementAndGet();
        budget.exhausted(now);
    }

    /** What calls the handlers. */
    Guard guard() {
        return guard;
    }

    private void run() {
        try {
            while (!stopping) {
                turn();
            }
        } catch (IOException | RuntimeException fatal) {
            LOGGER.log(System.Logger.Level.ERROR, "relay loop ended loop=" + index, fatal);
        } finally {
            end(new ArrayList<>(connections));
            guard.run(lastWords);
            new ArrayList<>(connections).forEach(Connection::close);
            new ArrayList<>(datagrams).forEach(DatagramPort::close);
            transport.close();
            ended.countDown();
        }
    }

    private void turn() throws IOException {
        boolean idle = tasks.isEmpty() && ownTasks.isEmpty() && nextTurn.isEmpty() && toil.isEmpty();
        long wait = idle ? Math.min(timers.untilNext(ticker.nanos()), LONGEST_WAIT_NANOS) : 0;
        busySince = 0;
        transport.poll(wait);
        runTasks();
        toil();
        timers.advance(now, fire);
        buffers.tidy(now);
        long turn = ticker.nanos() - busySince;
        if (busySince != 0 && turn > longestTurn) {
            longestTurn = turn;
        }
    }

    /** The wait is over; the transport calls it before it dispatches. */
    void turnBegins() {
        now = ticker.nanos();
        busySince = now == 0 ? 1 : now;
    }

    private void runTasks() {
        for (int due = nextTurn.size(); due > 0; due--) {
            nextTurn.removeFirst().run();
        }
        woken.set(false);
        for (Runnable task = nextTask(); task != null; task = nextTask()) {
            guard.run(task);
        }
    }

    private void toil() {
        long began = toil.isEmpty() ? 0 : ticker.nanos();
        for (Runnable task = toil.pollFirst(); task != null; task = toil.pollFirst()) {
            guard.run(task);
            if (ticker.nanos() - began > TOIL_NANOS) {
                return;
            }
        }
    }

    private @Nullable Runnable nextTask() {
        Runnable own = ownTasks.pollFirst();
        return own == null ? tasks.poll() : own;
    }
}
