package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.node.ClusterActions;
import io.halite.admin.node.ClusterView.Assignment;
import io.halite.admin.node.ClusterView.Assignments;
import io.halite.admin.node.ClusterView.Member;
import io.halite.admin.node.ClusterView.State;
import io.halite.admin.node.NodeView.Failure;
import io.halite.admin.node.RequestTracer;
import io.halite.admin.node.TargetView;
import io.halite.admin.node.TrafficView;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.FakeCluster;
import io.halite.admin.testing.Reply;
import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.health.ProbeOutcome;
import io.halite.health.TargetHealth;
import io.halite.health.Transition;
import io.halite.health.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is observed: the shapes of status, nodes, assignments, targets and traces, and what operators do to targets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusTest {
    private static final TargetRef ONE = new TargetRef("app", "10-0-0-11-8080");
    private static final String TARGET = "/api/v1/pools/app/targets/10-0-0-11-8080";
    private static final Instant SINCE = Instant.parse("2026-03-01T11:59:00Z");

    private final FakeCluster cluster = new FakeCluster();
    private AdminNode node;
    private Caller viewer;

    /** One target has a story. */
    private static final class Story implements TargetView {
        @Override
        public Optional<Balancing> balancing(TargetRef target) {
            return target.equals(ONE)
                    ? Optional.of(new Balancing("lb-1", "eligible", true, Duration.ofSeconds(25), 100)) : Optional.empty();
        }

        @Override
        public List<Sessions> sessions(TargetRef target) {
            return target.equals(ONE) ? List.of(new Sessions("lb-1", State.ALIVE, 4, true, false, 3),
                    new Sessions("lb-2", State.UNREACHABLE, 3, false, false, 0)) : List.of();
        }

        @Override
        public int inFlight(TargetRef target) {
            return target.equals(ONE) ? 3 : 0;
        }

        @Override
        public List<Transition> transitions(TargetRef target) {
            return List.of(new Transition(SINCE, Health.HEALTHY, Health.UNHEALTHY, "Target.Timeout",
                    "no answer within 2 s", "lb-2", Duration.ofSeconds(2)));
        }

        @Override
        public Optional<ProbeOutcome> checkNow(TargetRef target) {
            return target.equals(ONE) ? Optional.of(new ProbeOutcome(Verdict.PASSED, "", "200 OK", "lb-1", SINCE,
                    Duration.ofMillis(12))) : Optional.empty();
        }
    }

    @BeforeAll
    void start() throws Exception {
        node = AdminNode.start(parts -> parts.withCluster(cluster).withTargets(new Story(), TrafficView.NONE)
                .withTracer(request -> new RequestTracer.Trace("forward", "shop/web", "shop/r1", "app", "10-0-0-11-8080",
                        List.of(new RequestTracer.Step("route", "r1", true, request.headers().toString())))));
        node.admin().put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
        node.health.set(ONE, new TargetHealth(Health.UNHEALTHY, "Target.Timeout", "no answer", "lb-2", SINCE));
        cluster.set(new Member("lb-1", "n1", io.halite.admin.node.ClusterView.Role.LEADER, State.ALIVE, "10.0.0.1",
                List.of("2001:db8::1"), new Revision(1), 4, 40, 0, List.of(), Optional.empty()),
                new Member("lb-2", "n2", io.halite.admin.node.ClusterView.Role.VOTER, State.ALIVE, "10.0.0.2",
                        List.of(), Revision.ZERO, 3, 39, 1,
                        List.of(new Failure("loadBalancers/shop/listeners/web", "PORT_TAKEN", "port 8080 is taken")),
                        Optional.of(new AdminOverride(AdminState.DRAIN, "alice", "new disk", SINCE))));
        cluster.assign(new Assignments(7, 3, List.of(new Assignment(List.of("app/10-0-0-11-8080"), "lb-2", SINCE))));
        viewer = node.as(Role.VIEWER);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void statusHasTheShapeOfTheContract() {
        Reply reply = viewer.get("/api/v1/status").expect(200);
        assertEquals("c-1", reply.text("cluster.id"));
        assertEquals("test", reply.text("cluster.name"));
        assertEquals("true", reply.text("cluster.quorum"));
        assertEquals("lb-1", reply.text("leader"));
        assertEquals("7", reply.text("term"));
        assertEquals("1", reply.text("revision"));
        assertEquals("\"1\"", reply.header("ETag"));
        assertEquals("leader", reply.text("nodes.0.role"));
        assertEquals("2001:db8::1", reply.text("nodes.0.dnsAddresses.0"));
        assertEquals("app", reply.text("pools.0.name"));
        assertEquals("10-0-0-11-8080", reply.text("pools.0.targets.0.name"));
        assertEquals("10.0.0.11:8080", reply.text("pools.0.targets.0.address"));
        assertEquals("100", reply.text("pools.0.targets.0.weight"));
        assertEquals("ready", reply.text("pools.0.targets.0.adminState"));
        assertEquals("unhealthy", reply.text("pools.0.targets.0.health"));
        assertEquals("Target.Timeout", reply.text("pools.0.targets.0.reason"));
        assertEquals("no answer", reply.text("pools.0.targets.0.message"));
        assertEquals("lb-2", reply.text("pools.0.targets.0.prober"));
        assertEquals(SINCE.toString(), reply.text("pools.0.targets.0.since"));
        assertEquals("3", reply.text("pools.0.targets.0.inFlight"));
        assertEquals("unknown", reply.text("pools.0.targets.1.health"));
        assertEquals("", reply.text("pools.0.targets.1.since"));
    }

    @Test
    void whatIsDegradedAnywhereIsToldInSentences() {
        String degraded = viewer.get("/api/v1/status").expect(200).body();
        assertTrue(degraded.contains("lb-2: loadBalancers/shop/listeners/web: port 8080 is taken"), degraded);
    }

    @Test
    void nodesAndAssignmentsHaveTheShapeOfTheContract() {
        Reply nodes = viewer.get("/api/v1/nodes").expect(200);
        assertEquals(2, nodes.size("nodes"));
        assertEquals("lb-2", nodes.text("nodes.1.name"));
        assertEquals("n2", nodes.text("nodes.1.id"));
        assertEquals("voter", nodes.text("nodes.1.role"));
        assertEquals("alive", nodes.text("nodes.1.state"));
        assertEquals("10.0.0.2", nodes.text("nodes.1.address"));
        assertEquals("0", nodes.text("nodes.1.activeRevision"));
        assertEquals("3", nodes.text("nodes.1.activeAdminVersion"));
        assertEquals("1", nodes.text("nodes.1.lag"));
        assertEquals("PORT_TAKEN", nodes.text("nodes.1.failures.0.code"));
        assertEquals("ready", nodes.text("nodes.0.adminState"));
        assertEquals("drain", nodes.text("nodes.1.adminState"));
        assertEquals("alice", nodes.text("nodes.1.adminAuthor"));
        assertEquals("new disk", nodes.text("nodes.1.adminReason"));
        assertEquals(SINCE.toString(), nodes.text("nodes.1.adminSince"));
        assertEquals("lb-2", viewer.get("/api/v1/nodes/lb-2").expect(200).text("name"));
        viewer.get("/api/v1/nodes/lb-9").expectProblem(404, "NOT_FOUND");
        Reply assignments = viewer.get("/api/v1/assignments").expect(200);
        assertEquals("7", assignments.text("term"));
        assertEquals("3", assignments.text("epoch"));
        assertEquals("app/10-0-0-11-8080", assignments.text("assignments.0.targets.0"));
        assertEquals("lb-2", assignments.text("assignments.0.node"));
        assertEquals(SINCE.toString(), assignments.text("assignments.0.leaseUntil"));
    }

    @Test
    void theStatusOfOneObjectIsThere() {
        assertEquals("app", viewer.get("/api/v1/status/pools/app").expect(200).text("name"));
        viewer.get("/api/v1/status/pools/other").expectProblem(404, "NOT_FOUND");
        Reply shop = viewer.get("/api/v1/status/loadBalancers/shop").expect(200);
        assertEquals("127.0.0.1:8080", shop.text("listeners.0.open.0"));
        assertEquals("http", shop.text("listeners.0.protocol"));
        viewer.get("/api/v1/status/loadBalancers/other").expectProblem(404, "NOT_FOUND");
    }

    @Test
    void anAdminStateIsSetWithItsReasonAndNeedsNoRevision() {
        Caller operator = node.as(Role.OPERATOR);
        Reply set = operator.post(TARGET + ":maint", "{\"reason\":\"new disk\"}").expect(200);
        assertEquals("app/10-0-0-11-8080", set.text("target"));
        assertEquals("maint", set.text("adminState"));
        assertEquals("true", set.text("changed"));
        Reply told = viewer.get(TARGET).expect(200);
        assertEquals("maint", told.text("adminState"));
        assertEquals("new disk", told.text("adminReason"));
        assertEquals("the-operator", told.text("adminAuthor"));
        assertEquals("unhealthy", told.text("transitions.0.to"));
        assertEquals("\"1\"", told.header("ETag"), "admin states are no revisions");
        assertEquals("lb-1", told.text("sessions.0.node"));
        assertEquals("4", told.text("sessions.0.activeAdminVersion"));
        assertEquals("3", told.text("sessions.0.inFlight"));
        assertEquals("true", told.text("balancing.ejected"));
        assertEquals("25000ms", told.text("balancing.ejectedFor"));
        assertEquals("false", told.text("sessions.1.known"));
        assertEquals("unreachable", told.text("sessions.1.state"));
        operator.post(TARGET + ":drain", "", "Halite-Reason", "by header").expect(200);
        assertEquals("by header", viewer.get(TARGET).text("adminReason"));
        operator.post(TARGET + ":ready", "").expect(200);
        assertEquals("false", operator.post(TARGET + ":ready", "").expect(200).text("changed"));
        assertEquals("", viewer.get(TARGET).text("adminReason"));
        operator.post("/api/v1/pools/app/targets/none:drain", "").expectProblem(404, "NOT_FOUND");
        operator.post("/api/v1/pools/none/targets/x:drain", "").expectProblem(404, "NOT_FOUND");
        operator.post(TARGET + ":sleep", "").expectProblem(404, "NO_SUCH_PATH");
    }

    @Test
    void aWeightIsAChangeOfTheConfigThatOperatorsMayMake() throws Exception {
        try (AdminNode other = AdminNode.start()) {
            other.admin().put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
            Caller operator = other.as(Role.OPERATOR);
            Reply reply = operator.post(TARGET + ":weight", "{\"weight\":0,\"reason\":\"canary\"}").expect(200);
            assertEquals("2", reply.text("revision"));
            assertEquals("0", operator.get(TARGET).text("weight"));
            assertEquals("canary", operator.get("/api/v1/revisions/2").text("reason"));
            assertEquals("false", operator.post(TARGET + ":weight", "{\"weight\":0}").expect(200).text("changed"));
            operator.post(TARGET + ":weight", "{\"weight\":5000}").expectProblem(422, "OUT_OF_RANGE");
            operator.post(TARGET + ":weight", "{}").expectProblem(422, "MISSING_KEY");
            operator.post("/api/v1/pools/app/targets/none:weight", "{\"weight\":1}").expectProblem(404, "NOT_FOUND");
            operator.post("/api/v1/pools/none/targets/x:weight", "{\"weight\":1}").expectProblem(404, "NOT_FOUND");
        }
    }

    @Test
    void aTargetIsCheckedOnDemand() {
        Reply reply = node.as(Role.OPERATOR).post(TARGET + ":check", "").expect(200);
        assertEquals("passed", reply.text("verdict"));
        assertEquals("lb-1", reply.text("prober"));
        node.as(Role.OPERATOR).post("/api/v1/pools/app/targets/10-0-0-12-8080:check", "")
                .expectProblem(409, "NOT_CHECKED");
    }

    @Test
    void aRequestIsTraced() {
        Reply reply = viewer.post("/api/v1/trace",
                "{\"url\":\"http://shop/x\",\"headers\":{\"X-Canary\":\"1\"},\"from\":\"198.51.100.7\"}").expect(200);
        assertEquals("forward", reply.text("outcome"));
        assertEquals("shop/r1", reply.text("route"));
        assertEquals("{x-canary=1}", reply.text("steps.0.reason"));
        viewer.post("/api/v1/trace", "{}").expectProblem(422, "MISSING_KEY");
        viewer.post("/api/v1/trace", "{\"url\":\"http://x/\",\"from\":\"home\"}").expectProblem(422, "INVALID_ADDRESS");
        viewer.post("/api/v1/trace", "{\"url\":\"shop/x\"}").expectProblem(422, "INVALID_URL");
        viewer.post("/api/v1/trace", "{\"url\":\"http://a b/\"}").expectProblem(422, "INVALID_URL");
        viewer.post("/api/v1/trace", "{nope").expectProblem(422, "INVALID_DOCUMENT");
    }

    @Test
    void theClusterIsChangedByThoseWhoOfferIt() throws Exception {
        node.admin().post("/api/v1/tokens:join", "").expectProblem(501, "UNSUPPORTED");
        ClusterActions actions = new FakeActions();
        try (AdminNode other = AdminNode.start(parts -> parts.withActions(actions))) {
            Reply token = other.admin().post("/api/v1/tokens:join", "{\"ttl\":\"2h\",\"uses\":3}").expect(200);
            assertEquals("PT2H 3 the-admin", token.text("token"));
            other.admin().post("/api/v1/tokens:join", "{\"uses\":0}").expectProblem(422, "OUT_OF_RANGE");
            other.admin().post("/api/v1/nodes/lb-9:remove", "").expectProblem(404, "NO_SUCH_NODE");
            other.admin().post("/api/v1/nodes/lb-2:lead", "{\"reason\":\"why not\"}").expect(200);
            assertEquals("drain", other.as(Role.OPERATOR).post("/api/v1/nodes/lb-2:drain", "").expect(200)
                    .text("adminState"));
            assertEquals("127.0.0.1", other.with("").post("/api/v1/join", "{\"token\":\"right\"}").expect(200)
                    .text("source"));
            for (int i = 0; i < 10; i++) {
                other.with("").post("/api/v1/join", "{}").expectProblem(403, "WRONG_TOKEN");
            }
            other.with("").post("/api/v1/join", "{}").expectProblem(429, "TOO_MANY_FAILURES");
            other.with("").post("/api/v1/join", "{\"token\":\"right\"}").expect(200);
        }
    }

    /** Knows one token and no node. */
    private static final class FakeActions implements ClusterActions {
        @Override
        public Outcome createJoinToken(Duration timeToLive, int uses, String author) {
            return new Outcome.Done("{\"token\":\"" + timeToLive + " " + uses + " " + author + "\"}");
        }

        @Override
        public Outcome join(String request, String source) {
            return request.contains("right") ? new Outcome.Done("{\"source\":\"" + source + "\"}")
                    : new Outcome.Refused(Cause.FORBIDDEN, "WRONG_TOKEN", "the token is wrong", "");
        }

        @Override
        public Outcome remove(String node, String author, String reason) {
            return new Outcome.Refused(Cause.NOT_FOUND, "NO_SUCH_NODE", "there is no node " + node, "");
        }

        @Override
        public Outcome setState(String node, AdminState state, String author, String reason) {
            return new Outcome.Done("{\"node\":\"" + node + "\",\"adminState\":\"" + state.key() + "\"}");
        }

        @Override
        public Outcome lead(String node, String author, String reason) {
            return new Outcome.Done("{\"leader\":\"" + node + "\",\"reason\":\"" + reason + "\"}");
        }
    }
}
