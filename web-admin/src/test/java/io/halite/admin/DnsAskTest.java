package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.admin.access.Role;
import io.halite.admin.node.DnsExplainer;
import io.halite.admin.node.DnsExplainer.Candidate;
import io.halite.admin.node.DnsExplainer.Explanation;
import io.halite.admin.node.DnsExplainer.Policy;
import io.halite.admin.node.DnsExplainer.Question;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Asking how a name is answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DnsAskTest {
    private AdminNode node;
    private Caller viewer;

    @BeforeAll
    void start() throws Exception {
        node = AdminNode.start(parts -> parts.withDns(new OneZone()));
        viewer = node.as(Role.VIEWER);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** A responder of one signed zone whose parent knows nothing of it. */
    private static final class OneZone implements DnsExplainer {
        @Override
        public Explanation explain(Question question) {
            return DnsAskTest.explain(question);
        }

        @Override
        public Optional<Delegation> delegation(String zone) {
            return zone.equals("lb.example.net")
                    ? Optional.of(new Delegation(zone, List.of("ns"), List.of("glue"), List.of("ds")))
                    : Optional.empty();
        }

        @Override
        public Optional<List<ParentServer>> checkDelegation(String zone, List<InetSocketAddress> servers)
                throws IOException {
            if (servers.isEmpty()) {
                throw new IOException("no resolver answers");
            }
            return delegation(zone).map(found -> List.of(new ParentServer(servers.getFirst().toString(),
                    List.of("it does not delegate the zone"))));
        }
    }

    /** A responder of one zone that answers with the client's address. */
    static Explanation explain(Question question) {
        if (question.type().equals("NONE")) {
            throw new IllegalArgumentException("not a record type: " + question.type());
        }
        if (!question.name().endsWith("lb.example.net")) {
            return DnsExplainer.NONE.explain(question);
        }
        InetAddress from = question.from();
        String client = from == null ? "itself" : from.getHostAddress();
        return new Explanation(question.name(), question.type(), "lb.example.net", 7, "NOERROR",
                List.of(question.name() + ". 30 IN TXT " + client), new Policy("geo", true, false, 24),
                List.of(new Candidate("lb-1", "north", List.of("10.0.0.1"), 100, true, "live", ""),
                        new Candidate("lb-2", "south", List.of("10.0.0.2", "fd00::2"), 50, false, "down", "no answer")));
    }

    @Test
    void theAnswerComesWithItsReasons() {
        Reply reply = viewer.post("/api/v1/dns:ask",
                "{\"name\":\"shop.lb.example.net\",\"type\":\"aaaa\",\"from\":\"198.51.100.7\"}").expect(200);
        assertEquals("lb-1", reply.text("node"));
        assertEquals("7", reply.text("revision"));
        assertEquals("lb.example.net", reply.text("zone"));
        assertEquals("AAAA", reply.text("type"));
        assertEquals("NOERROR", reply.text("rcode"));
        assertEquals("shop.lb.example.net. 30 IN TXT 198.51.100.7", reply.text("answers.0"));
        assertEquals("geo", reply.text("policy"));
        assertEquals("true", reply.text("degraded"));
        assertEquals("24", reply.text("scope"));
        assertEquals("down", reply.text("candidates.1.standing"));
        assertEquals("no answer", reply.text("candidates.1.reason"));
        assertEquals("fd00::2", reply.text("candidates.1.addresses.1"));
    }

    @Test
    void typeAndClientAreOptional() {
        Reply reply = viewer.post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\"}").expect(200);
        assertEquals("A", reply.text("type"));
        assertEquals("lb.example.net. 30 IN TXT itself", reply.text("answers.0"));
    }

    @Test
    void theZoneAboveIsToldAndAsked() {
        Reply told = viewer.post("/api/v1/dns:delegation", "{\"zone\":\"lb.example.net\"}").expect(200);
        assertEquals("true", told.text("signed"));
        assertEquals("ns glue ds", told.text("nameservers.0") + " " + told.text("glue.0") + " " + told.text("ds.0"));
        viewer.post("/api/v1/dns:delegation", "{\"zone\":\"example.org\"}").expect(404);
        viewer.post("/api/v1/dns:checkDelegation", "{\"zone\":\"lb.example.net\"}").expect(403);
        Caller operator = node.as(Role.OPERATOR);
        for (String server : List.of("192.0.2.53", "192.0.2.53:53")) {
            Reply checked = operator.post("/api/v1/dns:checkDelegation",
                    "{\"zone\":\"lb.example.net\",\"server\":\"" + server + "\"}").expect(200);
            assertEquals("/192.0.2.53:53", checked.text("servers.0.server"));
            assertEquals("it does not delegate the zone", checked.text("servers.0.problems.0"));
        }
        operator.post("/api/v1/dns:checkDelegation", "{\"zone\":\"lb.example.net\",\"server\":\"ns.example.net\"}")
                .expectProblem(422, "INVALID_ADDRESS");
        operator.post("/api/v1/dns:checkDelegation", "{\"zone\":\"lb.example.net\"}")
                .expectProblem(502, "PARENT_NOT_FOUND");
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        viewer.post("/api/v1/dns:ask", "{\"name\":\"www.example.org\"}").expect(404);
        viewer.post("/api/v1/dns:ask", "{}").expectProblem(422, "MISSING_KEY");
        viewer.post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\",\"type\":\"none\"}")
                .expectProblem(422, "INVALID_QUESTION");
        viewer.post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\",\"from\":\"here\"}")
                .expectProblem(422, "INVALID_ADDRESS");
        viewer.post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\",\"colour\":\"red\"}")
                .expectProblem(422, "UNKNOWN_KEY");
        node.as(Role.METRICS).post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\"}").expect(403);
        node.with("").post("/api/v1/dns:ask", "{\"name\":\"lb.example.net\"}").expect(401);
    }
}
