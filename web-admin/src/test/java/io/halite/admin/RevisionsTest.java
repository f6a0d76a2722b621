package io.halite.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history: who changed what and why, comparing, going back, and changes that undo themselves. */
class RevisionsTest {
    private static final String CONFIG = "/api/v1/config";
    private static final String REVISIONS = "/api/v1/revisions";
    private static final String ONE = ConfigDocumentTest.SITE;
    private static final String TWO = ONE.replace("10.0.0.12", "10.0.0.13");
    private static final String THREE = ONE.replace("10.0.0.12", "10.0.0.14");

    private AdminNode node;
    private Caller admin;

    @BeforeEach
    void start() throws Exception {
        node = AdminNode.start();
        admin = node.admin();
        admin.put(CONFIG, ONE, "Halite-Reason", "first site").expect(200);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void theHistoryTellsWhoWhenAndWhy() {
        node.as(Role.EDITOR).put(CONFIG, TWO, "Halite-Reason", "UTF-8''gr%C3%B6%C3%9Fer+1").expect(200);
        Reply list = admin.get(REVISIONS).expect(200);
        assertEquals(2, list.size("revisions"));
        assertEquals("2", list.text("revisions.0.revision"));
        assertEquals("the-editor", list.text("revisions.0.author"));
        assertEquals("größer+1", list.text("revisions.0.reason"));
        assertEquals("", list.text("revisions.0.rollbackOf"));
        assertEquals("pools/app", list.text("revisions.0.changed.0"));
        assertEquals("first site", list.text("revisions.1.reason"));
        assertEquals("2026-03-01T12:00:00Z", list.text("revisions.1.time"));
        admin.put(CONFIG, ONE, "Halite-Reason", "x".repeat(501)).expectProblem(400, "INVALID_REASON");
    }

    @Test
    void theHistoryIsReadPageByPage() {
        admin.put(CONFIG, TWO).expect(200);
        admin.put(CONFIG, THREE).expect(200);
        Reply first = admin.get(REVISIONS + "?limit=2").expect(200);
        assertEquals("3", first.text("revisions.0.revision"));
        Reply second = admin.get(first.text("next")).expect(200);
        assertEquals("1", second.text("revisions.0.revision"));
        assertEquals("", second.text("next"));
        admin.get(REVISIONS + "?limit=0").expectProblem(400, "INVALID_PARAMETER");
        admin.get(REVISIONS + "?limit=many").expectProblem(400, "INVALID_PARAMETER");
    }

    @Test
    void aRevisionShowsItsDocumentAndWhatItChanged() {
        admin.put(CONFIG, TWO).expect(200);
        Reply reply = admin.get(REVISIONS + "/2").expect(200);
        assertEquals("10.0.0.13:8080", reply.text("config.pools.app.targets.1"));
        assertTrue(reply.text("diff").contains("10.0.0.13"), reply.body());
        assertEquals("halite/v1", admin.get(REVISIONS + "/0").expect(200).text("config.apiVersion"));
        admin.get(REVISIONS + "/99").expectProblem(404, "NOT_FOUND");
        admin.get(REVISIONS + "/latest").expectProblem(404, "NOT_FOUND");
        admin.get(REVISIONS + "/" + "9".repeat(40)).expectProblem(404, "NOT_FOUND");
    }

    @Test
    void anyTwoRevisionsCompare() {
        admin.put(CONFIG, TWO).expect(200);
        Reply reply = admin.get(REVISIONS + "/1...2").expect(200);
        assertEquals("pools/app", reply.text("changes.0.object"));
        assertTrue(reply.text("diff").contains("revision 1"), reply.body());
        Reply same = admin.get(REVISIONS + "/2...2").expect(200);
        assertEquals("false", same.text("changed"));
        assertEquals("removed", admin.get(REVISIONS + "/1...0").expect(200).text("changes.0.change"));
        admin.get(REVISIONS + "/1...7").expectProblem(404, "NOT_FOUND");
    }

    @Test
    void rollbackIsARevisionOfItsOwn() {
        admin.put(CONFIG, TWO).expect(200);
        Reply reply = admin.post(REVISIONS + "/1:rollback", "{\"reason\":\"undo it\"}").expect(200);
        assertEquals("3", reply.text("revision"));
        assertEquals("true", reply.text("changed"));
        Reply record = admin.get(REVISIONS + "/3").expect(200);
        assertEquals("1", record.text("rollbackOf"));
        assertEquals("undo it", record.text("reason"));
        assertEquals("10.0.0.12:8080", record.text("config.pools.app.targets.1"));
        assertEquals("false", admin.post(REVISIONS + "/1:rollback", "").expect(200).text("changed"));
        assertEquals("true", admin.post(REVISIONS + "/0:rollback?dryRun=true", "").expect(200).text("dryRun"));
        assertEquals("4", admin.post(REVISIONS + "/0:rollback", "").expect(200).text("revision"));
        assertEquals("rollback to revision 0", admin.get(REVISIONS + "/4").text("reason"));
        admin.post(REVISIONS + "/77:rollback", "").expectProblem(404, "NOT_FOUND");
        admin.post(REVISIONS + "/1:rollback", "", "If-Match", "\"1\"").expectProblem(412, "STALE_REVISION");
        admin.post(REVISIONS + "/1:rollback", "{\"why\":1}").expectProblem(422, "UNKNOWN_KEY");
    }

    @Test
    void aChangeThatIsNotConfirmedGoesBackByItself() {
        Reply reply = admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        assertEquals("2026-03-01T12:05:00Z", reply.text("confirmBefore"));
        assertEquals("2", admin.get("/api/v1/status").text("confirmation.revision"));
        node.advance(Duration.ofMinutes(4));
        assertEquals("2", admin.get("/api/v1/status").text("revision"));
        node.advance(Duration.ofMinutes(1));
        await().until(() -> admin.get("/api/v1/status").text("revision").equals("3"));
        Reply record = admin.get(REVISIONS + "/3").expect(200);
        assertEquals("1", record.text("rollbackOf"));
        assertEquals("halite", record.text("author"));
        assertTrue(record.text("reason").contains("not confirmed"), record.body());
        await().until(() -> node.store.systemRecords("confirm/").isEmpty());
    }

    @Test
    void aConfirmedChangeStays() {
        admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        admin.post(REVISIONS + "/1:confirm", "").expectProblem(409, "NOTHING_TO_CONFIRM");
        admin.post(REVISIONS + "/2:confirm", "").expect(200);
        admin.post(REVISIONS + "/2:confirm", "").expectProblem(409, "NOTHING_TO_CONFIRM");
        admin.post(REVISIONS + "/9:confirm", "").expectProblem(404, "NOT_FOUND");
        assertTrue(node.store.systemRecords("confirm/").isEmpty());
        assertEquals("", admin.get("/api/v1/status").text("confirmation.revision"));
    }

    @Test
    void aPlainChangeConfirmsTheOneBefore() {
        admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        admin.put(CONFIG, THREE).expect(200);
        assertTrue(node.store.systemRecords("confirm/").isEmpty());
        assertEquals("", admin.get("/api/v1/status").text("confirmation.revision"));
    }

    @Test
    void aSecondUnconfirmedChangeLeadsBackToTheLastConfirmedOne() {
        admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        admin.put(CONFIG + "?confirmWithin=10m", THREE).expect(200);
        assertEquals("1", admin.get("/api/v1/status").text("confirmation.base"));
        node.advance(Duration.ofMinutes(10));
        await().until(() -> admin.get("/api/v1/status").text("revision").equals("4"));
        assertEquals("1", admin.get(REVISIONS + "/4").text("rollbackOf"));
    }

    @Test
    void aRefusedChangeLeavesNoTimer() {
        admin.put(CONFIG + "?confirmWithin=5m", TWO, "If-Match", "\"0\"").expectProblem(412, "STALE_REVISION");
        admin.put(CONFIG + "?confirmWithin=5m", ONE).expect(200);
        assertTrue(node.store.systemRecords("confirm/").isEmpty());
        admin.put(CONFIG + "?confirmWithin=never", TWO).expectProblem(400, "INVALID_PARAMETER");
        admin.put(CONFIG + "?confirmWithin=0s", TWO).expectProblem(400, "INVALID_PARAMETER");
    }

    @Test
    void theTimerSurvivesTheNodeThatSetItAndOnlyTheLeaderActs() throws Exception {
        admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        node.store.setLeading(false);
        node.advance(Duration.ofMinutes(6));
        await().during(Duration.ofSeconds(2))
                .until(() -> node.store.current().revision().number() == 2);
        try (AdminNode successor = AdminNode.over(node.store, node.now)) {
            node.store.setLeading(true);
            await().until(() -> successor.admin().get("/api/v1/status").text("revision").equals("3"));
        }
    }

    @Test
    void withoutAQuorumTheTimerWaits() {
        admin.put(CONFIG + "?confirmWithin=5m", TWO).expect(200);
        node.store.setQuorum(false);
        node.advance(Duration.ofMinutes(6));
        await().during(Duration.ofSeconds(2))
                .until(() -> node.store.current().revision().number() == 2);
        node.store.setQuorum(true);
        await().until(() -> node.store.current().revision().number() == 3);
    }
}
