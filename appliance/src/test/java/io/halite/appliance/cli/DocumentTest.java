package io.halite.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Refusal.DocumentError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
    private static final String WITH_FILE = """
            apiVersion: halite/v1
            certificates:
              shop:
                names: [shop.example.com]
                certificate: { file: shop.pem }
                key: { secret: shop-key }
            pools:
              app: { targets: [ nowhere ] }
            """;

    @TempDir
    Path folder;

    @Test
    void aDocumentWithoutFilesIsSentAsItIs() {
        String text = "apiVersion: halite/v1  # a remark\n";
        Document document = Document.read("site.yaml", text.getBytes(StandardCharsets.UTF_8), folder);
        assertTrue(document.isAsWritten());
        assertEquals(text, document.body());
    }

    @Test
    void certificateFilesAreReadFromTheFolderOfTheDocument() throws IOException {
        Files.writeString(folder.resolve("shop.pem"), "-----BEGIN CERTIFICATE-----\n");
        Files.writeString(folder.resolve("site.yaml"), WITH_FILE);
        Document document = Document.read(folder.resolve("site.yaml").toString());
        assertFalse(document.isAsWritten());
        assertTrue(document.body().contains("{\"pem\":\"-----BEGIN CERTIFICATE-----\\n\"}"), document.body());
    }

    @Test
    void problemsOfWhatWasSentAreToldWithTheLinesOfTheFile() throws IOException {
        Files.writeString(folder.resolve("shop.pem"), "pem");
        Document document = Document.read("site.yaml", WITH_FILE.getBytes(StandardCharsets.UTF_8), folder);
        List<String> lines = document.lines(List.of(
                new DocumentError(1, "/pools/app/targets/0", "NOT_AN_ADDRESS", "no address", "host:port", true),
                new DocumentError(1, "/certificates/shop/certificate/pem", "NOT_PEM", "no certificate", "", true),
                new DocumentError(0, "/pools/app/chek", "UNUSED", "unused", "", false)));
        assertEquals("site.yaml:8: error: no address (/pools/app/targets/0)\n    hint: host:port", lines.get(0));
        assertEquals("site.yaml:5: error: no certificate (/certificates/shop/certificate/pem)", lines.get(1));
        assertEquals("site.yaml:8: warning: unused (/pools/app/chek)", lines.get(2));
    }

    @Test
    void anUnreadableCertificateNamesTheLineAndTheFile() {
        CommandFailure failure = assertThrows(CommandFailure.class,
                () -> Document.read("site.yaml", WITH_FILE.getBytes(StandardCharsets.UTF_8), folder));
        assertEquals(ExitCode.INVALID_DOCUMENT, failure.exitCode());
        assertTrue(failure.lines().getFirst().startsWith("site.yaml:5: error: the certificate file shop.pem"),
                failure.lines().toString());
    }

    @Test
    void textThatIsNoYamlIsToldWithItsLineWithoutANode() {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> Document.read(
                "site.yaml", "pools:\n  app: [\n".getBytes(StandardCharsets.UTF_8), folder));
        assertEquals(ExitCode.INVALID_DOCUMENT, failure.exitCode());
        assertTrue(failure.lines().getFirst().startsWith("site.yaml:"), failure.lines().toString());
    }

    @Test
    void aMissingFileIsAFailure() {
        assertEquals(ExitCode.FAILED, assertThrows(CommandFailure.class,
                () -> Document.read(folder.resolve("none.yaml").toString())).exitCode());
    }
}
