package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.Problem.Severity;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.util.List;

/** The {@code halite/v1} document: parse with every problem at once, validate, and write canonically. Stateless. */
public final class ConfigDocument {
    private ConfigDocument() {}

    /** The outcome of reading a document. */
    public sealed interface Outcome {
        /** Problems in the order of the text. */
        List<Problem> problems();

        /** The document may be applied; {@code problems} holds warnings only. */
        record Valid(ClusterConfig config, List<Problem> problems) implements Outcome {}

        /** The document is refused; {@code problems} holds at least one error. */
        record Invalid(List<Problem> problems) implements Outcome {}
    }

    /** Reads YAML or JSON text. */
    public static Outcome read(byte[] text, DocumentRules rules) {
        Reading reading = new Reading(true);
        try {
            return read(TreeText.read(text, TreeLimits.DOCUMENT, reading::add), rules, reading);
        } catch (TreeSyntaxException e) {
            reading.add(e.problem());
            return new Outcome.Invalid(reading.problems());
        }
    }

    /** Reads a tree. */
    public static Outcome read(Tree tree, DocumentRules rules) {
        return read(tree, rules, new Reading(true));
    }

    private static Outcome read(Tree tree, DocumentRules rules, Reading reading) {
        if (tree instanceof Tree.Null) {
            reading.add(new Problem(Severity.ERROR, tree.line(), "", "EMPTY_DOCUMENT", "the document is empty",
                    "an empty config is `apiVersion: " + DocumentShape.VERSION + "`"));
            return new Outcome.Invalid(reading.problems());
        }
        ClusterConfig config = DocumentShape.DOCUMENT.read(Value.root(tree, reading));
        if (config != null) {
            CrossChecks.check(tree, config, rules, reading);
        }
        return config == null || reading.hasErrors() ? new Outcome.Invalid(reading.problems())
                : new Outcome.Valid(config, reading.problems());
    }

    /** The canonical tree: sorted names, defaults left out, short forms where they say it all. */
    public static Tree write(ClusterConfig config) {
        return DocumentShape.DOCUMENT.write(config);
    }

    /** The canonical YAML text. */
    public static String yaml(ClusterConfig config) {
        return TreeText.yaml(write(config));
    }

    /** The JSON Schema (2020-12) of the document, for editors. */
    public static Tree schema() {
        Tree.MappingBuilder schema = Tree.mapping().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Halite config document, " + DocumentShape.VERSION);
        DocumentShape.DOCUMENT.schema().entries().forEach(schema::put);
        return schema.build();
    }
}
