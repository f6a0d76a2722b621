package io.halite.config.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.halite.config.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees survive both spellings, and text that is no tree is refused with its line. */
class TreeTextTest {
    private static final String[] WORDS = {
        "", "a", "true", "no", "1", "-1", "0x1f", "1e5", "012", "1_0", ".5", "a: b", "- a", "#", "a #b", "*a", "&a",
        "!a", "%a", "@a", "`a", "{a", "[a", "a,b", "'", "\"", "\\", "\n", "a\nb\n", "\n\n", "\t", " a", "a ", "---",
        "...", "~", "null", "é", "\u2028", "\uFEFF", "\u0085", "\u0007", "\uD83D\uDE00", "=", "<<", "?", ":", "a:"
    };

    private static Tree read(String text) throws TreeSyntaxException {
        return TreeText.read(text.getBytes(StandardCharsets.UTF_8), TreeLimits.REQUEST);
    }

    private static Problem refused(String text) {
        return assertThrows(TreeSyntaxException.class, () -> read(text)).problem();
    }

    /** The tree as compact JSON, which tells text from numbers. */
    private static String json(String text) throws TreeSyntaxException {
        return TreeText.json(read(text));
    }

    @Test
    void scalarsOfYamlFollowTheJsonSchema() throws TreeSyntaxException {
        assertEquals("{\"a\":1,\"b\":1.5,\"c\":true,\"d\":null,\"e\":\"yes\",\"f\":\"012\",\"g\":\"1\",\"h\":null,"
                + "\"i\":\"0x1f\"}",
                json("a: 1\nb: 1.5\nc: true\nd: null\ne: yes\nf: 012\ng: \"1\"\nh:\ni: 0x1f\n"));
    }

    @Test
    void linesAreKept() throws TreeSyntaxException {
        Tree.Mapping tree = (Tree.Mapping) read("a:\n  - x\n  - b: 1\nc: d\n");
        assertEquals(4, tree.keyLines().get("c"));
        assertEquals(3, ((Tree.Sequence) tree.entries().getOrDefault("a", new Tree.Null(0))).items().get(1).line());
        Tree.Mapping jsonTree = (Tree.Mapping) read("{\n\"a\": 1,\n\"c\": {}}");
        assertEquals(3, jsonTree.keyLines().get("c"));
    }

    @Test
    void flowStyleYamlIsNoJsonButIsRead() throws TreeSyntaxException {
        assertEquals("{\"a\":[\"b\",\"c\"]}", json("{ a: [ b, c ] }"));
        assertEquals("\"text\"", json("\"text\""));
        assertEquals("{\"a\":1}", json("\uFEFF{\"a\": 1}"));
    }

    @Test
    void randomTreesReadBackFromYamlAndJson() throws TreeSyntaxException {
        for (long seed = 1; seed <= 3_000; seed++) {
            Tree tree = tree(new Random(seed), 4);
            String expected = TreeText.json(tree);
            String yaml = TreeText.yaml(tree);
            assertEquals(expected, json(yaml), () -> yaml);
            assertEquals(expected, json(expected));
            assertEquals(expected, json(TreeText.prettyJson(tree)));
        }
    }

    private static Tree tree(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 8)) {
            case 0 -> Tree.number(random.nextInt(2_000) - 1_000);
            case 1 -> Tree.bool(random.nextBoolean());
            case 2, 3 -> Tree.text(word(random));
            case 4, 5 -> {
                List<Tree> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(tree(random, depth - 1));
                }
                yield Tree.list(items);
            }
            default -> {
                Tree.MappingBuilder mapping = Tree.mapping();
                for (int i = random.nextInt(4); i > 0; i--) {
                    mapping.put(word(random), tree(random, depth - 1));
                }
                yield mapping.build();
            }
        };
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)] + WORDS[random.nextInt(WORDS.length)];
    }

    @Test
    void duplicatesEndReadingUnlessSomebodyListens() throws TreeSyntaxException {
        assertEquals("DUPLICATE_KEY", refused("a: 1\na: 2\n").code());
        List<Problem> heard = new ArrayList<>();
        Tree tree = TreeText.read("a: 1\nb: { c: 1, c: 2 }\na: 2\n".getBytes(StandardCharsets.UTF_8), TreeLimits.REQUEST,
                heard::add);
        assertEquals("{\"a\":1,\"b\":{\"c\":1}}", TreeText.json(tree));
        assertEquals(List.of("/b/c", "/a"), heard.stream().map(Problem::pointer).toList());
        assertEquals(List.of(2, 3), heard.stream().map(Problem::line).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1", "a: [", "a: 'x", "a: b: c", "\ta: 1", "a: &x [*x]", "{\"a\"}}"})
    void whatIsNoTreeIsRefusedWithALine(String text) {
        Problem problem = refused(text);
        assertEquals(1, problem.line(), problem::toString);
        assertEquals(true, problem.code().endsWith("_SYNTAX"), problem::toString);
    }

    @Test
    void limitsHold() {
        assertEquals("DOCUMENT_TOO_LARGE", refused(" ".repeat(TreeLimits.REQUEST.bytes() + 1)).code());
        assertEquals("TOO_DEEP", refused("[".repeat(17) + "]".repeat(17)).code());
        assertEquals("TOO_MANY_VALUES", refused("[" + "1,".repeat(10_000) + "1]").code());
    }
}
