package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Backup and restore over the API: what comes back, what is refused, and that a refusal changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTest {
    private static final String PASSPHRASE = "UTF-8''Salz%20%26%20K%C3%BCste";
    private static final String OTHER =
            "apiVersion: halite/v1\npools: { other: { check: none, targets: [ \"10.9.9.9:1\" ] } }\n";

    private AdminNode origin;
    private byte[] file;

    @BeforeAll
    void save() throws Exception {
        origin = AdminNode.start();
        Caller admin = origin.admin();
        admin.put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
        admin.send("PUT", "/api/v1/secrets/shop-key", "the canary").expect(200);
        admin.post("/api/v1/pools/app/targets/10-0-0-11-8080:drain", "{}").expect(200);
        HttpResponse<byte[]> answer = admin.http().send(admin.request("/api/v1/backup")
                .header("Halite-Passphrase", PASSPHRASE).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        assertEquals("\"1\"", answer.headers().firstValue("ETag").orElse(""));
        file = answer.body();
    }

    @AfterAll
    void stop() {
        origin.close();
    }

    private static Reply restore(Caller to, String query, byte[] file, String passphrase) {
        return to.send(to.request("/api/v1/restore" + query).header("Content-Type", "application/octet-stream")
                .header("Halite-Passphrase", passphrase).POST(BodyPublishers.ofByteArray(file)).build());
    }

    @Test
    void aFreshClusterGetsAllOfItAsOneRevision() throws IOException {
        try (AdminNode fresh = AdminNode.start()) {
            Caller admin = fresh.admin();
            Reply shown = restore(admin, "?dryRun=true", file, PASSPHRASE).expect(200);
            assertEquals("true", shown.text("dryRun"));
            assertEquals("0", admin.get("/api/v1/config").header("ETag").replace("\"", ""));
            Reply done = restore(admin, "", file, PASSPHRASE).expect(200);
            assertEquals("1", done.text("revision"));
            assertEquals("shop-key", done.text("secrets.0"));
            assertEquals("app/10-0-0-11-8080", done.text("adminStates.0.target"));
            assertEquals("drain", done.text("adminStates.0.adminState"));
            assertTrue(done.size("changes") > 0, done.body());
            assertEquals("test", done.text("source.cluster"));
            assertEquals(origin.admin().get("/api/v1/config").body(), admin.get("/api/v1/config").body());
            assertEquals("shop-key", admin.get("/api/v1/secrets").text("secrets.0.name"));
            assertTrue(admin.get("/api/v1/revisions").text("revisions.0.reason").contains("backup of cluster test"));
            assertEquals("drain", admin.get("/api/v1/pools/app/targets/10-0-0-11-8080").text("adminState"));
        }
    }

    @Test
    void aClusterWithAConfigOfItsOwnIsReplacedOnlyWhenThatIsSaid() throws IOException {
        try (AdminNode used = AdminNode.start()) {
            Caller admin = used.admin();
            admin.put("/api/v1/config", OTHER).expect(200);
            admin.send("PUT", "/api/v1/secrets/mine", "kept").expect(200);
            restore(admin, "", file, PASSPHRASE).expectProblem(409, "NOT_EMPTY");
            assertEquals("\"1\"", admin.get("/api/v1/config").header("ETag"));
            Reply done = restore(admin, "?replace=true", file, PASSPHRASE).expect(200);
            assertEquals("2", done.text("revision"));
            assertTrue(done.text("diff").contains("-  other:"), done.text("diff"));
            assertEquals(2, admin.get("/api/v1/secrets").size("secrets"));
        }
    }

    @Test
    void aRefusalSaysWhyAndChangesNothing() throws IOException {
        try (AdminNode fresh = AdminNode.start()) {
            Caller admin = fresh.admin();
            restore(admin, "", file, "another one").expectProblem(422, "WRONG_PASSPHRASE");
            restore(admin, "", file, "short").expectProblem(422, "PASSPHRASE_LENGTH");
            byte[] flipped = file.clone();
            flipped[file.length / 2] ^= 1;
            restore(admin, "", flipped, PASSPHRASE).expectProblem(422, "BACKUP_DAMAGED");
            restore(admin, "", java.util.Arrays.copyOf(file, file.length - 1), PASSPHRASE)
                    .expectProblem(422, "BACKUP_DAMAGED");
            fresh.store.setQuorum(false);
            restore(admin, "", file, PASSPHRASE).expectProblem(503, "UNAVAILABLE");
            fresh.store.setQuorum(true);
            assertEquals("\"0\"", admin.get("/api/v1/config").header("ETag"));
            assertEquals(0, admin.get("/api/v1/secrets").size("secrets"));
        }
    }

    @Test
    void onlyAdministratorsMayAndThePassphraseIsNotAudited() {
        restore(origin.as(Role.EDITOR), "", file, PASSPHRASE).expectProblem(403, "ROLE_TOO_LOW");
        origin.as(Role.EDITOR).send("POST", "/api/v1/backup", "").expectProblem(403, "ROLE_TOO_LOW");
        String audit = origin.admin().get("/api/v1/audit").body();
        assertTrue(audit.contains("/api/v1/backup"), audit);
        assertFalse(audit.contains("Salz"), audit);
    }
}
