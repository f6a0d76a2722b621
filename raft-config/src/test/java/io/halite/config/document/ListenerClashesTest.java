package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.HostPort;
import io.halite.config.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners against each other and against the sockets of the node. */
class ListenerClashesTest {
    private static final DocumentRules NODE = new DocumentRules(Map.of(new HostPort("127.0.0.1", 8443), "admin port",
            new HostPort("0.0.0.0", 7100), "cluster port", new HostPort("0:0:0:0:0:0:0:1", 9000), "metrics port"),
            Map.of(new HostPort("127.0.0.1", 53), "DNS port"), Set.of());

    private static List<Problem> errors(String document, DocumentRules rules) {
        return Documents.told(ConfigDocument.read(document.getBytes(StandardCharsets.UTF_8), rules)).problems().stream()
                .filter(Problem::isError).toList();
    }

    private static String listener(String name, String address, String protocol) {
        return "  " + name + ": { listeners: [ { name: l, address: \"" + address + "\", protocol: " + protocol
                + (protocol.equals("http") ? "" : ", pool: p") + " } ] }\n";
    }

    private static String document(String... listeners) {
        return "apiVersion: halite/v1\npools: { p: {} }\nloadBalancers:\n" + String.join("", listeners);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:80, 10.0.0.1:80", "10.0.0.1:80, 0.0.0.0:80", "0.0.0.0:80, 10.0.0.1:80", "10.0.0.1:80, [::]:80",
        "[::]:80, 10.0.0.1:80", "[::]:80, 0.0.0.0:80", "0.0.0.0:80, [::]:80", "[::1]:80, [0:0::1]:80", "[::1]:80, [::]:80"
    })
    void overlappingAddressesClash(String first, String second) {
        List<Problem> errors = errors(document(listener("a", first, "http"), listener("b", second, "tcp")),
                DocumentRules.NONE);
        assertEquals(List.of("LISTENER_CLASH"), errors.stream().map(Problem::code).toList());
        assertEquals(5, errors.getFirst().line());
        assertEquals("/loadBalancers/b/listeners/0", errors.getFirst().pointer());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:80, 10.0.0.1:81, http", "10.0.0.1:80, 10.0.0.2:80, http", "10.0.0.1:80, 10.0.0.1:80, udp",
        "[::1]:80, 10.0.0.1:80, http", "[::1]:80, 0.0.0.0:80, http", "0.0.0.0:0, 0.0.0.0:0, http"
    })
    void otherAddressesPortsAndTransportsDoNot(String first, String second, String protocol) {
        assertEquals(List.of(), errors(document(listener("a", first, "http"), listener("b", second, protocol)),
                DocumentRules.NONE));
    }

    @Test
    void theNodesOwnPortsAreTaken() {
        List<Problem> errors = errors(document(listener("a", "0.0.0.0:8443", "http"), listener("b", "10.0.0.1:7100", "tcp"),
                listener("c", "[::1]:9000", "http"), listener("d", "0.0.0.0:53", "udp")), NODE);
        assertEquals(List.of("the listener a/l on 0.0.0.0:8443 clashes with the node's admin port",
                "the listener b/l on 10.0.0.1:7100 clashes with the node's cluster port",
                "the listener c/l on [::1]:9000 clashes with the node's metrics port",
                "the listener d/l on 0.0.0.0:53 clashes with the node's DNS port"),
                errors.stream().map(Problem::message).toList());
        assertEquals("choose another port, or another for the node", errors.getFirst().hint());
    }

    @Test
    void theNodesPortsOfOtherAddressesAndTransportsAreFree() {
        assertEquals(List.of(), errors(document(listener("a", "127.0.0.2:8443", "http"),
                listener("b", "0.0.0.0:8443", "udp"),
                listener("c", "127.0.0.1:53", "tcp")), NODE));
    }
}
