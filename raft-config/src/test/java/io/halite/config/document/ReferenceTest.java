package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Problem;
import io.halite.config.shape.Key;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The reference of the document says what the code does: its tables are those of the keys, and its examples are valid.
 * {@code HALITE_GOLDEN=write} in the environment writes the tables anew.
 */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference/config.md");
    private static final Pattern TABLE = Pattern.compile("<!-- keys: ([^\n]+) -->\n(.*?)<!-- end -->\n", Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```\n", Pattern.DOTALL);

    private static Map<String, StringBuilder> tables() {
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        DocumentShape.DOCUMENT.keys("", line -> tables
                .computeIfAbsent(line.path().isEmpty() ? "document" : line.path(), path -> new StringBuilder(
                        "| key | value | default | meaning |\n|---|---|---|---|\n"))
                .append(row(line.key())));
        return tables;
    }

    private static String row(Key<?, ?> key) {
        return "| `" + key.name() + "` | " + cell(key.type().says()) + " | " + fallback(key) + " | " + cell(key.says())
                + (key.ahead() ? " *(not in effect yet)*" : "") + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }

    private static String fallback(Key<?, ?> key) {
        if (key.required()) {
            return "*required*";
        }
        Tree tree = key.defaultTree();
        return switch (tree) {
            case null -> "";
            case Tree.Mapping mapping when mapping.entries().isEmpty() -> "";
            case Tree.Sequence list when list.items().isEmpty() -> "";
            case Tree.Text text when text.value().isEmpty() -> "";
            case Tree.Text text -> "`" + text.value() + "`";
            default -> "`" + TreeText.json(tree) + "`";
        };
    }

    @Test
    void theTablesAreThoseOfTheKeys() throws IOException {
        String reference = Files.readString(REFERENCE);
        Map<String, StringBuilder> tables = tables();
        Set<String> missing = new TreeSet<>(tables.keySet());
        String expected = TABLE.matcher(reference).replaceAll(found -> Matcher.quoteReplacement("<!-- keys: "
                + found.group(1) + " -->\n" + table(found, tables, missing) + "<!-- end -->\n"));
        if ("write".equals(System.getenv("HALITE_GOLDEN"))) {
            Files.writeString(REFERENCE, expected);
        } else {
            assertEquals(expected, reference);
        }
        assertTrue(missing.isEmpty(), () -> "objects that the reference does not describe: " + missing);
    }

    /** The table of one or more objects that have the same keys. */
    private static String table(MatchResult found, Map<String, StringBuilder> tables, Set<String> missing) {
        List<String> paths = Pattern.compile(", ").splitAsStream(found.group(1)).toList();
        String table = Documents.get(tables, paths.getFirst()).toString();
        for (String path : paths) {
            assertEquals(table, Documents.get(tables, path).toString(), path);
            missing.remove(path);
        }
        return table;
    }

    @Test
    void theExamplesAreValid() throws IOException {
        Matcher examples = EXAMPLE.matcher(Files.readString(REFERENCE));
        int count = 0;
        while (examples.find()) {
            String example = examples.group(1).replace("{ file: shop.pem }", "{ pem: PEM }").replace("{ file: ca.pem }",
                    "{ pem: PEM }").replace("PEM", "\"" + Documents.text("shop.pem").replace("\n", "\\n") + "\"");
            List<Problem> errors = Documents.read(example).problems().stream().filter(Problem::isError).toList();
            assertEquals(List.of(), errors, () -> example);
            count++;
        }
        assertTrue(count >= 5, "examples: " + count);
    }
}
