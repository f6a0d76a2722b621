package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a config says, its export reads as an equal config; the seed of a failing round is in the message. */
class RoundTripTest {
    private static final int ROUNDS = 500;
    private static final int LONG_ROUNDS = 200_000;

    @Test
    void exportsOfRandomConfigsReadAsEqualConfigs() {
        rounds(1, ROUNDS);
    }

    @Test
    @Tag("long")
    void exportsOfManyRandomConfigsReadAsEqualConfigs() {
        rounds(1_000_000, LONG_ROUNDS);
    }

    private static void rounds(long firstSeed, int count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            ClusterConfig config = new RandomConfig(seed).next();
            Tree tree = ConfigDocument.write(config);
            String yaml = TreeText.yaml(tree);
            assertReads(seed, config, yaml);
            assertReads(seed, config, TreeText.json(tree));
            if (seed % 10 == 0) {
                assertReads(seed, config, TreeText.prettyJson(tree));
                assertEquals(yaml, ConfigDocument.yaml(Documents.valid(yaml)), () -> "seed " + firstSeed);
            }
            assertEquals(config, ConfigObjects.decode(ConfigObjects.encode(config)), "seed " + seed);
            assertTrue(ConfigDiff.of(config, config).isEmpty(), "seed " + seed);
        }
    }

    private static void assertReads(long seed, ClusterConfig config, String text) {
        Outcome outcome = ConfigDocument.read(text.getBytes(StandardCharsets.UTF_8), DocumentRules.NONE);
        List<Problem> errors = outcome.problems().stream().filter(Problem::isError).toList();
        assertEquals(List.of(), errors, () -> "seed " + seed + "\n" + text);
        assertEquals(config, ((Outcome.Valid) outcome).config(), () -> "seed " + seed + "\n" + text);
    }
}
