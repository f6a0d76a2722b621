package io.halite.appliance.scenario.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestAuthority;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way to HTTPS: a certificate beside the document, its key as a secret, one apply, and curl trusts the answer. The
 * order of secret and document does not matter, a restart changes nothing, be it with other engines, and a renewed
 * certificate costs no connection. The certificates are made by openssl.
 */
class HttpsListenerIT {
    @TempDir
    Path dir;

    @Test
    void fromAKeyAndACertificateToAnAnswer() throws Exception {
        TestAuthority authority = TestAuthority.in(dir);
        authority.issue("shop");
        try (TestBackend backend = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            Path document = dir.resolve("site.yaml");
            Files.writeString(document, """
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners:
                          - { name: secure, address: "0.0.0.0:%d", protocol: https, certificates: [shop] }
                        routes: [ { forward: app } ]
                    pools:
                      app: { targets: [ "%s" ] }
                    certificates:
                      shop: { names: [shop.example.com], certificate: { file: shop.pem }, key: { secret: shop-key } }
                    """.formatted(port, backend.address()));

            // Without the key the node says what it lacks, and takes up the rest.
            node.cli("apply", "-f", document.toString()).ok();
            node.awaitHealthy("app");
            assertTrue(failures(node).contains("halite secret set shop-key"), failures(node));

            node.cliWithInput(Files.readString(dir.resolve("shop.key")), "secret", "set", "shop-key").ok();
            await().until(() -> curl(port).out().startsWith("one\n"));
            await().until(() -> !failures(node).contains("secret set"));
            assertEquals("400", NodeProcess.curl("-o", dir.resolve("plain").toString(), "-w", "%{http_code}",
                    "http://127.0.0.1:" + port + "/").out());

            // A renewed certificate with another key: the new one is shown, the old key is of no more use.
            String before = serial(port);
            authority.issue("shop");
            node.cliWithInput(Files.readString(dir.resolve("shop.key")), "secret", "set", "shop-key").ok();
            assertTrue(curl(port).out().toLowerCase(Locale.ROOT).contains("x-forwarded-proto: https"));
            node.cli("apply", "-f", document.toString()).ok();
            await().until(() -> !serial(port).equals(before));
            assertTrue(curl(port).out().toLowerCase(Locale.ROOT).contains("x-forwarded-proto: https"));

            node.kill();
            node.restart("--engine", "selector", "--tls-engine", "jsse");
            await().until(() -> curl(port).out().startsWith("one\n"));
            assertTrue(node.log().contains("engine=selector tls=jsse"), node.log());
        }
    }

    private static String failures(NodeProcess node) {
        return node.cli("status", "-o", "json").out();
    }

    private CommandResult curl(int port) {
        return NodeProcess.curl("--cacert", dir.resolve("ca.pem").toString(), "--resolve",
                "shop.example.com:" + port + ":127.0.0.1", "https://shop.example.com:" + port + "/");
    }

    /** The serial number of the certificate that is shown. */
    private String serial(int port) {
        Path shown = dir.resolve("shown.pem");
        CommandResult result = CommandResult.run(List.of("sh", "-c",
                "openssl s_client -connect 127.0.0.1:" + port + " -servername shop.example.com </dev/null 2>/dev/null >"
                        + shown + "; openssl x509 -noout -serial -in " + shown), "", Map.of());
        return result.ok().out().strip();
    }
}
