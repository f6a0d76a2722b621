package io.halite.appliance.cli.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.print.TrafficText.Rates;
import io.halite.config.tree.TreeText;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficTextTest {
    private static final String FIRST = """
            { time: '2026-01-01T10:00:00Z', node: lb-1, requests: 1000, errors: 10, connections: 7, bytesReceived: 0,
              bytesSent: 5000, targets: [ { target: app/a, requests: 600, errors: 0, inFlight: 1 },
              { target: app/b, requests: 400, errors: 10, inFlight: 0 } ] }
            """;
    private static final String SECOND = """
            { time: '2026-01-01T10:00:02Z', node: lb-1, requests: 5003, errors: 10, connections: 8, bytesReceived: 200,
              bytesSent: 4199304, targets: [ { target: app/a, requests: 601, errors: 0, inFlight: 2 },
              { target: app/b, requests: 4400, errors: 10, inFlight: 9 }, { target: app/c, requests: 0, errors: 0 } ] }
            """;

    private final TrafficText text = new TrafficText();

    private Optional<Rates> told(String topic, String yaml) {
        return text.take(Told.event(topic, yaml));
    }

    @Test
    void countsBecomeRatesBesideTheStandingOfTheCluster() {
        told("revision", "{ revision: 5 }");
        told("health", "{ targets: [ { target: app/a, health: healthy }, { target: app/b, health: unhealthy } ] }");
        told("event", "{ kind: leader, leader: lb-2, term: 3, quorum: true }");
        told("event", "{ kind: degraded, node: lb-1, degraded: [port 53 is taken] }");
        assertTrue(told("stats", FIRST).isEmpty(), "a rate needs two readings");
        Rates rates = told("stats", SECOND).orElseThrow();
        String screen = text.screen(rates, 2);
        assertEquals("""
                node lb-1, %s, revision 5, leader lb-2
                  ! port 53 is taken
                requests/s 2,002   errors/s 0   connections 8   in 100 B/s   out 2.0 MiB/s

                TARGET  HEALTH     REQUESTS/S  ERRORS/S  IN FLIGHT
                app/b   unhealthy  2,000       0         9
                app/a   healthy    0.5         0         2
                and 1 more targets, with less
                """.formatted(Times.local("2026-01-01T10:00:02Z")), screen);
        String json = TreeText.json(TrafficText.tree(rates));
        assertTrue(json.contains("\"requestsPerSecond\":2001.5,") && json.contains("\"target\":\"app/c\""), json);
    }

    @Test
    void aNodeThatBeganAnewHasNoRatesForAMoment() {
        told("stats", SECOND);
        assertTrue(told("stats", FIRST.replace("10:00:00Z", "10:00:03Z")).isEmpty());
        assertEquals(2001.5, told("stats", SECOND.replace("10:00:02Z", "10:00:05Z")).orElseThrow().requests(), 0.01);
    }
}
