package io.halite.config.raft;

import io.halite.config.ClusterConfig;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.config.store.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Configs and origins for tests. */
final class TestConfigs {
    private TestConfigs() {}

    static ClusterConfig parse(String yaml) {
        byte[] text = ("apiVersion: halite/v1\n" + yaml).getBytes(StandardCharsets.UTF_8);
        return switch (ConfigDocument.read(text, DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> valid.config();
            case ConfigDocument.Outcome.Invalid invalid -> throw new AssertionError(invalid.problems());
        };
    }

    /** One pool whose only target's port says which change it was. */
    static ClusterConfig numbered(int number) {
        return parse("pools: { web: { targets: [ { name: t, address: \"10.0.0.1:" + (1 + number % 65_535)
                + "\" } ] } }\n");
    }

    static int number(ClusterConfig config) {
        return config.pools().values().iterator().next().targets().getFirst().address().port() - 1;
    }

    static ClusterConfig pools(int count) {
        StringBuilder yaml = new StringBuilder("pools:\n");
        for (int i = 0; i < count; i++) {
            yaml.append("  pool-").append(i).append(": { targets: [\"10.0.").append(i / 250).append('.')
                    .append(i % 250).append(":80\"] }\n");
        }
        return parse(yaml.toString());
    }

    static Origin origin() {
        return origin(UUID.randomUUID().toString());
    }

    static Origin origin(String requestId) {
        return new Origin("tester", "a test", Instant.ofEpochSecond(1_700_000_000), requestId);
    }
}
