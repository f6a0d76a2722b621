package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteEditDocumentTest {
    /** A head and what is added to it must fit into one buffer of the relay. */
    @Test
    void addedHeadersHaveABound() {
        String document = """
                apiVersion: halite/v1
                pools: { app: {} }
                loadBalancers: { a: { routes: [ { forward: app, %s: { set: { x-a: "%s" }, add: { x-b: "%s" } } } ] } }
                """;
        for (String key : List.of("requestHeaders", "responseHeaders")) {
            assertEquals(List.of("HEADERS_TOO_LARGE"),
                    codes(document.formatted(key, "x".repeat(4_100), "y".repeat(4_100))));
            assertEquals(List.of(), codes(document.formatted(key, "x".repeat(4_000), "y".repeat(4_000))));
        }
    }

    private static List<String> codes(String document) {
        return Documents.read(document).problems().stream().filter(Problem::isError).map(Problem::code).toList();
    }
}
