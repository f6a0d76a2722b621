package io.halite.proxy.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an access log that is being written. */
public record LogFile(Path path) {

    /** So many lines and no more, each of them an object with no name twice. */
    public List<Map<String, String>> lines(int expected) throws IOException {
        await().until(() -> Files.exists(path) && Files.readAllLines(path).size() >= expected);
        List<Map<String, String>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            lines.add(parsed(line));
        }
        assertEquals(expected, lines.size(), lines.toString());
        return lines;
    }

    private static Map<String, String> parsed(String line) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                assertNull(fields.put(name, json.getText()), name);
            }
            assertNull(json.nextToken());
        }
        return fields;
    }
}
