package io.halite.admin.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.node.ClusterActions.Cause;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.config.Ticker;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The setup is for whoever knows the code, as people type it; guessing is slow and makes a new code. */
class SetupServerTest {
    @TempDir
    Path dir;

    private final List<String> shown = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final SetupActions actions = new SetupActions() {
        @Override
        public Outcome create() {
            done.add("create");
            return new Outcome.Done("{\"token\":\"t\"}");
        }

        @Override
        public Outcome join(String peer, String token) {
            done.add("join " + peer + " " + token);
            return new Outcome.Refused(Cause.FORBIDDEN, "TOKEN_USED_UP", "the token is used up", "make another");
        }
    };

    private SetupCode code() throws Exception {
        return SetupCode.open(dir.resolve("code"), Files::write, shown::add);
    }

    @Test
    void theCodeOpensTheSetupAndNothingElseIsServed() throws Exception {
        try (SetupServer server = SetupServer.start(new SetupServer.Place(InetAddress.getLoopbackAddress(), 0, null),
                AdminNode.certificate().server(), actions, code(), InstantSource.system(), Ticker.SYSTEM);
                HttpClient http = AdminNode.client(AdminNode.certificate(), HttpClient.Version.HTTP_1_1)) {
            Caller caller = new Caller(http, server.port(), "");
            assertEquals("false", caller.get("/api/v1/setup").expect(200).text("claimed"));
            caller.get("/healthz").expect(200);
            caller.get("/readyz").expect(503);
            caller.get("/api/v1/status").expectProblem(409, "UNCLAIMED");
            caller.get("/metrics").expectProblem(404, "NO_SUCH_PATH");
            caller.post("/api/v1/setup:create", "{}").expectProblem(422, "MISSING_KEY");
            String typed = shown.getFirst().toLowerCase(Locale.ROOT).replace('-', ' ').replace('0', 'o').replace('1', 'l');
            caller.post("/api/v1/setup:claim", "{\"code\":\"" + typed + "\"}").expect(200);
            assertTrue(done.isEmpty());
            assertEquals("t", caller.post("/api/v1/setup:create", "{\"code\":\"" + typed + "\"}").expect(200).text("token"));
            caller.post("/api/v1/setup:join", "{\"code\":\"" + typed + "\",\"peer\":\"p\",\"token\":\"x\"}")
                    .expectProblem(403, "TOKEN_USED_UP");
            assertEquals(List.of("create", "join p x"), done);
        }
    }

    @Test
    void guessingMakesANewCode() throws Exception {
        SetupCode code = code();
        String first = shown.getFirst();
        assertEquals(first, shown.getFirst());
        for (int i = 0; i < 10; i++) {
            assertEquals(1, shown.size());
            assertTrue(!code.matches("000000000000"));
        }
        assertEquals(2, shown.size());
        assertNotEquals(first, shown.getLast());
        assertTrue(!code.matches(first));
        assertTrue(code.matches(shown.getLast()));
        assertTrue(code().matches(shown.getLast()), "it survives a restart");
    }

    @Test
    void aNodeThatBelongsToAClusterHasNoSetup() throws Exception {
        try (AdminNode node = AdminNode.start()) {
            assertEquals("true", node.with("").get("/api/v1/setup").expect(200).text("claimed"));
            node.with("").post("/api/v1/setup:create", "{\"code\":\"x\"}").expectProblem(410, "CLAIMED");
        }
    }
}
