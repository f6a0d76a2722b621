package io.halite.appliance.cli;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Refusal.DocumentError;
import io.halite.config.Problem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A config document as the user wrote it, and as it is sent: files that it names are read and put in their place. Knows
 * which line of the user's text each part comes from.
 *
 * @param label how the file is called in messages
 * @param body what is sent
 * @param isAsWritten whether the body is the user's own text, so that lines of the node's answer are lines of the file
 */
public record Document(String label, Tree tree, String body, boolean isAsWritten) {

    /** Reads a file, or standard input for {@code -}. */
    public static Document read(String file) {
        return read(file.equals("-") ? "stdin" : file, bytes(file),
                file.equals("-") ? Path.of("") : Path.of(file).toAbsolutePath().getParent());
    }

    /**
     * Reads text.
     *
     * @param folder where the files that it names are looked for
     */
    static Document read(String label, byte[] text, @Nullable Path folder) {
        Tree tree;
        try {
            tree = TreeText.read(text, TreeLimits.DOCUMENT);
        } catch (TreeSyntaxException e) {
            Problem problem = e.problem();
            throw invalid(List.of(line(label, problem.line(), "error", problem.message(), problem.pointer(),
                    problem.hint())), label);
        }
        Tree inlined = inlined(tree, label, folder == null ? Path.of("") : folder);
        boolean same = inlined.equals(tree);
        return new Document(label, tree,
                same ? new String(text, StandardCharsets.UTF_8) : TreeText.json(inlined), same);
    }

    private static byte[] bytes(String file) {
        try {
            return file.equals("-") ? System.in.readNBytes(TreeLimits.DOCUMENT.bytes() + 1)
                    : Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.FAILED, "there is no file " + file,
                    "give the path of a document, or - for standard input");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage(),
                    "give the path of a document that you may read, or - for standard input");
        }
    }

    /** The document with each {@code certificate: { file: F }} replaced by the text of F; the same if there is none. */
    private static Tree inlined(Tree document, String label, Path folder) {
        if (!(document instanceof Tree.Mapping root) || !(root.get("certificates") instanceof Tree.Mapping all)) {
            return document;
        }
        Map<String, Tree> certificates = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<String, Tree> entry : all.entries().entrySet()) {
            Tree certificate = entry.getValue();
            if (certificate instanceof Tree.Mapping settings
                    && settings.get("certificate") instanceof Tree.Mapping chain
                    && chain.get("file") instanceof Tree.Text file) {
                certificate = with(settings, "certificate", Tree.mapping().put("pem", pem(file, label, folder)).build());
                changed = true;
            }
            certificates.put(entry.getKey(), certificate);
        }
        return changed ? with(root, "certificates", new Tree.Mapping(certificates, all.keyLines(), all.line())) : document;
    }

    private static String pem(Tree.Text file, String label, Path folder) {
        try {
            return Files.readString(folder.resolve(file.value()));
        } catch (IOException e) {
            throw invalid(List.of(line(label, file.line(), "error",
                    "the certificate file " + file.value() + " cannot be read", "",
                    "its path is relative to the folder of the document")), label);
        }
    }

    private static Tree.Mapping with(Tree.Mapping object, String key, Tree value) {
        Map<String, Tree> entries = new LinkedHashMap<>(object.entries());
        entries.put(key, value);
        return new Tree.Mapping(entries, object.keyLines(), object.line());
    }

    /** The media type of the body. */
    String mediaType() {
        return isAsWritten ? "application/yaml" : "application/json";
    }

    /** The failure of a command whose document a node refused, with every problem. */
    public CommandFailure refused(List<DocumentError> errors) {
        return invalid(lines(errors), errors.stream().filter(DocumentError::isError).count(), label);
    }

    /** Problems as {@code FILE:LINE: error: message (pointer)} or {@code warning}, each followed by its hint. */
    List<String> lines(List<DocumentError> problems) {
        List<String> lines = new ArrayList<>();
        for (DocumentError problem : problems) {
            int line = isAsWritten && problem.line() > 0 ? problem.line() : lineOf(problem.pointer());
            lines.add(line(label, line, problem.isError() ? "error" : "warning", problem.message(), problem.pointer(),
                    problem.hint()));
        }
        return lines;
    }

    /** Where the value of a pointer, or the nearest that contains it, begins; 0 when that is not known. */
    private int lineOf(String pointer) {
        Tree at = tree;
        int line = tree.line();
        for (String escaped : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String key = escaped.replace("~1", "/").replace("~0", "~");
            Tree next = null;
            if (at instanceof Tree.Mapping object) {
                next = object.get(key);
                line = object.keyLines().getOrDefault(key, line);
            } else if (at instanceof Tree.Sequence list && key.matches("[0-9]{1,9}")
                    && Integer.parseInt(key) < list.items().size()) {
                next = list.items().get(Integer.parseInt(key));
                line = next.line();
            }
            if (next == null) {
                return line;
            }
            at = next;
        }
        return line;
    }

    private static String line(String label, int line, String kind, String message, String pointer, String hint) {
        return label + (line > 0 ? ":" + line : "") + ": " + kind + ": " + message
                + (pointer.isEmpty() ? "" : " (" + pointer + ")") + (hint.isEmpty() ? "" : "\n    hint: " + hint);
    }

    private static CommandFailure invalid(List<String> problems, String label) {
        return invalid(problems, problems.size(), label);
    }

    private static CommandFailure invalid(List<String> problems, long errors, String label) {
        String count = errors == 1 ? "1 error" : errors + " errors";
        return new CommandFailure(ExitCode.INVALID_DOCUMENT, label + " has " + count + "; nothing was changed", "",
                problems);
    }
}
