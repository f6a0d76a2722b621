package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.AuditLog;
import io.halite.admin.access.Role;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log: every change and every refusal, with who, from where and what came of it. */
class AuditTest {
    @TempDir
    Path dir;

    @Test
    void changesAndRefusalsAreToldAndReadsAreNot() throws Exception {
        Path file = dir.resolve("audit.log");
        try (AdminNode node = AdminNode.start(file)) {
            node.admin().get("/api/v1/config").expect(200);
            node.admin().post("/api/v1/config:validate", "{\"apiVersion\":\"halite/v1\"}").expect(200);
            node.as(Role.EDITOR).put("/api/v1/config", ConfigDocumentTest.SITE, "Halite-Reason", "go live").expect(200);
            node.as(Role.VIEWER).put("/api/v1/config", ConfigDocumentTest.SITE).expect(403);
            node.as(Role.EDITOR).put("/api/v1/config", "pools: 1").expect(422);
            node.with("hlt_" + "w".repeat(43)).get("/api/v1/config").expect(401);
            Reply log = node.admin().get("/api/v1/audit?limit=10").expect(200);
            assertEquals(4, log.size("entries"), log.body());
            assertEquals("401", log.text("entries.0.result"));
            assertEquals("", log.text("entries.0.actor"));
            assertEquals("422", log.text("entries.1.result"));
            assertEquals("the-viewer", log.text("entries.2.actor"));
            assertEquals("403", log.text("entries.2.result"));
            assertEquals("the-editor", log.text("entries.3.actor"));
            assertEquals("127.0.0.1", log.text("entries.3.source"));
            assertEquals("PUT", log.text("entries.3.method"));
            assertEquals("/api/v1/config", log.text("entries.3.path"));
            assertEquals("go live", log.text("entries.3.reason"));
            assertEquals(1, node.admin().get("/api/v1/audit?limit=1").size("entries"));
            node.as(Role.EDITOR).get("/api/v1/audit").expectProblem(403, "ROLE_TOO_LOW");
            String text = Files.readString(file);
            assertEquals(5, text.lines().count());
            assertFalse(text.contains(node.token(Role.EDITOR)) || text.contains("wwwww"), "no token is logged");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void eachLineHoldsTheHashOfTheOneBeforeAlsoAfterARestart() throws Exception {
        Path file = dir.resolve("audit.log");
        AuditLog first = new AuditLog(file);
        first.add(entry("one"));
        first.add(entry("two"));
        new AuditLog(file).add(entry("three"));
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.get(0).contains("\"previous\":\"\""), lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            assertTrue(lines.get(i).contains("\"previous\":\"" + AuditLog.hash(lines.get(i - 1)) + "\""), lines.get(i));
        }
    }

    @Test
    void aFileThatCannotBeWrittenStopsNothing() {
        AuditLog log = new AuditLog(dir.resolve("no/such/folder/audit.log"));
        log.add(entry("one"));
        assertEquals("one", log.latest(5).getFirst().actor());
    }

    @Test
    void theMemoryIsBounded() {
        AuditLog log = new AuditLog(null);
        for (int i = 0; i < 1_500; i++) {
            log.add(entry("actor-" + i));
        }
        assertEquals(1_000, log.latest(5_000).size());
        assertEquals("actor-1499", log.latest(1).getFirst().actor());
    }

    private static AuditLog.Entry entry(String actor) {
        return new AuditLog.Entry(Instant.EPOCH, actor, "id", "127.0.0.1", "PUT", "/x", 200, "", "r");
    }
}
