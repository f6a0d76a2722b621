package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.halite.config.Cidr;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.document.ConfigDocument.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Reading of documents and test resources, for tests. */
final class Documents {
    private Documents() {}

    static byte[] resource(String name) {
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            assertNotNull(in, name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    static String text(String name) {
        return new String(resource(name), StandardCharsets.UTF_8);
    }

    static Outcome read(String text) {
        return told(ConfigDocument.read(text.getBytes(StandardCharsets.UTF_8), DocumentRules.NONE));
    }

    /** An outcome each of whose problems has a code, a sentence and a hint: no test need ask for that again. */
    static Outcome told(Outcome outcome) {
        for (Problem problem : outcome.problems()) {
            assertFalse(problem.code().isBlank() || problem.message().isBlank() || problem.hint().isBlank(),
                    problem::toString);
        }
        return outcome;
    }

    /** The config of a document that must be valid. */
    static ClusterConfig valid(String text) {
        Outcome outcome = read(text);
        assertEquals(List.of(), outcome.problems().stream().filter(Problem::isError).toList(), () -> text);
        return assertInstanceOf(Outcome.Valid.class, outcome).config();
    }

    static Cidr cidr(String text) {
        Cidr cidr = Addresses.cidr(text);
        if (cidr == null) {
            throw new IllegalArgumentException(text);
        }
        return cidr;
    }

    static <T> T get(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new AssertionError("no '" + name + "' in " + map.keySet());
        }
        return found;
    }
}
