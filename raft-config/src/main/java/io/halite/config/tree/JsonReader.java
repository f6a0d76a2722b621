package io.halite.config.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.halite.config.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads strict JSON (RFC 8259). One instance reads one text. */
final class JsonReader {
    static final String SYNTAX = "JSON_SYNTAX";
    private static final int MAX_NUMBER_LENGTH = 40;

    private final TreeLimits limits;
    private final TreeBudget budget;

    JsonReader(TreeLimits limits, Consumer<Problem> duplicates) {
        this.limits = limits;
        this.budget = new TreeBudget(limits, duplicates);
    }

    Tree read(String text) throws TreeSyntaxException {
        JsonFactory factory = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth() + 1).maxNumberLength(MAX_NUMBER_LENGTH)
                .maxStringLength(limits.bytes()).maxNameLength(limits.bytes()).build()).build();
        try (JsonParser json = factory.createParser(text)) {
            json.nextToken();
            Tree tree = value(json);
            if (json.nextToken() != null) {
                throw budget.failure(line(json), SYNTAX, "text after the end of the document",
                        "remove what follows the last bracket");
            }
            return tree;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw budget.failure(line, SYNTAX, "not JSON: " + said(e), hint(said(e)));
        } catch (IOException e) {
            throw budget.failure(0, SYNTAX, "not JSON: " + e.getMessage(), hint(""));
        }
    }

    /** What is wrong, without the parser's idea of the place. */
    private static String said(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        int place = message.indexOf(" (start marker at");
        return place < 0 ? message : message.substring(0, place);
    }

    private static String hint(String said) {
        return said.contains("end") ? "close what is open: \", ] and }"
                : "check the commas, quotes and brackets before this place; a document that begins with { is JSON";
    }

    private static int line(JsonParser json) {
        return json.currentTokenLocation().getLineNr();
    }

    private Tree value(JsonParser json) throws IOException, TreeSyntaxException {
        int line = line(json);
        budget.take(1, line);
        JsonToken token = json.currentToken();
        if (token == null) {
            throw budget.failure(line, SYNTAX, "the text ends too early", hint("end"));
        }
        return switch (token) {
            case START_OBJECT -> object(json, line);
            case START_ARRAY -> array(json, line);
            case VALUE_STRING -> new Tree.Text(json.getText(), false, line);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Tree.Num(json.getDecimalValue(), json.getText(), line);
            case VALUE_TRUE -> new Tree.Bool(true, line);
            case VALUE_FALSE -> new Tree.Bool(false, line);
            case VALUE_NULL -> new Tree.Null(line);
            default -> throw budget.failure(line, SYNTAX, "unexpected " + token, hint(""));
        };
    }

    private Tree object(JsonParser json, int line) throws IOException, TreeSyntaxException {
        budget.enter(line);
        Map<String, Tree> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            int keyLine = line(json);
            Integer first = lines.put(key, keyLine);
            json.nextToken();
            budget.into(key);
            Tree value = value(json);
            budget.out();
            if (first == null) {
                entries.put(key, value);
            } else {
                budget.duplicate(key, keyLine, first);
                lines.put(key, first);
            }
        }
        budget.leave();
        return new Tree.Mapping(entries, lines, line);
    }

    private Tree array(JsonParser json, int line) throws IOException, TreeSyntaxException {
        budget.enter(line);
        List<Tree> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            budget.into(items.size());
            items.add(value(json));
            budget.out();
        }
        budget.leave();
        return new Tree.Sequence(items, line);
    }
}
