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
import io.halite.proxy.relay.Engine;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ForwardingTableCompiler;
import io.halite.proxy.table.LoopBalancers;
import io.halite.proxy.testing.DatagramClient;
import io.halite.proxy.testing.DatagramTarget;
import io.halite.proxy.traffic.LoopTraffic;
import io.halite.proxy.traffic.Traffic;
import io.halite.proxy.traffic.TrafficReader;
import io.halite.proxy.upstream.LoopUpstreams;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UdpListenerTest {

    private static ForwardingTable table(String target) {
        ClusterConfig config = switch (ConfigDocument.read("""
                apiVersion: halite/v1
                loadBalancers:
                  log:
                    listeners: [ { name: in, address: "127.0.0.1:0", protocol: udp, pool: app } ]
                    timeouts: { session: 700ms }
                pools:
                  app: { check: none, targets: [ "%s" ] }
                """.formatted(target).getBytes(StandardCharsets.UTF_8), DocumentRules.NONE)) {
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

    private static void assertThreeAreServed(Engine engine, int descriptors, int maxSessions) throws Exception {
        Loop loop = Loop.start(0, engine, descriptors, Ticker.SYSTEM);
        try (DatagramTarget target = DatagramTarget.named("one")) {
            ForwardingTable table = table(target.address());
            LoopTraffic counters = new LoopTraffic();
            LoopUpstreams upstreams = new LoopUpstreams(loop, new AtomicReference<>(table),
                    new LoopBalancers(0, loop::now, InstantSource.system(), _ -> { }), counters, Runnable::run);
            FutureTask<Integer> opening = new FutureTask<>(() -> new UdpListener(
                    upstreams, table.listeners().sequencedValues().getFirst(), maxSessions)
                    .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort());
            loop.execute(opening);
            int port = opening.get();
            try (DatagramClient a = new DatagramClient("127.0.0.1", port);
                    DatagramClient b = new DatagramClient("127.0.0.1", port);
                    DatagramClient c = new DatagramClient("127.0.0.1", port);
                    DatagramClient d = new DatagramClient("127.0.0.1", port)) {
                for (DatagramClient client : List.of(a, b, c)) {
                    assertEquals("one:x", client.ask("x"));
                }
                d.send("y");
                await().until(() -> refused(counters) == 1);
                assertTrue(loop.mayConnect() && loop.admits());
                assertEquals("one:z", d.askPatiently("z"));
                assertTrue(target.senders() >= 4);
            }
        } finally {
            loop.stop();
        }
    }

    private static long refused(LoopTraffic counters) {
        Traffic traffic = TrafficReader.sum(List.of(counters), List.of(), new Traffic.LogLines(0, 0));
        return traffic.refused().getOrDefault("UDP_SESSIONS_FULL", 0L);
    }
}
