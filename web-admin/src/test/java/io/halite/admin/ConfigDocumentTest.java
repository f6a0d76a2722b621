package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The config over the API: as one document and as its objects, with everything that can be wrong. */
class ConfigDocumentTest {
    static final String SITE = """
            apiVersion: halite/v1
            loadBalancers:
              shop:
                listeners: [ { name: web, address: "0.0.0.0:8080", protocol: http } ]
                routes: [ { forward: app } ]
            pools:
              app: { targets: [ "10.0.0.11:8080", "10.0.0.12:8080" ] }
            """;
    private static final String CONFIG = "/api/v1/config";

    private AdminNode node;
    private Caller admin;

    @BeforeEach
    void start() throws Exception {
        node = AdminNode.start();
        admin = node.admin();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void anEmptyClusterIsRevisionZero() {
        Reply reply = admin.get(CONFIG).expect(200);
        assertEquals("\"0\"", reply.header("ETag"));
        assertEquals("halite/v1", reply.text("apiVersion"));
    }

    @Test
    void aDocumentIsAppliedOnceAndAnsweredWithItsRevision() {
        Reply first = admin.put(CONFIG, SITE).expect(200);
        assertEquals("1", first.text("revision"));
        assertEquals("true", first.text("changed"));
        assertEquals("true", first.text("active"));
        assertEquals("lb-1", first.text("activeOn.0"));
        assertEquals("\"1\"", first.header("ETag"));
        Reply again = admin.put(CONFIG, SITE).expect(200);
        assertEquals("1", again.text("revision"));
        assertEquals("false", again.text("changed"));
    }

    @Test
    void yamlAndJsonAreTheSameDocument() {
        admin.put(CONFIG, SITE).expect(200);
        Reply json = admin.get(CONFIG, "Accept", "application/json").expect(200);
        assertEquals("application/json", json.header("Content-Type"));
        Reply yaml = admin.get(CONFIG, "Accept", "application/yaml").expect(200);
        assertEquals("application/yaml", yaml.header("Content-Type"));
        assertTrue(yaml.body().startsWith("apiVersion: halite/v1\n"), yaml.body());
        for (Reply export : new Reply[] {json, yaml}) {
            Reply reply = admin.send("PUT", CONFIG, export.body(),
                    "If-Match", "\"1\"", "Content-Type", export.header("Content-Type")).expect(200);
            assertEquals("false", reply.text("changed"), "an export applied again changes nothing");
        }
        assertEquals("application/yaml",
                admin.get(CONFIG, "Accept", "text/html, application/yaml;q=0.9, application/json;q=0.1")
                        .expect(200).header("Content-Type"));
    }

    @Test
    void aChangeNeedsTheRevisionThatItWasMadeFrom() {
        admin.send("PUT", CONFIG, SITE, "Content-Type", "application/yaml")
                .expectProblem(428, "IF_MATCH_REQUIRED");
        Reply stale = admin.put(CONFIG, SITE, "If-Match", "\"4711\"").expectProblem(412, "STALE_REVISION");
        assertEquals("\"0\"", stale.header("ETag"));
        admin.put(CONFIG, SITE, "If-Match", "\"abc\"").expectProblem(412, "STALE_REVISION");
        admin.put(CONFIG, SITE, "If-Match", "0").expect(200);
        admin.put(CONFIG, SITE, "If-Match", "\"0\"").expectProblem(412, "STALE_REVISION");
        admin.put(CONFIG, SITE.replace(".12:", ".13:"), "If-Match", "W/\"1\"").expect(200);
    }

    @Test
    void everyProblemOfADocumentIsToldAtOnceWithItsLineAndPointer() {
        Reply reply = admin.put(CONFIG, """
                apiVersion: halite/v1
                pools:
                  app: { targets: [ nowhere ], algoritm: random }
                  APP: {}
                """).expectProblem(422, "INVALID_DOCUMENT");
        assertTrue(reply.size("errors") >= 3, reply.body());
        assertTrue(reply.body().contains("/pools/app/targets/0"), reply.body());
        assertTrue(reply.body().contains("algorithm"), reply.body());
        assertEquals("3", reply.text("errors.0.line"));
        admin.put(CONFIG, "apiVersion: [").expectProblem(422, "INVALID_DOCUMENT");
        admin.put(CONFIG, "").expectProblem(422, "INVALID_DOCUMENT");
        admin.post("/api/v1/config:validate", "{\"pools\":1}").expectProblem(422, "INVALID_DOCUMENT");
        assertEquals("\"0\"", admin.get(CONFIG).header("ETag"), "nothing changed");
    }

    @Test
    void aListenerMayNotTakeAPortOfTheNode() {
        admin.put(CONFIG, SITE.replace("0.0.0.0:8080", "0.0.0.0:8443")).expectProblem(422, "INVALID_DOCUMENT");
    }

    @Test
    void aDryRunTellsTheDifferenceAndChangesNothing() {
        Reply reply = admin.put(CONFIG + "?dryRun=true", SITE).expect(200);
        assertEquals("true", reply.text("changed"));
        assertEquals("true", reply.text("dryRun"));
        assertTrue(reply.text("diff").contains("+pools:"), reply.body());
        admin.put(CONFIG + "?dryRun=true", SITE, "If-Match", "\"3\"").expectProblem(412, "STALE_REVISION");
        admin.put(CONFIG + "?dryRun=maybe", SITE).expectProblem(400, "INVALID_PARAMETER");
        assertEquals("\"0\"", admin.get(CONFIG).header("ETag"));
    }

    @Test
    void validateAndDiffOnlyTell() {
        assertEquals("true", node.as(Role.VIEWER).post("/api/v1/config:validate", "{\"apiVersion\":\"halite/v1\"}")
                .expect(200).text("valid"));
        admin.put(CONFIG, SITE).expect(200);
        Reply same = admin.send("POST", "/api/v1/config:diff", SITE, "Content-Type", "application/yaml").expect(200);
        assertEquals("false", same.text("changed"));
        assertEquals("", same.text("diff"));
        Reply differs = admin.send("POST", "/api/v1/config:diff", SITE.replace("10.0.0.12", "10.0.0.13"),
                "Content-Type", "application/yaml").expect(200);
        assertEquals("pools/app", differs.text("changes.0.object"));
        assertEquals("changed", differs.text("changes.0.change"));
        assertTrue(differs.text("diff").contains("+") && differs.text("diff").contains("10.0.0.13"), differs.body());
        assertEquals("\"1\"", admin.get(CONFIG).header("ETag"));
    }

    @Test
    void anObjectIsReadWrittenAndRemovedByItsName() {
        admin.put(CONFIG, SITE).expect(200);
        assertEquals("10.0.0.11:8080", admin.get("/api/v1/pools/app").expect(200).text("targets.0"));
        assertEquals("1", admin.get("/api/v1/pools").expect(200).size("pools") + "");
        Reply put = admin.put("/api/v1/pools/other", "targets: [ \"10.0.0.21:80\" ]").expect(200);
        assertEquals("2", put.text("revision"));
        assertEquals("10.0.0.21:80", admin.get("/api/v1/pools/other").text("targets.0"));
        admin.send("DELETE", "/api/v1/pools/other", "").expectProblem(428, "IF_MATCH_REQUIRED");
        assertEquals("3", admin.send("DELETE", "/api/v1/pools/other", "", "If-Match", "\"2\"").expect(200)
                .text("revision"));
        admin.get("/api/v1/pools/other").expectProblem(404, "NOT_FOUND");
        admin.send("DELETE", "/api/v1/pools/other", "", "If-Match", "*").expectProblem(404, "NOT_FOUND");
    }

    @Test
    void anObjectIsCheckedWithTheDocumentThatItIsPartOf() {
        admin.put(CONFIG, SITE).expect(200);
        Reply dangling = admin.send("DELETE", "/api/v1/pools/app", "", "If-Match", "*")
                .expectProblem(422, "INVALID_DOCUMENT");
        assertTrue(dangling.body().contains("/loadBalancers/shop/routes/0"), dangling.body());
        Reply wrong = admin.put("/api/v1/pools/app", "targets: [ \"10.0.0.11:8080\" ]\nalgoritm: random\n")
                .expectProblem(422, "INVALID_DOCUMENT");
        assertEquals("/pools/app/algoritm", wrong.text("errors.0.pointer"));
        assertEquals("2", wrong.text("errors.0.line"), "the line of the text that was sent");
        admin.put("/api/v1/pools/APP", "targets: []").expectProblem(422, "INVALID_DOCUMENT");
        admin.put("/api/v1/pools/app", "targets: []", "If-Match", "\"0\"").expectProblem(412, "STALE_REVISION");
        admin.put("/api/v1/pools/app", "targets: []", "If-Match", "\"77\"").expectProblem(412, "STALE_REVISION");
    }

    @Test
    void aRetryWithTheSameKeyIsAppliedOnce() {
        String other = SITE.replace("10.0.0.12", "10.0.0.13");
        assertEquals("1", admin.put(CONFIG, SITE, "If-Match", "\"0\"", "Idempotency-Key", "k1").text("revision"));
        assertEquals("2", admin.put(CONFIG, other, "If-Match", "\"1\"").text("revision"));
        Reply retry = admin.put(CONFIG, SITE, "If-Match", "\"0\"", "Idempotency-Key", "k1").expect(200);
        assertEquals("1", retry.text("revision"));
        assertTrue(admin.get(CONFIG).body().contains("10.0.0.13"));
        admin.put(CONFIG, SITE, "Idempotency-Key", "no spaces").expectProblem(400, "INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void withoutAQuorumReadsAreMarkedAndWritesSayWhatToDo() {
        admin.put(CONFIG, SITE).expect(200);
        assertEquals("", admin.get(CONFIG).header("Halite-Stale"));
        node.store.setQuorum(false);
        Reply read = admin.get(CONFIG).expect(200);
        assertEquals("true", read.header("Halite-Stale"));
        Reply write = admin.put(CONFIG, SITE.replace("8080", "8081")).expectProblem(503, "UNAVAILABLE");
        assertTrue(write.text("detail").contains("1 of 3") && !write.text("hint").isEmpty(), write.body());
        assertEquals("2", write.header("Retry-After"));
    }

    @Test
    void whatANodeCouldNotPutToWorkIsToldWithTheAnswer() {
        node.node.fail("loadBalancers/shop/listeners/web", "PORT_TAKEN", "port 8080 is taken");
        Reply reply = admin.put(CONFIG, SITE).expect(200);
        assertEquals("loadBalancers/shop/listeners/web", reply.text("failures.0.object"));
        assertEquals("lb-1", reply.text("failures.0.node"));
    }

    @Test
    void aNodeThatHangsIsToldAsPending() {
        node.node.hang();
        Reply reply = admin.put(CONFIG + "?wait=10ms", SITE).expect(200);
        assertEquals("false", reply.text("active"));
        assertEquals("lb-1", reply.text("pendingOn.0"));
    }

    @Test
    void whatANodeSaysOfTheRevisionBeforeIsNotToldOfThisOne() {
        node.node.fail("loadBalancers/shop/listeners/web", "PORT_TAKEN", "port 8080 is taken");
        node.node.hang();
        Reply reply = admin.put(CONFIG + "?wait=10ms", SITE).expect(200);
        assertEquals("lb-1", reply.text("pendingOn.0"));
        assertEquals(0, reply.size("failures"));
    }

    @Test
    void aDocumentThatIsTooLargeIsRefusedAndTheNextRequestIsAnswered() {
        String huge = "# " + "x".repeat((16 << 20) + 1);
        admin.put(CONFIG, huge).expectProblem(413, "BODY_TOO_LARGE");
        admin.get(CONFIG).expect(200);
        String large = SITE + ("# " + "x".repeat(1 << 10) + "\n").repeat(12 << 10);
        admin.put(CONFIG, large).expect(200);
    }

    @Test
    void aLineOfManyMegabytesIsReadInTime() {
        admin.put(CONFIG, SITE + "#" + "x".repeat(12 << 20)).expect(200);
    }
}
