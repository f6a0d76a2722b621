package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.http.Endpoint;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import io.halite.admin.testing.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every request meets before its operation: TLS, login, role, method, media type, and the same form of errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontDoorTest {
    /** Operations that need no login; a new one is a decision. */
    private static final Set<String> OPEN = Set.of(
            "GET /healthz", "GET /readyz", "GET /api/v1/openapi.yaml", "POST /api/v1/join",
            "GET /api/v1/setup", "POST /api/v1/setup:claim", "POST /api/v1/setup:create", "POST /api/v1/setup:join");

    private AdminNode node;

    @BeforeAll
    void start() throws Exception {
        node = AdminNode.start();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void everyOperationHasARoleOrIsOpenOnPurpose() {
        Set<String> open = new TreeSet<>();
        for (Endpoint endpoint : node.server.endpoints()) {
            if (endpoint.role() == null) {
                open.add(endpoint.method() + " " + endpoint.template());
            }
            boolean changes = endpoint.effect() == Endpoint.Effect.WRITES;
            assertFalse(changes && endpoint.method().equals("GET"), "GET changes nothing: " + endpoint.template());
            assertFalse(changes && endpoint.role() != null && !endpoint.role().includes(Role.OPERATOR),
                    "viewers change nothing: " + endpoint.template());
        }
        assertEquals(new TreeSet<>(OPEN), open);
    }

    @Test
    void everyOperationRefusesStrangersAndRolesBelowItsOwn() {
        for (Endpoint endpoint : node.server.endpoints()) {
            Role needed = endpoint.role();
            if (needed == null) {
                continue;
            }
            String path = endpoint.template().replaceAll("\\{[a-z]+}", "1");
            node.with("").send(endpoint.method(), path, "").expectProblem(401, "LOGIN_REQUIRED");
            // The head of a read, since one of them never ends.
            String method = endpoint.method().equals("GET") ? "HEAD" : endpoint.method();
            for (Role role : Role.values()) {
                Reply reply = node.as(role).send(method, path, "");
                assertEquals(!role.includes(needed), reply.status() == 403, endpoint.method() + " " + path
                        + " as " + role + ": " + reply.status());
            }
        }
    }

    @Test
    void aStrangerIsToldHowToLogIn() {
        Reply reply = node.with("").get("/api/v1/config").expectProblem(401, "LOGIN_REQUIRED");
        assertEquals("Bearer realm=\"halite\"", reply.header("WWW-Authenticate"));
        assertTrue(reply.text("hint").contains("admin.token"), reply.body());
        node.with("").get("/api/v1/unknown").expectProblem(401, "LOGIN_REQUIRED");
        node.with("").get("/unknown").expectProblem(404, "NO_SUCH_PATH");
    }

    @Test
    void wrongTokensAreRefusedAndAfterTooManyToldSoWhileRightOnesAreTaken() throws Exception {
        try (AdminNode attacked = AdminNode.start()) {
            Caller wrong = attacked.with("hlt_" + "x".repeat(43));
            for (int i = 0; i < 10; i++) {
                wrong.get("/api/v1/config").expectProblem(401, "WRONG_TOKEN");
            }
            wrong.get("/api/v1/config").expectProblem(429, "TOO_MANY_FAILURES");
            attacked.admin().get("/api/v1/config").expect(200);
        }
    }

    @Test
    void basicCredentialsAndHalfTokensAreWrong() throws Exception {
        try (AdminNode other = AdminNode.start()) {
            other.with("").get("/api/v1/config", "Authorization", "Basic YWRtaW46YWRtaW4=")
                    .expectProblem(401, "WRONG_TOKEN");
            String half = other.token(Role.ADMIN).substring(0, 30);
            other.with(half).get("/api/v1/config").expectProblem(401, "WRONG_TOKEN");
            other.with("").get("/api/v1/config", "Authorization", "bearer " + other.token(Role.VIEWER)).expect(200);
        }
    }

    @Test
    void aTokenEndsWhenItExpiresOrIsRevoked() throws Exception {
        try (AdminNode other = AdminNode.start()) {
            Reply issued = other.admin().post("/api/v1/tokens", "{\"name\":\"ci\",\"role\":\"viewer\",\"ttl\":\"10m\"}")
                    .expect(201);
            Caller ci = other.with(issued.text("token"));
            ci.get("/api/v1/config").expect(200);
            assertEquals("ci", ci.get("/api/v1/session").text("name"));
            other.advance(Duration.ofMinutes(10));
            ci.get("/api/v1/config").expectProblem(401, "WRONG_TOKEN");
            Caller viewer = other.as(Role.VIEWER);
            String id = viewer.get("/api/v1/session").text("tokenId");
            other.admin().send("DELETE", "/api/v1/tokens/" + id, "").expect(200);
            viewer.get("/api/v1/config").expectProblem(401, "WRONG_TOKEN");
            other.admin().send("DELETE", "/api/v1/tokens/" + id, "").expectProblem(404, "NOT_FOUND");
        }
    }

    @Test
    void tokensAreListedWithoutTheTokens() {
        Reply list = node.admin().get("/api/v1/tokens").expect(200);
        assertTrue(list.size("tokens") >= 5, list.body());
        assertFalse(list.body().contains("hlt_") || list.body().contains("sha256"), list.body());
        node.admin().post("/api/v1/tokens", "{\"name\":\"x\",\"role\":\"king\"}").expectProblem(422, "UNKNOWN_ROLE");
        node.admin().post("/api/v1/tokens", "{\"role\":\"viewer\"}").expectProblem(422, "MISSING_KEY");
        node.admin().post("/api/v1/tokens", "{\"name\":\"a b\",\"role\":\"viewer\"}").expectProblem(422, "INVALID_NAME");
        node.admin().post("/api/v1/tokens", "{\"name\":\"x\",\"role\":\"viewer\",\"ttl\":\"soon\"}")
                .expectProblem(422, "INVALID_DURATION");
        node.admin().post("/api/v1/tokens", "{\"nom\":\"x\"}").expectProblem(422, "UNKNOWN_KEY");
        node.admin().post("/api/v1/tokens", "[]").expectProblem(422, "WRONG_TYPE");
    }

    @Test
    void aKnownPathWithAnotherMethodSaysWhichThereAre() {
        Reply reply = node.admin().send("DELETE", "/api/v1/config", "").expectProblem(405, "METHOD_NOT_ALLOWED");
        assertEquals("GET, PUT, HEAD", reply.header("Allow"));
        node.admin().post("/healthz", "{}").expectProblem(405, "METHOD_NOT_ALLOWED");
        node.admin().send("OPTIONS", "/api/v1/config", "").expectProblem(405, "METHOD_NOT_ALLOWED");
        node.admin().get("/api/v1/nothing").expectProblem(404, "NO_SUCH_PATH");
        node.admin().get("/api/v1/config/").expectProblem(404, "NO_SUCH_PATH");
    }

    @Test
    void mediaTypesThatAreNotSpokenAreRefused() {
        node.admin().get("/api/v1/config", "Accept", "text/html").expectProblem(406, "NOT_ACCEPTABLE");
        node.admin().get("/api/v1/config", "Accept", "application/*;q=0").expectProblem(406, "NOT_ACCEPTABLE");
        node.admin().put("/api/v1/config", "apiVersion: halite/v1", "Accept", "image/png")
                .expectProblem(406, "NOT_ACCEPTABLE");
        node.admin().put("/api/v1/config", "apiVersion: halite/v1", "Content-Type", "application/x-www-form-urlencoded")
                .expectProblem(415, "UNSUPPORTED_MEDIA_TYPE");
        node.admin().put("/api/v1/config", "apiVersion: halite/v1", "Content-Encoding", "gzip")
                .expectProblem(415, "UNSUPPORTED_MEDIA_TYPE");
        node.admin().get("/api/v1/config", "Accept", "text/html, */*;q=0.1").expect(200);
    }

    @Test
    void everyAnswerCarriesItsRequestIdAndSecurityHeaders() {
        for (Reply reply : List.of(node.admin().get("/api/v1/config"), node.with("").get("/api/v1/config"),
                node.with("").get("/healthz"), node.with("").get("/nothing"))) {
            assertFalse(reply.header("Halite-Request-Id").isEmpty());
            assertEquals("nosniff", reply.header("X-Content-Type-Options"));
            assertEquals("no-store", reply.header("Cache-Control"));
            assertTrue(reply.header("Content-Security-Policy").contains("default-src 'none'"));
            assertEquals("", reply.header("Access-Control-Allow-Origin"));
            assertEquals("", reply.header("Server"));
        }
        Reply given = node.with("").get("/api/v1/config", "Halite-Request-Id", "my-request.7", "Origin", "https://x.test");
        assertEquals("my-request.7", given.header("Halite-Request-Id"));
        assertEquals("my-request.7", given.text("requestId"));
        assertEquals("", given.header("Access-Control-Allow-Origin"));
    }

    @Test
    void healthAndReadinessNeedNoLogin() throws Exception {
        try (AdminNode other = AdminNode.start()) {
            assertEquals("ok", other.with("").get("/healthz").expect(200).text("status"));
            other.with("").get("/readyz").expect(200);
            other.node.setServing(false);
            other.with("").get("/readyz").expect(503);
            other.with("").get("/healthz").expect(200);
        }
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        HttpRequest head = node.admin().request("/api/v1/config").HEAD().build();
        Reply reply = node.admin().send(head).expect(200);
        assertEquals("\"0\"", reply.header("ETag"));
        assertEquals("", reply.body());
        node.admin().get("/api/v1/config").expect(200);
    }

    @Test
    void metricsTakeATokenThatReadsNothingElse() {
        for (String path : List.of("/metrics", "/api/v1/metrics")) {
            Reply reply = node.as(Role.METRICS).get(path, "Accept", "application/openmetrics-text").expect(200);
            assertTrue(reply.body().contains("halite_config_revision"), reply.body());
            assertTrue(reply.header("Content-Type").startsWith("text/plain; version=0.0.4"));
            node.with("").get(path).expect(401);
        }
        node.as(Role.METRICS).get("/api/v1/status").expectProblem(403, "ROLE_TOO_LOW");
    }

    @Test
    void http2IsSpokenToThoseWhoOfferIt() throws Exception {
        try (HttpClient http = AdminNode.client(AdminNode.certificate(), HttpClient.Version.HTTP_2)) {
            Caller caller = new Caller(http, node.port, node.token(Role.ADMIN));
            Reply reply = caller.get("/api/v1/config").expect(200);
            assertEquals(HttpClient.Version.HTTP_2, reply.response().version());
            caller.get("/api/v1/nothing").expectProblem(404, "NO_SUCH_PATH");
            caller.put("/api/v1/config?dryRun=true", ConfigDocumentTest.SITE).expect(200);
            caller.put("/api/v1/config", "# " + "x".repeat((16 << 20) + 1)).expect(413);
            caller.get("/api/v1/config").expect(200);
        }
    }

    @Test
    void newConnectionsUseTheCertificateThatWasReloaded() throws Exception {
        try (AdminNode other = AdminNode.start()) {
            TestCertificate renewed = TestCertificate.create("renewed", "EC");
            other.server.reload(renewed.server());
            try (HttpClient http = AdminNode.client(renewed, HttpClient.Version.HTTP_1_1)) {
                new Caller(http, other.port, other.token(Role.ADMIN)).get("/api/v1/config").expect(200);
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminServer server = new AdminServer(
                    new AdminSettings(InetAddress.getLoopbackAddress(), taken.getLocalPort(), null),
                    AdminNode.certificate().server(),
                    AdminParts.alone(node.store, node.health, node.node, new io.halite.admin.secret.AesSealer(new byte[32]),
                            node.tokens, node.now::get));
            IOException failure = assertThrows(IOException.class, server::start);
            assertTrue(String.valueOf(failure.getMessage()).contains(":" + taken.getLocalPort()), failure.toString());
            server.close();
        }
    }

    @Test
    void whatIsNoHttpIsAnsweredInTheSameForm() throws Exception {
        try (SSLSocket socket = (SSLSocket) AdminNode.certificate().client().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port)) {
            socket.setSoTimeout(120_000);
            OutputStream out = socket.getOutputStream();
            out.write("GET /api/v1/config HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("content-type: application/problem+json"), answer);
            assertTrue(answer.contains("\"MALFORMED_REQUEST\""), answer);
        }
    }

    @Test
    void aBodyThatNobodyReadsDoesNotHideTheAnswer() throws Exception {
        String body = "#" + "x".repeat(700 << 10);
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (HttpClient http = AdminNode.client(AdminNode.certificate(), version)) {
                new Caller(http, node.port, "").put("/api/v1/config", body).expectProblem(401, "LOGIN_REQUIRED");
                Caller admin = new Caller(http, node.port, node.token(Role.ADMIN));
                admin.put("/api/v1/nothing", body.repeat(10)).expectProblem(404, "NO_SUCH_PATH");
                admin.put("/api/v1/secrets/large", body).expectProblem(413, "BODY_TOO_LARGE");
            }
        }
    }

    @Test
    void encodedPathsAreTheSamePaths() throws Exception {
        HttpResponse<String> reply;
        try (HttpClient http = AdminNode.client(AdminNode.certificate(), HttpClient.Version.HTTP_1_1)) {
            reply = http.send(HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:" + node.port + "/api/v1/config%3Avalidate"))
                    .header("Authorization", "Bearer " + node.token(Role.VIEWER)).header("Content-Type", "application/yaml")
                    .POST(HttpRequest.BodyPublishers.ofString("apiVersion: halite/v1")).build(), BodyHandlers.ofString());
        }
        assertEquals(200, reply.statusCode(), reply.body());
        assertEquals(Optional.empty(), reply.headers().firstValue("Set-Cookie"));
    }
}
