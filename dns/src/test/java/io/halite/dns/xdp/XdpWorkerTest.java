package io.halite.dns.xdp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SlowPath;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.testing.Responders;
import io.halite.dns.transport.WorkerSettings;
import io.halite.dns.wire.NameHash;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** A worker and the rings that it shares with a kernel, which is played here. */
class XdpWorkerTest {
    private static final byte[] PLAIN = frame(Type.A);
    /** For the slow path. */
    private static final byte[] SLOW = frame(Type.IXFR);
    private static final SlowPath SILENT = (query, client, stream, sink) -> { };

    private final Serving noZones = new Serving(ZoneTable.empty(new NameHash(1, 2)), CookieSecrets.random());
    private final FastPath path = new FastPath(
            new FastPathSettings(7, 0, 0, Networks.NONE, 100, Ticker.SYSTEM, InstantSource.system()), noZones.table(),
            noZones.secrets());
    private final FakeKernel kernel = new FakeKernel();
    private final List<XdpWorker> workers = new ArrayList<>();

    private static byte[] frame(int type) {
        return FrameTest.Datagram.of(InetAddress.ofLiteral("192.0.2.9"), InetAddress.ofLiteral("198.51.100.53"), 4711,
                Responders.query("example.net.", type).toWire()).bytes().array();
    }

    private XdpWorker start(Supplier<Serving> serving, SlowPath slowPath) {
        WorkerSettings settings =
                new WorkerSettings(InetAddress.getLoopbackAddress(), 53, 1, number -> path, serving, slowPath);
        XdpWorker worker = XdpWorker.start("worker", settings, path, kernel.socket());
        workers.add(worker);
        return worker;
    }

    @AfterEach
    void stop() {
        workers.forEach(XdpWorker::stop);
        workers.forEach(XdpWorker::awaitEnd);
    }

    @Test
    void framesGoRoundAndNoneIsLost() {
        start(() -> noZones, SILENT);
        int all = 3 * XdpSocket.FRAMES;
        int[] sent = {0};
        int[] delivered = {0};
        await().until(() -> {
            while (delivered[0] < all && kernel.deliver(delivered[0] % 7 == 0 ? SLOW : PLAIN)) {
                delivered[0]++;
            }
            sent[0] += kernel.send();
            return delivered[0] == all && kernel.free() == XdpSocket.FRAMES;
        });
        assertEquals(all - (all + 6) / 7, sent[0]);
    }

    @Test
    void aFaultCostsNoFrameAndIsNotMetAgain() {
        start(() -> noZones, (query, client, stream, sink) -> {
            throw new StackOverflowError("a fault");
        });
        kernel.deliver(SLOW);
        await().until(() -> kernel.untaken() == 0 && kernel.free() == XdpSocket.FRAMES);
        kernel.deliver(PLAIN);
        await().until(() -> kernel.send() == 1);
        assertEquals(1, path.counters().events(Event.SLOW));
    }

    @Test
    void whatWaitsWhenItEndsIsAnsweredYet() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        XdpWorker worker = start(() -> noZones, (query, client, stream, sink) -> {
            busy.countDown();
            try {
                ending.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        kernel.deliver(SLOW);
        assertTrue(busy.await(1, TimeUnit.MINUTES));
        for (int i = 0; i < 100; i++) {
            kernel.deliver(PLAIN);
        }
        worker.stop();
        ending.countDown();
        worker.awaitEnd();
        assertEquals(100, kernel.send());
    }

    @Test
    void itEndsThoughEachBatchMeetsAFault() {
        XdpWorker worker = start(() -> {
            throw new IllegalStateException("a fault");
        }, SILENT);
        for (int i = 0; i < 10; i++) {
            kernel.deliver(PLAIN);
        }
        worker.stop();
        worker.awaitEnd();
        assertEquals(0, kernel.send());
    }
}
