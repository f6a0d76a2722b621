package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.access.Role;
import io.halite.admin.secret.AesSealer;
import io.halite.admin.secret.SecretVault;
import io.halite.admin.testing.AdminNode;
import io.halite.admin.testing.Caller;
import io.halite.admin.testing.Reply;
import io.halite.admin.testing.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets go in and never come out; certificates and zones are checked against the keys that they refer to. */
class SecretsTest {
    private static final String CANARY = "canary-4711-secret";

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
    void aSecretIsSetListedAndRemovedButNeverTold() {
        Reply put = admin.send("PUT", "/api/v1/secrets/bgp-core", CANARY).expect(200);
        assertEquals("bgp-core", put.text("name"));
        Reply list = node.as(Role.VIEWER).get("/api/v1/secrets").expect(200);
        assertEquals("bgp-core", list.text("secrets.0.name"));
        assertEquals("the-admin", list.text("secrets.0.author"));
        admin.get("/api/v1/secrets/bgp-core").expectProblem(405, "METHOD_NOT_ALLOWED");
        for (String path : List.of("/api/v1/secrets", "/api/v1/config", "/api/v1/status", "/api/v1/audit",
                "/api/v1/revisions", "/metrics")) {
            assertFalse(admin.get(path).body().contains(CANARY), path);
        }
        assertFalse(node.store.systemRecords("").toString().contains(CANARY), "sealed in the store");
        admin.send("DELETE", "/api/v1/secrets/bgp-core", "").expect(200);
        admin.send("DELETE", "/api/v1/secrets/bgp-core", "").expectProblem(404, "NOT_FOUND");
    }

    @Test
    void onlyAProperSecretIsTaken() {
        admin.send("PUT", "/api/v1/secrets/empty", "").expectProblem(422, "EMPTY_SECRET");
        admin.send("PUT", "/api/v1/secrets/NAME", "x").expectProblem(422, "INVALID_NAME");
        admin.send("PUT", "/api/v1/secrets/large", "x".repeat(SecretVault.MAX_BYTES + 1))
                .expectProblem(413, "BODY_TOO_LARGE");
        admin.send("PUT", "/api/v1/secrets/large", "x".repeat(SecretVault.MAX_BYTES)).expect(200);
        assertEquals(SecretVault.MAX_BYTES,
                new SecretVault(node.store, new AesSealer(new byte[32])).open("large").orElseThrow().length);
    }

    @Test
    void aCertificateWhoseKeyIsNotThereYetIsAWarning() {
        Reply reply = admin.put("/api/v1/config", certificate(TestCertificate.create("shop", "EC"))).expect(200);
        assertEquals("SECRET_MISSING", reply.text("warnings.0.code"));
        assertEquals("/certificates/shop/key/secret", reply.text("warnings.0.pointer"));
    }

    @Test
    void aKeyMustBelongToItsCertificate() {
        for (String algorithm : List.of("EC", "RSA")) {
            TestCertificate shop = TestCertificate.create("shop", algorithm);
            admin.send("PUT", "/api/v1/secrets/shop-key", TestCertificate.create("other", "EC").keyPem()).expect(200);
            admin.put("/api/v1/config?dryRun=true", certificate(shop)).expectProblem(422, "INVALID_DOCUMENT");
            Reply wrong = admin.send("POST", "/api/v1/config:validate", certificate(shop), "Content-Type",
                    "application/yaml").expectProblem(422, "INVALID_DOCUMENT");
            assertEquals("KEY_MISMATCH", wrong.text("errors.0.code"));
            admin.send("PUT", "/api/v1/secrets/shop-key", shop.keyPem()).expect(200);
            assertEquals(0, admin.put("/api/v1/config", certificate(shop)).expect(200).size("warnings"));
            admin.send("DELETE", "/api/v1/secrets/shop-key", "").expectProblem(409, "SECRET_IN_USE");
            assertEquals("certificates/shop", admin.get("/api/v1/secrets").text("secrets.0.usedBy.0"));
            Reply replaced = admin.send("PUT", "/api/v1/secrets/shop-key", "no key at all").expect(200);
            assertEquals("INVALID_KEY", replaced.text("warnings.0.code"));
        }
    }

    @Test
    void aZoneWhoseTransferKeyIsNotThereYetIsAWarning() {
        String zone = """
                apiVersion: halite/v1
                zones:
                  lb.example.net:
                    nameservers: [ ns-1.example.org, ns-2.example.org ]
                    transfer: { key: { name: xfr.example.net, secret: xfr } }
                """;
        Reply missing = admin.put("/api/v1/config", zone).expect(200);
        assertEquals("SECRET_MISSING", missing.text("warnings.0.code"));
        assertEquals("/zones/lb.example.net/transfer/key/secret", missing.text("warnings.0.pointer"));
        Reply unusable = admin.send("PUT", "/api/v1/secrets/xfr", "!").expect(200);
        assertEquals("INVALID_KEY", unusable.text("warnings.0.code"));
        assertEquals("INVALID_KEY", admin.put("/api/v1/config", zone).expect(200).text("warnings.0.code"));
        assertEquals(0, admin.send("PUT", "/api/v1/secrets/xfr", "c2VjcmV0\n").expect(200).size("warnings"));
        assertEquals(0, admin.put("/api/v1/config", zone).expect(200).size("warnings"));
        admin.send("DELETE", "/api/v1/secrets/xfr", "").expectProblem(409, "SECRET_IN_USE");
    }

    @Test
    void keysOfOpenSslAreReadWithWhatStandsBeforeThem() {
        TestCertificate shop = TestCertificate.create("shop", "EC");
        admin.send("PUT", "/api/v1/secrets/shop-key", shop.sec1Pem()).expect(200);
        assertEquals(0, admin.put("/api/v1/config", certificate(shop)).expect(200).size("warnings"));
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
        Reply refused = admin.send("PUT", "/api/v1/secrets/shop-key", encrypted).expect(200);
        assertTrue(refused.text("warnings.0.code").endsWith("_KEY"), refused.body());
    }

    @Test
    void aSealedSecretOpensOnlyUnderItsNameAndKey() {
        AesSealer sealer = new AesSealer(new byte[32]);
        byte[] secret = CANARY.getBytes(StandardCharsets.UTF_8);
        String sealed = sealer.seal("a", secret);
        assertArrayEquals(secret, sealer.open("a", sealed));
        assertFalse(sealed.equals(sealer.seal("a", secret)), "a new nonce each time");
        assertThrows(IllegalArgumentException.class, () -> sealer.open("b", sealed));
        byte[] other = new byte[32];
        other[0] = 1;
        assertThrows(IllegalArgumentException.class, () -> new AesSealer(other).open("a", sealed));
        assertThrows(IllegalArgumentException.class, () -> sealer.open("a", sealed.substring(0, sealed.length() - 8)));
        assertThrows(IllegalArgumentException.class, () -> sealer.open("a", "v9:xxxx"));
        assertThrows(IllegalArgumentException.class, () -> sealer.open("a", "v1:AAAA"));
        assertThrows(IllegalArgumentException.class, () -> new AesSealer(new byte[16]));
    }

    private static String certificate(TestCertificate shop) {
        return "apiVersion: halite/v1\ncertificates:\n  shop:\n    names: [ shop.example.com ]\n"
                + "    certificate:\n      pem: |\n" + shop.pem().indent(8) + "    key: { secret: shop-key }\n";
    }

    @Test
    void theDocumentHoldsNoKey() {
        TestCertificate shop = TestCertificate.create("shop", "EC");
        Reply reply = admin.put("/api/v1/config", certificate(shop) + "pools:\n  app:\n    key: |\n"
                + shop.keyPem().indent(6)).expectProblem(422, "INVALID_DOCUMENT");
        assertFalse(reply.body().contains("PRIVATE KEY-----"), "no secret is echoed");
        assertTrue(reply.body().contains("/pools/app/key"), reply.body());
    }
}
