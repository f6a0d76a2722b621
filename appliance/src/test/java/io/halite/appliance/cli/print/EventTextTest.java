package io.halite.appliance.cli.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventTextTest {
    private final EventText text = new EventText();

    private List<String> told(String topic, String yaml) {
        return text.sentences(Told.event(topic, yaml));
    }

    @Test
    void changesAreToldInASentenceEach() {
        assertEquals(List.of("revision 5 by admin: new disk (pools/app, zones/lb.example.net)"), told("revision",
                "{ revision: 5, author: admin, time: x, reason: new disk, changed: [pools/app, zones/lb.example.net] }"));
        assertEquals(List.of("revision 0"), told("revision", "{ revision: 0 }"));
        assertEquals(List.of("target app/a is healthy (probed by lb-2)", "target app/b is unhealthy: connection refused"),
                told("health", """
                        { version: 3, targets: [
                          { target: app/a, health: healthy, reason: '', message: '', prober: lb-2, since: x },
                          { target: app/b, health: unhealthy, reason: CONNECT, message: connection refused, prober: '' } ] }
                        """));
        assertEquals(List.of("target app/a is set to drain by admin: reboot"),
                told("event", "{ kind: adminState, target: app/a, adminState: drain, author: admin, reason: reboot }"));
        assertEquals(List.of("leader lb-1, term 3"), told("event", "{ kind: leader, leader: lb-1, term: 3, quorum: true }"));
        assertEquals(List.of("no leader, term 3, NO QUORUM"),
                told("event", "{ kind: leader, leader: '', term: 3, quorum: false }"));
        assertEquals(List.of(), told("heartbeat", "{ time: x }"));
    }

    @Test
    void ofTheNodesOnlyWhatIsNewIsTold() {
        String one = "{ name: lb-1, role: leader, state: up, activeRevision: 4, failures: 0 }";
        String two = "{ name: lb-2, role: voter, state: up, activeRevision: 4, failures: 0 }";
        assertEquals(List.of("node lb-1 (leader) is up at revision 4", "node lb-2 (voter) is up at revision 4"),
                told("event", "{ kind: nodes, nodes: [ " + one + ", " + two + " ] }"));
        assertEquals(List.of("node lb-2 (voter) is down at revision 4, 2 of its objects failed"), told("event",
                "{ kind: nodes, nodes: [ " + one + ", " + two.replace("up", "down").replace("failures: 0", "failures: 2")
                        + " ] }"));
        assertEquals(List.of("node lb-2 is no member any more"), told("event", "{ kind: nodes, nodes: [ " + one + " ] }"));
    }

    @Test
    void whatIsWrongIsToldAndWhenItIsOver() {
        assertEquals(List.of(), told("event", "{ kind: degraded, node: lb-1, degraded: [] }"));
        assertEquals(List.of("! no quorum", "! port 53 is taken"),
                told("event", "{ kind: degraded, node: lb-1, degraded: [no quorum, port 53 is taken] }"));
        assertEquals(List.of("node lb-1 is no longer degraded"),
                told("event", "{ kind: degraded, node: lb-1, degraded: [] }"));
    }

    @Test
    void objectsAreNamedAsOtherVerbsNameThem() {
        assertEquals(List.of("revisions/5"), EventText.names(Told.event("revision", "{ revision: 5 }")));
        assertEquals(List.of("targets/app/a"),
                EventText.names(Told.event("health", "{ targets: [ { target: app/a, health: healthy } ] }")));
        assertEquals(List.of("nodes/lb-1"),
                EventText.names(Told.event("event", "{ kind: nodes, nodes: [ { name: lb-1 } ] }")));
    }
}
