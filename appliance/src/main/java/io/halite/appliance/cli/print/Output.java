package io.halite.appliance.cli.print;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The forms in which a command can print what it found. */
public enum Output {
    TABLE, JSON, YAML, NAME;

    /**
     * Prints one form of the same thing.
     *
     * @param names what {@code -o name} prints, one a line
     */
    public void print(PrintWriter out, Tree tree, List<String> names, Supplier<String> table) {
        String text = switch (this) {
            case TABLE -> table.get();
            case JSON -> TreeText.prettyJson(tree);
            case YAML -> TreeText.yaml(tree);
            case NAME -> names.isEmpty() ? "" : String.join("\n", names) + "\n";
        };
        out.print(text);
        out.flush();
    }

    /** The spelling on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
