package io.halite.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.config.Zone;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.LogLines;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.xbill.DNS.Type;

/** Queries of zones that say so are logged, one in so many, and never more than the log bears. */
@Execution(value = ExecutionMode.SAME_THREAD, reason = "each listens to the one logger")
class QueryLogTest {
    private final LogLines log = LogLines.of(QueryLog.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static DnsResponder start(int every) {
        Zone zone = Configs.zone(Policy.ROUND_ROBIN,
                new TreeMap<>(Map.of("a", Name.ofRecords().record("A", "192.0.2.1").settings())));
        return Responders.start(Responders.settings(Engine.AUTO, 1), Configs.empty()
                        .zone("lb.example.net", Configs.logged(zone, every)).zone("quiet.example.net", zone).state(),
                SampleZones.nodes(), new FakeHealth());
    }

    @Test
    void everyQueryOfTheZoneAndNoneOfTheOther() throws Exception {
        try (DnsResponder responder = start(1)) {
            Responders.ask(responder, "a.quiet.example.net.", "A");
            Responders.ask(responder, "A.lb.example.net.", "A");
            Responders.ask(responder, Responders.ednsQuery("no\\010pe.lb.example.net.", Type.AAAA), true);
            await().until(() -> log.lines().size() == 2);
            List<String> sorted = log.lines().stream().sorted().toList();
            assertEquals("INFO dns query name=A.lb.example.net. type=A client=127.0.0.1 rcode=NOERROR bytes=61 transport=udp"
                    + " dnssec=false", sorted.get(0));
            assertTrue(sorted.get(1).startsWith("INFO dns query name=no\\010pe.lb.example.net. type=AAAA client=127.0.0.1"
                    + " rcode=NXDOMAIN bytes="), sorted.get(1));
            assertTrue(sorted.get(1).endsWith("transport=tcp dnssec=false"), sorted.get(1));
            assertEquals(2, responder.traffic().server().logged());
        }
    }

    @Test
    void oneInManyAndNoMoreThanTheLogBears() throws Exception {
        try (DnsResponder responder = start(4)) {
            for (int i = 0; i < 2000; i++) {
                Responders.ask(responder, "a.lb.example.net.", "A");
            }
            await().until(() -> taken(responder) > 350);
            assertTrue(taken(responder) < 650, "one in four: " + taken(responder));
        }
        try (DnsResponder responder = start(1)) {
            await().until(() -> {
                for (int i = 0; i < 500; i++) {
                    Responders.ask(responder, "a.lb.example.net.", "A");
                }
                return responder.traffic().server().unlogged() > 0;
            });
            await().until(() -> responder.traffic().server().logged() >= 1);
        }
    }

    @Test
    void looksOnlyWhileAZoneSamples() {
        AtomicInteger looks = new AtomicInteger();
        QueryLog idle = new QueryLog(() -> {
            looks.incrementAndGet();
            return List.of();
        }, Ticker.SYSTEM);
        awaitSleep(looks);
        assertEquals(0, looks.get());
        idle.sample(true);
        await().until(() -> looks.get() > 3);
        idle.sample(false);
        int atLeast = looks.get() + 10;
        await().until(() -> looks.get() > atLeast);
        awaitSleep(looks);
        int before = looks.get();
        idle.close();
        assertTrue(looks.get() > before, "takes what is left");
    }

    private static void awaitSleep(AtomicInteger looks) {
        AtomicInteger seen = new AtomicInteger();
        await().during(Duration.ofSeconds(1)).until(() -> seen.getAndSet(looks.get()) == looks.get());
    }

    @Test
    void noLineIsLostWhenSamplingOrThePortEnds() throws Exception {
        Zone zone = Configs.zone(Policy.ROUND_ROBIN,
                new TreeMap<>(Map.of("a", Name.ofRecords().record("A", "192.0.2.1").settings())));
        ConfigState logged = Configs.empty().zone("lb.example.net", Configs.logged(zone, 1)).state();
        DnsResponder responder = start(1);
        Responders.ask(responder, "a.lb.example.net.", "A");
        responder.activate(Configs.empty().zone("lb.example.net", zone).at(8).state());
        await().until(() -> log.lines().size() == 1);
        responder.activate(logged);
        Responders.ask(responder, "b.lb.example.net.", "A");
        responder.activate(ConfigState.EMPTY);
        assertEquals(2, log.lines().size(), "the port is closed");
        responder.activate(logged);
        Responders.ask(responder, "c.lb.example.net.", "A");
        responder.close();
        assertEquals(3, log.lines().size());
    }

    private static long taken(DnsResponder responder) {
        return responder.traffic().server().logged() + responder.traffic().server().unlogged();
    }
}
