package io.halite.dns.xdp;

import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.serve.Serving;
import io.halite.dns.transport.Faults;
import io.halite.dns.transport.Kernel;
import io.halite.dns.transport.Native;
import io.halite.dns.transport.WorkerSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One thread that answers the frames of one queue, and owns its socket. */
final class XdpWorker {
    private static final System.Logger LOGGER = System.getLogger(XdpWorker.class.getName());
    /** How often a worker without work looks whether it shall end. */
    private static final int IDLE_MILLIS = 250;
    /** How soon what an interface did not take is offered to it again. */
    private static final int RETRY_MILLIS = 1;
    private static final int REFUSED = -1;
    private static final long END_SECONDS = 5;

    private final WorkerSettings settings;
    private final FastPath path;
    private final XdpSocket socket;
    private final Faults faults = new Faults();
    private final Frame frame;
    /** Where each frame of the batch stands among those that are queries. */
    private final int[] places = new int[FastPath.MAX_BATCH];
    private final MemorySegment error = Native.errorSlot(Arena.ofAuto());
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean allSent = true;
    private volatile boolean stopping;

    private XdpWorker(WorkerSettings settings, FastPath path, XdpSocket socket) {
        this.settings = settings;
        this.path = path;
        this.socket = socket;
        frame = new Frame(socket.memory());
    }

    /** Starts one, whose the socket is from now on, also when it cannot start. */
    static XdpWorker start(String name, WorkerSettings settings, FastPath path, XdpSocket socket) {
        boolean started = false;
        try {
            XdpWorker worker = new XdpWorker(settings, path, socket);
            Thread.ofPlatform().daemon().name(name).start(worker::run);
            started = true;
            return worker;
        } finally {
            if (!started) {
                socket.close();
            }
        }
    }

    private void run() {
        try {
            if (Kernel.beNice(error, WorkerSettings.NICENESS) < 0) {
                LOGGER.log(Level.DEBUG, "dns worker keeps its priority");
            }
            // Queries that wait at the end are answered yet: no more come then.
            while (!stopping || socket.receive(1) > 0) {
                try {
                    serveBatch();
                } catch (RuntimeException | Error e) {
                    faults.survive(e);
                    // If it is a query's doing, it must not come before all others again and again.
                    socket.skip();
                }
            }
        } finally {
            socket.close();
            ended.countDown();
        }
    }

    /** A method of its own, so that it is compiled after so many batches, and not only when the loop around it is. */
    private void serveBatch() {
        Serving serving = settings.serving().get();
        path.begin(serving.table(), serving.secrets());
        int count = socket.receive(FastPath.MAX_BATCH);
        if (count == 0) {
            socket.await(allSent ? IDLE_MILLIS : RETRY_MILLIS);
            if (!allSent) {
                allSent = socket.flush();
            }
            return;
        }
        // Until the flush, which a fault may keep from coming, there is something to send.
        allSent = false;
        answer(count);
        allSent = socket.flush();
    }

    private void answer(int count) {
        int queries = 0;
        for (int i = 0; i < count; i++) {
            frame.point(socket.start(i));
            places[i] = REFUSED;
            if (frame.isSound(socket.length(i))) {
                path.foresee(queries, socket.memory(), frame.payload(), frame.size());
                places[i] = queries;
                queries++;
            }
        }
        path.readAhead(queries);
        for (int i = 0; i < count; i++) {
            answerNext(places[i]);
        }
        path.counters().count(Event.BATCHES, 1);
        path.counters().count(Event.DATAGRAMS, count);
        path.counters().count(Event.FRAMES, count);
    }

    /** Whatever happens, the frame does not get lost. */
    private void answerNext(int place) {
        long start = socket.start(0);
        socket.take();
        frame.point(start);
        int size = 0;
        try {
            size = place == REFUSED ? refuse() : answer(frame, place);
        } finally {
            if (size > 0) {
                socket.answer(start, frame.turnAround(size));
            } else {
                socket.giveBack(start);
            }
        }
    }

    private int refuse() {
        path.counters().count(Event.DROPPED, 1);
        return 0;
    }

    private int answer(Frame query, int place) {
        query.readClient(path.client());
        int size = path.answerForeseen(place, socket.memory(), query.payload(), query.size());
        return size == FastPath.SLOW ? answerSlowly() : size;
    }

    private int answerSlowly() {
        byte[] query = socket.memory().asSlice(frame.payload(), frame.size()).toArray(ValueLayout.JAVA_BYTE);
        int[] size = new int[1];
        try {
            settings.slowPath().answer(query, frame.sender(), false, response -> {
                if (response.length <= FastPath.MAX_UDP) {
                    MemorySegment.copy(response, 0, socket.memory(), ValueLayout.JAVA_BYTE, frame.payload(),
                            response.length);
                    size[0] = response.length;
                }
            });
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "dns slow path failed", e);
        }
        return size[0];
    }

    /** Frames that came when there was no room for them. */
    long dropped() {
        return socket.dropped();
    }

    /** Has it end once it has answered what is there. */
    void stop() {
        stopping = true;
    }

    /** Waits until it has ended and its socket is closed, but not for ever. */
    void awaitEnd() {
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.log(Level.WARNING, "dns worker does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
