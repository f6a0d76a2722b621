package io.halite.appliance.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.client.Endpoint.Given;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointTest {
    @TempDir
    Path data;

    @BeforeEach
    void aLocalNode() throws IOException {
        Files.writeString(data.resolve("local.json"), "{\"url\":\"https://127.0.0.1:8443\",\"ca\":\"/d/ca.pem\"}");
        Files.writeString(data.resolve("admin.token"), "hlt_local\n");
    }

    @Test
    void theDataDirectoryNamesEverything() {
        Endpoint endpoint = Endpoint.find(given(null, null, null, data.toString()), Map.of());
        assertEquals(new Endpoint(URI.create("https://127.0.0.1:8443"), Path.of("/d/ca.pem"), "hlt_local"), endpoint);
        assertEquals(endpoint, Endpoint.find(given(null, null, null, null), Map.of("HALITE_DATA", data.toString())));
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheDataDirectory() {
        Map<String, String> environment = Map.of("HALITE_URL", "https://env:1", "HALITE_TOKEN", "hlt_env",
                "HALITE_CA", "/env/ca.pem", "HALITE_DATA", data.toString());
        assertEquals(new Endpoint(URI.create("https://env:1"), Path.of("/env/ca.pem"), "hlt_env"),
                Endpoint.find(given(null, null, null, null), environment));
        assertEquals(new Endpoint(URI.create("https://flag:2"), Path.of("/flag/ca.pem"), "hlt_flag"),
                Endpoint.find(given("https://flag:2", "hlt_flag", "/flag/ca.pem", null), environment));
        assertEquals("hlt_flag", Endpoint.find(given(null, "hlt_flag", null, data.toString()), Map.of()).token());
    }

    @Test
    void theLocalTokenIsNotShownToAnotherCluster() {
        assertEquals("", Endpoint.find(given(null, null, "/other/ca.pem", data.toString()), Map.of()).token());
        assertEquals("hlt_local",
                Endpoint.find(given("https://10.0.0.2:8443", null, null, data.toString()), Map.of()).token());
    }

    @Test
    void aMissingNodeIsUnreachableAndSaysHowToFindOne() {
        CommandFailure failure = assertThrows(CommandFailure.class,
                () -> Endpoint.find(given(null, null, null, data.resolve("none").toString()), Map.of()));
        assertEquals(ExitCode.UNREACHABLE, failure.exitCode());
        assertTrue(failure.lines().getLast().contains("halite run"), failure.lines().toString());
    }

    @Test
    void onlyHttpsUrlsAreTaken() {
        for (String url : new String[] {"http://127.0.0.1:8443", "https://", "https://a b"}) {
            assertEquals(ExitCode.USAGE, assertThrows(CommandFailure.class,
                    () -> Endpoint.find(given(url, null, null, data.toString()), Map.of())).exitCode(), url);
        }
        assertEquals(URI.create("https://10.0.0.5:8443"),
                Endpoint.find(given("10.0.0.5:8443", null, null, data.toString()), Map.of()).url());
    }

    private static Given given(
            @Nullable String url, @Nullable String token, @Nullable String ca, @Nullable String data) {
        return new Given(url, token, ca, data);
    }
}
