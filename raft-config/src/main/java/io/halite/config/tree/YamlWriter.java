package io.halite.config.tree;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes block-style YAML that {@link YamlReader} reads back as the same tree. One instance writes one text. */
final class YamlWriter {
    /** Text that needs no quotes anywhere: begins harmlessly and holds no indicator of YAML. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/.*_][A-Za-z0-9/._*+=$()-]*|[0-9][A-Za-z0-9/._%-]*");
    private static final Pattern BLOCK_LINE = Pattern.compile("[^\\p{Cntrl}\\u007F-\\u009F\\uFEFF\\u2028\\u2029]*");

    private static final Pattern NUMBER_LIKE = Pattern.compile(
            "[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|\\.[0-9_]+([eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+");
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
    private static final int MAX_FLOW = 60;
    private static final int MAX_PLAIN = 200;

    private final StringBuilder out = new StringBuilder();

    String write(Tree tree) {
        switch (tree) {
            case Tree.Mapping mapping when !mapping.entries().isEmpty() -> mapping(mapping, 0);
            case Tree.Sequence sequence when !sequence.items().isEmpty() -> sequence(sequence, 0);
            default -> {
                scalar(tree, 0);
                out.append('\n');
            }
        }
        return out.toString();
    }

    private void mapping(Tree.Mapping mapping, int indent) {
        boolean first = true;
        for (Map.Entry<String, Tree> entry : mapping.entries().entrySet()) {
            if (!first || indent == 0 || out.charAt(out.length() - 1) == '\n') {
                out.repeat(' ', indent);
            }
            first = false;
            out.append(quoted(entry.getKey())).append(':');
            under(entry.getValue(), indent);
        }
    }

    /** Whether a list is best written on one line: a few short words, of which none needs quotes. */
    private static boolean isShort(Tree.Sequence sequence) {
        int length = 0;
        for (Tree item : sequence.items()) {
            boolean plain = item instanceof Tree.Text text && quoted(text.value()).equals(text.value());
            length += plain ? ((Tree.Text) item).value().length() + 2 : 0;
            if (!plain || length > MAX_FLOW) {
                return false;
            }
        }
        return true;
    }

    private void flow(Tree.Sequence sequence) {
        String separator = "[";
        for (Tree item : sequence.items()) {
            out.append(separator);
            scalar(item, 0);
            separator = ", ";
        }
        out.append("]\n");
    }

    /** What follows a key. */
    private void under(Tree value, int indent) {
        switch (value) {
            case Tree.Mapping mapping when !mapping.entries().isEmpty() -> {
                out.append('\n');
                mapping(mapping, indent + 2);
            }
            case Tree.Sequence sequence when !sequence.items().isEmpty() && isShort(sequence) -> {
                out.append(' ');
                flow(sequence);
            }
            case Tree.Sequence sequence when !sequence.items().isEmpty() -> {
                out.append('\n');
                sequence(sequence, indent + 2);
            }
            default -> {
                out.append(' ');
                scalar(value, indent + 2);
                out.append('\n');
            }
        }
    }

    private void sequence(Tree.Sequence sequence, int indent) {
        boolean first = true;
        for (Tree item : sequence.items()) {
            if (!first || indent == 0 || out.charAt(out.length() - 1) == '\n') {
                out.repeat(' ', indent);
            }
            first = false;
            out.append("- ");
            switch (item) {
                case Tree.Mapping mapping when !mapping.entries().isEmpty() -> mapping(mapping, indent + 2);
                case Tree.Sequence inner when !inner.items().isEmpty() && isShort(inner) -> flow(inner);
                case Tree.Sequence inner when !inner.items().isEmpty() -> sequence(inner, indent + 2);
                default -> {
                    scalar(item, indent + 2);
                    out.append('\n');
                }
            }
        }
    }

    private void scalar(Tree tree, int indent) {
        switch (tree) {
            case Tree.Mapping ignored -> out.append("{}");
            case Tree.Sequence ignored -> out.append("[]");
            case Tree.Text text when isBlock(text.value()) -> block(text.value(), indent);
            case Tree.Text text -> out.append(quoted(text.value()));
            case Tree.Num number -> out.append(number.text());
            case Tree.Bool bool -> out.append(bool.value());
            case Tree.Null ignored -> out.append("null");
        }
    }

    /** Whether text is best written as a literal block: several plain lines, ended by one line feed. */
    private static boolean isBlock(String text) {
        int last = text.length() - 1;
        return last > 0 && text.indexOf('\n') < last && text.charAt(last) == '\n' && text.charAt(last - 1) != '\n'
                && text.charAt(0) != ' ' && text.charAt(0) != '\n'
                && text.lines().allMatch(line -> BLOCK_LINE.matcher(line).matches() && !line.isBlank())
                && text.indexOf('\r') < 0;
    }

    private void block(String text, int indent) {
        out.append('|');
        text.lines().forEach(line -> {
            out.append('\n').repeat(' ', indent).append(line);
        });
    }

    /** Text without quotes where every reader of YAML, the old 1.1 included, takes it for text. */
    private static String quoted(String text) {
        boolean plain = text.length() <= MAX_PLAIN && PLAIN.matcher(text).matches() && !NUMBER_LIKE.matcher(text).matches()
                && !WORDS.contains(text.toLowerCase(Locale.ROOT)) && !text.startsWith("*") && !text.startsWith("---")
                && !text.startsWith("...");
        return plain ? text : escaped(TreeText.json(Tree.text(text)));
    }

    /** JSON text, with escapes for what YAML takes for a line break or does not allow. */
    private static String escaped(String json) {
        if (BLOCK_LINE.matcher(json).matches()) {
            return json;
        }
        StringBuilder escaped = new StringBuilder();
        json.chars().forEach(c -> {
            if (BLOCK_LINE.matcher(Character.toString(c)).matches()) {
                escaped.append((char) c);
            } else {
                escaped.append(String.format("\\u%04x", c));
            }
        });
        return escaped.toString();
    }
}
