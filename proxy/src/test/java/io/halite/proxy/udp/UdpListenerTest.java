package io.halite.proxy.udp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.config.store.ConfigState;
import io.halite.health.HealthTable;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.accesslog.LogLine;
import io.halite.proxy.accesslog.LogWriter;
import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.relay.Admission;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.SocketBudget;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ForwardingTableCompiler;
import io.halite.proxy.table.LoopBalancers;
import io.halite.proxy.testing.DatagramClient;
import io.halite.proxy.testing.DatagramTarget;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.traffic.LoopTraffic;
import io.halite.proxy.traffic.Traffic;
import io.halite.proxy.traffic.TrafficReader;
import io.halite.proxy.upstream.LoopUpstreams;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UdpListenerTest {

    private static ForwardingTable table(String target, String session) {
        ClusterConfig config = switch (ConfigDocument.read("""
                apiVersion: halite/v1
                loadBalancers:
                  log:
                    listeners: [ { name: in, address: "127.0.0.1:0", protocol: udp, pool: app } ]
                    timeouts: { session: %s }
                pools:
                  app: { check: none, targets: [ "%s" ] }
                """.formatted(session, target).getBytes(StandardCharsets.UTF_8), DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> valid.config();
            case ConfigDocument.Outcome.Invalid invalid -> throw new IllegalStateException(invalid.problems().toString());
        };
        return new ForwardingTableCompiler(1, Ticker.SYSTEM, new byte[32]).compile(
                new ConfigState(new Revision(1), config, 0, Collections.emptySortedMap()), HealthTable.EMPTY,
                ForwardingTable.EMPTY).table();
    }

    /** Who comes first is served; others are counted, and served when there is room again. */
    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void sessionsAreBounded(Engine engine) throws Exception {
        assertThreeAreServed(engine, 1_000, 3);
    }

    /** Senders under many addresses leave half of the descriptors to everybody else: the listener itself has one more. */
    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void sessionsLeaveDescriptorsToOthers(Engine engine) throws Exception {
        assertThreeAreServed(engine, 8, UdpListener.MAX_SESSIONS);
    }

    /** Made-up senders, whom no target answers, keep nobody out. */
    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void whoWasNeverAnsweredGivesWay(Engine engine) throws Exception {
        Loop loop = Loop.start(0, engine, new SocketBudget(1_000), Ticker.SYSTEM);
        try (DatagramSocket target = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread.ofVirtual().start(() -> answerAllBut(target, "silence"));
            LoopTraffic counters = new LoopTraffic();
            int port = open(loop, table("127.0.0.1:" + target.getLocalPort(), "5m"), counters, 2);
            try (DatagramClient known = new DatagramClient("127.0.0.1", port)) {
                assertEquals("x", known.ask("x"));
                for (int sender = 1; sender <= 20; sender++) {
                    try (DatagramClient stranger = new DatagramClient("127.0.0.1", port)) {
                        stranger.send("silence");
                        int displaced = sender - 1;
                        await().until(() -> refused(counters, "UDP_SESSION_DISPLACED") == displaced);
                    }
                }
                assertEquals("still", known.ask("still"), "who is answered keeps the session");
                try (DatagramClient late = new DatagramClient("127.0.0.1", port)) {
                    assertEquals("y", late.ask("y"));
                }
                assertEquals(0, refused(counters, "UDP_SESSIONS_FULL"));
            }
        } finally {
            loop.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void whoGaveWayIsLogged(Engine engine, @TempDir Path directory) throws Exception {
        Loop loop = Loop.start(0, engine, new SocketBudget(1_000), Ticker.SYSTEM);
        LogFile file = new LogFile(directory.resolve("access.log"));
        try (LogWriter writer = LogWriter.start(LogDestination.RotatedFile.at(file.path()), 1);
                DatagramTarget mute = DatagramTarget.answering(got -> null)) {
            LogLine line = new LogLine(Objects.requireNonNull(writer.ring(0)), InstantSource.system());
            LoopTraffic counters = new LoopTraffic();
            int port = open(loop, table(mute.address(), "5m"), counters, 1, new RelayLog(line, loop::exactNow));
            try (DatagramClient first = new DatagramClient("127.0.0.1", port);
                    DatagramClient second = new DatagramClient("127.0.0.1", port)) {
                first.send("abc");
                await().until(() -> mute.senders() == 1);
                second.send("d");
                Map<String, String> logged = file.lines(1).getFirst();
                assertEquals("limit", logged.get("end"));
                assertEquals("UDP_SESSION_DISPLACED", logged.get("reason"));
                assertEquals("3", logged.get("bytesIn"));
            }
        } finally {
            loop.stop();
        }
    }

    private static void answerAllBut(DatagramSocket socket, String ignored) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                socket.receive(packet);
                if (!new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8).equals(ignored)) {
                    socket.send(packet);
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static int open(Loop loop, ForwardingTable table, LoopTraffic counters, int maxSessions) throws Exception {
        return open(loop, table, counters, maxSessions, null);
    }

    private static int open(Loop loop, ForwardingTable table, LoopTraffic counters, int maxSessions,
            @Nullable RelayLog log) throws Exception {
        LoopUpstreams upstreams = new LoopUpstreams(loop, new AtomicReference<>(table),
                new LoopBalancers(0, loop::now, InstantSource.system(), _ -> { }), counters, Runnable::run);
        FutureTask<Integer> opening = new FutureTask<>(() -> new UdpListener(
                upstreams, table.listeners().sequencedValues().getFirst(), maxSessions, new Admission(), log)
                .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort());
        loop.execute(opening);
        return opening.get();
    }

    private static void assertThreeAreServed(Engine engine, int descriptors, int maxSessions) throws Exception {
        Loop loop = Loop.start(0, engine, new SocketBudget(descriptors), Ticker.SYSTEM);
        try (DatagramTarget target = DatagramTarget.named("one")) {
            ForwardingTable table = table(target.address(), "700ms");
            LoopTraffic counters = new LoopTraffic();
            int port = open(loop, table, counters, maxSessions);
            try (DatagramClient a = new DatagramClient("127.0.0.1", port);
                    DatagramClient b = new DatagramClient("127.0.0.1", port);
                    DatagramClient c = new DatagramClient("127.0.0.1", port);
                    DatagramClient d = new DatagramClient("127.0.0.1", port)) {
                for (DatagramClient client : List.of(a, b, c)) {
                    assertEquals("one:x", client.ask("x"));
                }
                d.send("y");
                await().until(() -> refused(counters, "UDP_SESSIONS_FULL") == 1);
                assertTrue(loop.mayConnect() && loop.admits());
                assertEquals("one:z", d.askPatiently("z"));
                assertTrue(target.senders() >= 4);
            }
        } finally {
            loop.stop();
        }
    }

    private static long refused(LoopTraffic counters, String reason) {
        Traffic traffic = TrafficReader.sum(List.of(counters), List.of(), new Traffic.LogLines(0, 0));
        return traffic.refused().getOrDefault(reason, 0L);
    }
}
