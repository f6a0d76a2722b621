package io.halite.admin.api;

import io.halite.config.ClusterConfig;
import io.halite.config.document.ConfigDiff;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The difference of two configs as the API tells it. */
record Diff(ConfigDiff diff) {

    static Diff of(ClusterConfig from, ClusterConfig to, String fromName, String toName) {
        return new Diff(ConfigDiff.of(from, to, fromName, toName));
    }

    boolean isChange() {
        return !diff.isEmpty();
    }

    /** A unified diff of the canonical YAML. */
    String text() {
        return diff.text();
    }

    /** Adds {@code changes}, {@code effects} and {@code diff} to an answer. */
    Tree.MappingBuilder into(Tree.MappingBuilder answer) {
        List<Tree> changes = new ArrayList<>();
        diff.changes().forEach(change -> changes.add(Tree.mapping().put("object", change.object().toString())
                .put("change", change.kind().name().toLowerCase(Locale.ROOT)).build()));
        return answer.put("changes", Tree.list(changes)).put("effects", Tree.texts(diff.effects()))
                .put("diff", diff.text());
    }
}
