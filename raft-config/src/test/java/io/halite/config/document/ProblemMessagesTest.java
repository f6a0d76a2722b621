package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every message a document can cause, as a person reads it. {@code problems.txt} holds documents, each followed by its
 * problems: line, pointer, code, sentence, hint.
 */
class ProblemMessagesTest {
    private static final String TRANSCRIPT = "problems.txt";
    private static final String SEPARATOR = "----\n";
    private static final Pattern CODE = Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"");
    /** A call that reports a problem and ends with an empty text. */
    private static final Pattern EMPTY_HINT =
            Pattern.compile("(?:error|warning|failure|wrongType)\\((?:[^;]*?[,:?]\\s*)?\"\"\\s*\\)");
    private static final Pattern CASE = Pattern.compile("(?m)^\n(?=# )");
    /** Codes whose documents are too large for the transcript, or need a node; other tests have them. */
    private static final Set<String> ELSEWHERE =
            Set.of("DOCUMENT_TOO_LARGE", "TOO_DEEP", "TOO_MANY_VALUES", "NOT_UTF8", "MORE_PROBLEMS", "REGEX_TOO_LARGE",
                    "HEADERS_TOO_LARGE", "UNKNOWN_NODE");

    private record Case(String title, String document) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String part : CASE.splitAsStream(Documents.text(TRANSCRIPT)).toList()) {
            int title = part.indexOf('\n');
            cases.add(new Case(part.substring(0, title), part.substring(title + 1, part.indexOf(SEPARATOR))));
        }
        return cases;
    }

    private static String line(Problem problem) {
        return (problem.isError() ? "" : "warning: ") + problem.line() + " " + problem.pointer() + " " + problem.code()
                + ": " + problem.message() + " | " + problem.hint() + "\n";
    }

    @Test
    void everyProblemIsToldWithItsPlaceAndAHint() {
        String transcript = cases().stream().map(each -> each.title() + "\n" + each.document() + SEPARATOR
                + Documents.read(each.document()).problems().stream().map(ProblemMessagesTest::line)
                        .collect(Collectors.joining())).collect(Collectors.joining("\n"));
        Golden.check(TRANSCRIPT, transcript);
    }

    /** Where a document of the transcript does not get to. */
    @Test
    void noHintIsWrittenEmpty() throws IOException {
        List<String> empty = new ArrayList<>();
        for (Path file : sources()) {
            Matcher calls = EMPTY_HINT.matcher(Files.readString(file));
            while (calls.find()) {
                empty.add(file.getFileName() + ": " + calls.group());
            }
        }
        assertEquals(List.of(), empty);
    }

    @Test
    void noCodeIsWithoutAnExample() throws IOException {
        Set<String> shown = new TreeSet<>(ELSEWHERE);
        cases().forEach(each -> Documents.read(each.document()).problems().forEach(problem -> shown.add(problem.code())));
        Set<String> used = new TreeSet<>();
        for (Path file : sources()) {
            Matcher codes = CODE.matcher(Files.readString(file));
            while (codes.find()) {
                used.add(codes.group(1));
            }
        }
        used.removeAll(shown);
        assertEquals(Set.of(), used);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String place : List.of("document", "shape", "tree")) {
            try (Stream<Path> files = Files.list(Path.of("src/main/java/io/halite/config").resolve(place))) {
                files.forEach(sources::add);
            }
        }
        return sources;
    }
}
