package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Problem;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.shape.Reading;
import io.halite.config.tree.TreeLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents made to hurt: each is refused with a sentence, in bounded time and memory. */
class HostileDocumentTest {
    /** Far more than is needed, on a busy machine too: what these tests catch takes hours or all memory. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private static List<Problem> refused(String document) {
        Outcome outcome = assertTimeoutPreemptively(SOON, () -> Documents.read(document));
        return assertInstanceOf(Outcome.Invalid.class, outcome).problems();
    }

    private static Problem only(List<Problem> problems) {
        assertEquals(1, problems.size(), () -> problems.toString());
        return problems.getFirst();
    }

    private static String repeated(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
    }

    @Test
    void moreThanSixteenMebibytesAreNotRead() {
        Problem problem = only(refused("#" + " ".repeat(TreeLimits.DOCUMENT.bytes())));
        assertEquals("DOCUMENT_TOO_LARGE", problem.code());
        assertEquals("at most 16777216 bytes are read", problem.hint());
    }

    @Test
    void aDocumentOfSixteenMebibytesIsRead() {
        String comment = "apiVersion: halite/v1\n# ";
        String filled = comment + "x".repeat(TreeLimits.DOCUMENT.bytes() - comment.length());
        assertInstanceOf(Outcome.Valid.class, assertTimeoutPreemptively(SOON, () -> Documents.read(filled)));
    }

    @Test
    void bytesThatAreNoTextAreTold() {
        byte[] document = {'a', ':', ' ', (byte) 0xc3, (byte) 0x28};
        Problem problem = only(Documents.told(ConfigDocument.read(document, DocumentRules.NONE)).problems());
        assertEquals("NOT_UTF8", problem.code());
        assertEquals("save it as UTF-8", problem.hint());
    }

    @Test
    void deepNestingEndsEarlyInBothSpellings() {
        for (String open : List.of("[", "{\"a\":", "- ")) {
            Problem problem = only(refused(open.repeat(100_000)));
            assertTrue(List.of("TOO_DEEP", "JSON_SYNTAX", "YAML_SYNTAX").contains(problem.code()), problem.toString());
        }
        assertEquals("nested more than 32 levels deep",
                only(refused("apiVersion: halite/v1\npools: " + "[".repeat(40) + "]".repeat(40))).message());
    }

    @Test
    void aliasesCountAsOftenAsTheyAreUsed() {
        StringBuilder bomb = new StringBuilder("apiVersion: halite/v1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 9; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9)).append("*a").append(i - 1).append("]\n");
        }
        Problem problem = only(refused(bomb.toString()));
        assertEquals("TOO_MANY_VALUES", problem.code());
        assertEquals("the text has more than 2000000 values", problem.message());
    }

    @Test
    void anAliasOfAPoolIsAPool() {
        assertEquals(2, Documents.valid("""
                apiVersion: halite/v1
                pools:
                  a: &pool { checkers: 2, targets: [ "10.0.0.1:80" ] }
                  b: *pool
                """).pools().size());
    }

    @Test
    void manyValuesAreRefusedInJson() {
        assertEquals("TOO_MANY_VALUES", only(refused("[" + "1,".repeat(2_100_000) + "1]")).code());
    }

    @Test
    void aThousandProblemsAreListedAndTheRestCounted() {
        List<Problem> problems = refused("apiVersion: halite/v1\npools:\n"
                + repeated(200_000, i -> "  p" + i + ": { colour: x }\n"));
        assertEquals(Reading.MAX_PROBLEMS + 1, problems.size());
        assertEquals("MORE_PROBLEMS", problems.getLast().code());
        assertEquals("199000 more problems are not listed", problems.getLast().message());
    }

    @Test
    void manyKeysGivenTwiceAreCounted() {
        List<Problem> problems = refused("{\"apiVersion\":\"halite/v1\"" + ",\"pools\":{}".repeat(500_000) + "}");
        assertTrue(problems.size() <= Reading.MAX_PROBLEMS + 1, () -> "problems: " + problems.size());
    }

    @Test
    void hugeKeysAreCutInMessagesAndPointers() {
        String key = "k".repeat(4_000_000);
        List<Problem> problems = refused("{\"apiVersion\":\"halite/v1\",\"pools\":{\"" + key + "\":{"
                + repeated(1_000, i -> (i == 0 ? "" : ",") + "\"x" + i + "\":1") + "},\"" + key + "\":1},\"" + key
                + "\":1}");
        assertTrue(problems.stream().allMatch(problem ->
                problem.message().length() + problem.pointer().length() + problem.hint().length() < 1_000));
    }

    @Test
    void manyDanglingReferencesAmongManyNames() {
        List<Problem> problems = refused("apiVersion: halite/v1\npools:\n" + repeated(20_000, i -> "  pool-" + i + ": {}\n")
                + "loadBalancers:\n  a:\n    routes:\n" + repeated(20_000, i -> "      - forward: pol-" + i + "\n"));
        assertEquals(Reading.MAX_PROBLEMS + 1, problems.size());
    }

    @Test
    void expressionsThatWouldFillTheMemoryAreRefused() {
        for (String bomb : List.of("/((a{1,100}){1,100}){1,100}", "/(a{1000}){1000}", "/" + "a{0,900}".repeat(500),
                "/" + "(".repeat(2_000) + "a" + ")".repeat(2_000), "/" + "a".repeat(100_000))) {
            List<Problem> problems = refused("apiVersion: halite/v1\npools: { a: {} }\nloadBalancers: "
                    + "{ a: { routes: [ { match: { path: { regex: '" + bomb + "' } }, forward: a } ] } }\n");
            assertTrue(List.of("REGEX_TOO_LARGE", "INVALID_REGEX").contains(only(problems).code()), problems.toString());
        }
    }

    @Test
    void numbersAreBounded() {
        for (String number : List.of("1e999999999", "9".repeat(1_000), "-1e999", "1e-999999")) {
            String document = "{\"apiVersion\":\"halite/v1\",\"pools\":{\"a\":{\"checkers\":" + number + "}}}";
            assertTrue(!refused(document).isEmpty());
            assertTrue(!refused("apiVersion: halite/v1\npools: { a: { checkers: " + number + " } }").isEmpty());
        }
    }

    @Test
    void everyPrefixOfADocumentIsReadOrRefused() {
        byte[] document = Documents.resource("contract-sample.yaml");
        for (int length = 0; length < document.length; length += 3) {
            String prefix = new String(document, 0, length, StandardCharsets.UTF_8);
            Outcome outcome = Documents.read(prefix);
            assertTrue(outcome instanceof Outcome.Valid || !outcome.problems().isEmpty(), () -> prefix);
        }
    }
}
