package io.halite.config.document;

import io.halite.config.Problem;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the text of the files that a document names into it, for whoever can read them: the command line. Stateless. */
public final class CertificateFiles {
    private CertificateFiles() {}

    /** Reads the text of a file by the name that a document gives. */
    @FunctionalInterface
    public interface TextFiles {
        /** The whole text of the file. */
        String read(String name) throws IOException;
    }

    /**
     * A document whose {@code file} keys were replaced by {@code pem}.
     *
     * @param problems files that could not be read; their keys were left as they were
     */
    public record Inlined(Tree document, List<Problem> problems) {}

    /** Replaces each {@code certificate: { file: NAME }} by {@code certificate: { pem: TEXT }}; lines are kept. */
    public static Inlined inline(Tree document, TextFiles files) {
        Reading reading = new Reading(true);
        Tree inlined = change(document, "certificates", section -> changeEach(section, (name, entry) ->
                change(entry, "certificate", chain -> read(chain, "/certificates/" + name, files, reading))));
        return new Inlined(inlined, reading.problems());
    }

    /** What becomes of a value. */
    @FunctionalInterface
    private interface Change {
        Tree of(Tree value);
    }

    /** What becomes of a named value. */
    @FunctionalInterface
    private interface NamedChange {
        Tree of(String name, Tree value);
    }

    private static Tree change(Tree tree, String key, Change change) {
        return changeEach(tree, (name, value) -> name.equals(key) ? change.of(value) : value);
    }

    private static Tree changeEach(Tree tree, NamedChange change) {
        if (!(tree instanceof Tree.Mapping mapping)) {
            return tree;
        }
        Map<String, Tree> entries = new LinkedHashMap<>();
        mapping.entries().forEach((name, value) -> entries.put(name, change.of(name, value)));
        return new Tree.Mapping(entries, mapping.keyLines(), mapping.line());
    }

    private static Tree read(Tree chain, String pointer, TextFiles files, Reading reading) {
        if (!(chain instanceof Tree.Mapping mapping) || mapping.entries().size() != 1
                || !(mapping.get(CertificateShape.FILE_KEY) instanceof Tree.Text file)) {
            return chain;
        }
        try {
            return new Tree.Mapping(
                    Map.of(CertificateShape.PEM_KEY, new Tree.Text(files.read(file.value()), false, file.line())),
                    Map.of(CertificateShape.PEM_KEY, file.line()), mapping.line());
        } catch (IOException e) {
            reading.add(new Problem(Problem.Severity.ERROR, file.line(),
                    pointer + "/certificate/" + CertificateShape.FILE_KEY, "FILE_NOT_READ",
                    "the file '" + Value.abbreviated(file.value()) + "' cannot be read: " + e.getMessage(),
                    "its name is relative to the document"));
            return chain;
        }
    }
}
