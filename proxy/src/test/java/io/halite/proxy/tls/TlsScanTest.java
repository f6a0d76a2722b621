package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.ScriptedTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What testssl.sh finds at an https listener: protocols, ciphers, forward secrecy and the known weaknesses. */
@Tag("peers")
class TlsScanTest {
    private static final int PATIENCE_SECONDS = 400;
    private static final Pattern FINDING = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]*)\".*?\"severity\"\\s*:\\s*\"([^\"]*)\""
            + ".*?\"finding\"\\s*:\\s*\"([^\"]*)\"", Pattern.DOTALL);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(value = TlsEngine.class, names = {"OPENSSL", "JSSE"})
    void nothingWorseThanLow(TlsEngine tls) throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), Engine.AUTO, tls)) {
            Path report = directory.resolve("report.json");
            String output = Peer.run(PATIENCE_SECONDS, "testssl", "--quiet", "--color", "0", "--warnings", "batch",
                    "--nodns", "none", "--ip", "127.0.0.1", "--protocols", "--std", "--fs", "--vulnerable",
                    "--jsonfile", report.toString(), "shop.example.com:" + scene.port());
            List<String> weak = new ArrayList<>();
            List<String> all = new ArrayList<>();
            Matcher findings = FINDING.matcher(Files.readString(report));
            while (findings.find()) {
                all.add(findings.group(1) + "=" + findings.group(3));
                if (List.of("MEDIUM", "HIGH", "CRITICAL", "FATAL").contains(findings.group(2))) {
                    weak.add(findings.group(1) + " " + findings.group(2) + " " + findings.group(3));
                }
            }
            assertTrue(all.stream().anyMatch(line -> line.startsWith("TLS1_3=offered")), output);
            assertTrue(all.stream().anyMatch(line -> line.startsWith("TLS1_2=offered")), output);
            assertTrue(all.contains("TLS1_1=not offered") && all.contains("TLS1=not offered"), output);
            assertEquals(List.of(), weak, output);
            assertEquals("yes", scene.ask().body());
        }
    }
}
