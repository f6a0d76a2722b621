package io.halite.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.node.TargetView;
import io.halite.admin.node.TrafficView;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.EventReader;
import io.halite.admin.testing.EventReader.Event;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.health.TargetHealth;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stream of events: what is told at first, what is told later, and going on after a break. */
class WatchTest {
    private static final TargetRef ONE = new TargetRef("app", "10-0-0-11-8080");

    private AdminNode node;

    @BeforeEach
    void start() throws Exception {
        node = AdminNode.start(parts -> parts.withTargets(TargetView.NONE, () -> new TrafficView.Totals(7, 1, 2, 300, 400,
                List.of(new TrafficView.TargetTotals(ONE, 6, 1, 2)))));
        node.admin().put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @EnumSource(value = HttpClient.Version.class, names = {"HTTP_1_1", "HTTP_2"})
    void aWatcherIsToldTheStateAndThenEachChange(HttpClient.Version version) {
        try (EventReader events = EventReader.open(node, version, "", "")) {
            Event revision = events.next("revision");
            assertTrue(revision.data().contains("\"revision\":1"), revision.data());
            assertTrue(events.next("health").data().contains("\"targets\":[]"));
            node.admin().put("/api/v1/config", ConfigDocumentTest.SITE.replace("10.0.0.12", "10.0.0.13"),
                    "Halite-Reason", "move").expect(200);
            Event second = events.next("revision");
            assertTrue(second.data().contains("\"revision\":2") && second.data().contains("move"), second.data());
            node.health.set(ONE, new TargetHealth(Health.UNHEALTHY, "Target.Timeout", "no answer", "lb-1", Instant.EPOCH));
            Event health = events.next("health");
            assertTrue(health.data().contains("app/10-0-0-11-8080") && health.data().contains("Target.Timeout"),
                    health.data());
            node.admin().post("/api/v1/pools/app/targets/10-0-0-11-8080:drain", "{\"reason\":\"deploy\"}").expect(200);
            assertTrue(events.next("event", "adminState").data().contains("deploy"));
            assertTrue(events.next("stats").data().contains("\"requests\":7"));
            node.node.degrade("the disk is full");
            assertTrue(events.next("event", "the disk is full").data().contains("\"kind\":\"degraded\""));
            node.store.setQuorum(false);
            assertTrue(events.next("event", "\"quorum\":false").data().contains("\"leader\":\"\""));
        }
    }

    @Test
    void aWatcherThatComesBackIsToldOnlyWhatItMissed() {
        String last;
        try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "?topics=revision", "")) {
            last = events.next("revision").id();
        }
        for (String host : List.of("13", "14")) {
            node.admin().put("/api/v1/config", ConfigDocumentTest.SITE.replace("10.0.0.12", "10.0.0." + host)).expect(200);
        }
        try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "?topics=revision", last)) {
            assertTrue(events.next("revision").data().contains("\"revision\":2"));
            Event third = events.next("revision");
            assertTrue(third.data().contains("\"revision\":3"), third.data());
            last = third.id();
        }
        try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "?topics=revision", last)) {
            node.admin().put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
            assertTrue(events.next("revision").data().contains("\"revision\":4"), "nothing is told twice");
        }
    }

    @Test
    void anUnknownPointOfResumptionGetsTheWholeState() {
        for (String id : List.of("othernode-3", "nonsense", "-1")) {
            try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "", id)) {
                assertTrue(events.next("revision").data().contains("\"revision\":1"), id);
            }
        }
    }

    @Test
    void onlyTheTopicsThatWereAskedForAreTold() {
        try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "?topics=stats", "")) {
            assertEquals("stats", events.next().type());
            assertEquals("stats", events.next().type());
        }
        node.admin().get("/api/v1/watch?topics=weather").expectProblem(400, "INVALID_PARAMETER");
    }

    @Test
    void theConnectionIsKeptAlive() {
        try (EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "?topics=revision", "")) {
            Event heartbeat = events.next("heartbeat");
            assertTrue(heartbeat.data().contains("time"), heartbeat.data());
            assertEquals("", heartbeat.id(), "a heartbeat does not move the point of resumption");
        }
    }

    @Test
    void manyWatchersAreToldTheSameAndTheirPlacesAreFreed() {
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(EventReader.open(node, HttpClient.Version.HTTP_2, "?topics=revision", ""));
        }
        readers.forEach(reader -> reader.next("revision"));
        node.admin().put("/api/v1/config", ConfigDocumentTest.SITE.replace("10.0.0.12", "10.0.0.13")).expect(200);
        List<String> ids = readers.stream().map(reader -> reader.next("revision").id()).distinct().toList();
        assertEquals(1, ids.size(), "one event for all");
        readers.forEach(EventReader::close);
        // A client that is gone is noticed by the write after next, at the latest by heartbeats.
        await().until(() -> node.server.watching() == 0);
    }

    @Test
    void stoppingTheServerEndsTheStreams() {
        EventReader events = EventReader.open(node, HttpClient.Version.HTTP_1_1, "", "");
        events.next("revision");
        node.server.close();
        await().until(events::isEnded);
        events.close();
    }

    @Test
    void aHeadRequestWatchesNothing() {
        node.admin().send(node.as(Role.VIEWER).request("/api/v1/watch").HEAD().build()).expect(200);
        assertFalse(node.server.watching() > 0);
    }
}
