package io.halite.config.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.halite.config.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@link Tree}s as JSON and YAML. Stateless. */
public final class TreeText {
    private static final JsonFactory WRITER = new JsonFactory();

    private TreeText() {}

    /**
     * Reads JSON, or YAML 1.2 if it is not JSON by its first character, within {@link TreeLimits}.
     *
     * @throws TreeSyntaxException with the line, when the text is neither, repeats a key or exceeds a limit
     */
    public static Tree read(byte[] text, TreeLimits limits) throws TreeSyntaxException {
        List<Problem> duplicates = new ArrayList<>();
        Tree tree = read(text, limits, duplicates::add);
        if (!duplicates.isEmpty()) {
            throw new TreeSyntaxException(duplicates.getFirst());
        }
        return tree;
    }

    /**
     * The same, where a key that stands twice does not end reading: its first value is kept.
     *
     * @param duplicates hears of each such key
     */
    public static Tree read(byte[] text, TreeLimits limits, Consumer<Problem> duplicates) throws TreeSyntaxException {
        if (text.length > limits.bytes()) {
            throw failure(0, "DOCUMENT_TOO_LARGE", "the text has " + text.length + " bytes",
                    "at most " + limits.bytes() + " bytes are read");
        }
        String decoded = decode(text);
        if (!startsLikeJson(decoded)) {
            return new YamlReader(limits, duplicates).read(decoded);
        }
        try {
            List<Problem> found = new ArrayList<>();
            Tree tree = new JsonReader(limits, found::add).read(decoded);
            found.forEach(duplicates);
            return tree;
        } catch (TreeSyntaxException notJson) {
            // YAML's flow style begins as JSON does; if it is no YAML either, it was meant as JSON.
            if (!notJson.problem().code().equals(JsonReader.SYNTAX)) {
                throw notJson;
            }
            try {
                return new YamlReader(limits, duplicates).read(decoded);
            } catch (TreeSyntaxException notYaml) {
                throw notYaml.problem().code().equals(YamlReader.SYNTAX) ? notJson : notYaml;
            }
        }
    }

    private static String decode(byte[] text) throws TreeSyntaxException {
        try {
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw failure(0, "NOT_UTF8", "the text is not UTF-8", "save it as UTF-8");
        }
    }

    private static boolean startsLikeJson(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return c == '{' || c == '[' || c == '"';
            }
        }
        return false;
    }

    static TreeSyntaxException failure(int line, String code, String message, String hint) {
        return new TreeSyntaxException(new Problem(Problem.Severity.ERROR, line, "", code, message, hint));
    }

    /** Compact JSON on one line. */
    public static String json(Tree tree) {
        return json(tree, null);
    }

    /** JSON, indented by two. */
    public static String prettyJson(Tree tree) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return json(tree, printer) + "\n";
    }

    private static String json(Tree tree, @Nullable DefaultPrettyPrinter printer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = WRITER.createGenerator(text)) {
            if (printer != null) {
                json.setPrettyPrinter(printer);
            }
            write(tree, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(Tree tree, JsonGenerator json) throws IOException {
        switch (tree) {
            case Tree.Mapping mapping -> {
                json.writeStartObject();
                for (Map.Entry<String, Tree> entry : mapping.entries().entrySet()) {
                    json.writeFieldName(entry.getKey());
                    write(entry.getValue(), json);
                }
                json.writeEndObject();
            }
            case Tree.Sequence sequence -> {
                json.writeStartArray();
                for (Tree item : sequence.items()) {
                    write(item, json);
                }
                json.writeEndArray();
            }
            case Tree.Text text -> json.writeString(text.value());
            case Tree.Num number -> json.writeNumber(number.value());
            case Tree.Bool bool -> json.writeBoolean(bool.value());
            case Tree.Null ignored -> json.writeNull();
        }
    }

    /** Block-style YAML, indented by two, that reads back as the same tree. */
    public static String yaml(Tree tree) {
        return new YamlWriter().write(tree);
    }
}
