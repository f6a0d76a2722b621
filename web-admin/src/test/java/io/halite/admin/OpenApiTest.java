package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.http.Endpoint;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Reply;
import io.halite.admin.testing.Shapes;
import io.halite.config.tree.Tree;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The description of the API is served, complete, and true of the answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private AdminNode node;
    private Tree.Mapping description;

    @BeforeAll
    void start() throws Exception {
        node = AdminNode.start(parts -> parts.withDns(DnsAskTest::explain));
        Reply reply = node.with("").get("/api/v1/openapi.yaml").expect(200);
        assertEquals("application/yaml", reply.header("Content-Type"));
        description = (Tree.Mapping) reply.tree();
        node.admin().put("/api/v1/config", ConfigDocumentTest.SITE).expect(200);
        node.admin().send("PUT", "/api/v1/secrets/key", "x").expect(200);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private static Tree.Mapping object(Tree.Mapping parent, String key) {
        return parent.get(key) instanceof Tree.Mapping object ? object : Tree.mapping().build();
    }

    @Test
    void itListsEveryOperationWithItsRoleAndNoOther() {
        Map<String, String> described = new TreeMap<>();
        object(description, "paths").entries().forEach((path, operations) ->
                ((Tree.Mapping) operations).entries().forEach((method, operation) -> described.put(
                        method.toUpperCase(Locale.ROOT) + " " + path,
                        ((Tree.Mapping) operation).get("x-halite-role") instanceof Tree.Text role ? role.value() : "open")));
        Map<String, String> served = new TreeMap<>();
        for (Endpoint endpoint : node.server.endpoints()) {
            Role role = endpoint.role();
            served.put(endpoint.method() + " " + endpoint.template(), role == null ? "open" : role.key());
        }
        assertEquals(String.join("\n", lines(served)), String.join("\n", lines(described)));
    }

    private static Iterable<String> lines(Map<String, String> operations) {
        return operations.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList();
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsUsed() {
        Shapes shapes = new Shapes(description);
        assertEquals("[]", shapes.dangling().toString());
        assertEquals("[]", shapes.unused().toString());
    }

    @Test
    void answersHaveTheShapesThatItDescribes() {
        Shapes shapes = new Shapes(description);
        Map<String, String> asked = new TreeMap<>(Map.of(
                "/api/v1/status", "Status", "/api/v1/nodes", "Nodes", "/api/v1/nodes/lb-1", "Node",
                "/api/v1/assignments", "Assignments", "/api/v1/revisions", "Revisions",
                "/api/v1/revisions/1", "RevisionDetail", "/api/v1/revisions/0...1", "Diff",
                "/api/v1/tokens", "Tokens", "/api/v1/secrets", "Secrets", "/api/v1/audit", "Audit"));
        asked.put("/api/v1/pools/app/targets/10-0-0-11-8080", "Target");
        asked.put("/api/v1/status/pools/app", "PoolStatus");
        asked.put("/api/v1/status/loadBalancers/shop", "LoadBalancerStatus");
        asked.put("/api/v1/session", "Session");
        asked.forEach((path, schema) ->
                assertEquals("[]", shapes.problems(schema, node.admin().get(path).expect(200).tree()).toString(), path));
        assertEquals("[]", shapes.problems("Applied", node.admin().put("/api/v1/config", ConfigDocumentTest.SITE)
                .expect(200).tree()).toString());
        assertEquals("[]", shapes.problems("Applied", node.admin().put("/api/v1/config?dryRun=true",
                "apiVersion: halite/v1").expect(200).tree()).toString());
        assertEquals("[]", shapes.problems("Problem", node.admin().put("/api/v1/config", "pools: 1").expect(422).tree())
                .toString());
        assertEquals("[]", shapes.problems("Problem", node.admin().get("/api/v1/nothing").expect(404).tree()).toString());
        assertEquals("[]", shapes.problems("Trace", node.admin().post("/api/v1/trace", "{\"url\":\"http://x/\"}")
                .expect(200).tree()).toString());
        assertEquals("[]", shapes.problems("DnsAnswer", node.admin().post("/api/v1/dns:ask",
                "{\"name\":\"lb.example.net\"}").expect(200).tree()).toString());
        assertEquals("[]", shapes.problems("Token", node.admin().post("/api/v1/tokens",
                "{\"name\":\"x\",\"role\":\"viewer\",\"ttl\":\"1h\"}").expect(201).tree()).toString());
        assertTrue(shapes.problems("Status", Tree.mapping().put("leader", 1).put("x", 2).build()).size() > 5,
                "the check itself finds what is wrong");
    }

    @Test
    void theSchemaOfTheDocumentIsServed() {
        Reply reply = node.as(Role.VIEWER).get("/api/v1/schema.json").expect(200);
        assertEquals("application/schema+json", reply.header("Content-Type"));
        assertTrue(reply.body().contains("2020-12"), reply.body());
    }
}
