package io.halite.config.tree;

import io.halite.config.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document with the JSON schema: plain scalars are null, booleans, decimal numbers or text.
 * Anchors and aliases are allowed, but an alias costs as much as what it stands for. One instance reads one text.
 */
final class YamlReader {
    static final String SYNTAX = "YAML_SYNTAX";
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");
    private static final int MIN_BUFFER = 16;
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final String TEXT_TAG = "tag:yaml.org,2002:str";

    private final TreeLimits limits;
    private final TreeBudget budget;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();

    /** What an anchor stands for, and how many values that is. */
    private record Anchored(Tree tree, long size) {}

    YamlReader(TreeLimits limits, Consumer<Problem> duplicates) {
        this.limits = limits;
        this.budget = new TreeBudget(limits, duplicates);
    }

    Tree read(String text) throws TreeSyntaxException {
        // The parser copies what it holds for each buffer more: with its small default, a line of 16 MiB takes minutes.
        LoadSettings settings = LoadSettings.builder().setUseMarks(true).setCodePointLimit(limits.bytes())
                .setBufferSize(Math.max(MIN_BUFFER, text.length())).build();
        try {
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            events.next();
            Event first = events.next();
            if (!(first instanceof DocumentStartEvent)) {
                return new Tree.Null(1);
            }
            Tree tree = value(events.next(), events);
            events.next();
            Event after = events.next();
            if (after instanceof DocumentStartEvent) {
                throw budget.failure(line(after), SYNTAX, "a second document begins here",
                        "put everything into one document");
            }
            return tree;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw budget.failure(line, SYNTAX, "not YAML: " + firstLine(e.getProblem()), hint(text, line));
        } catch (YamlEngineException e) {
            throw budget.failure(0, SYNTAX, "not YAML: " + firstLine(String.valueOf(e.getMessage())),
                    "write YAML 1.2 as text in UTF-8");
        }
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String hint(String text, int line) {
        List<String> lines = text.lines().limit(Math.max(line, 0)).toList();
        boolean tab = line > 0 && line <= lines.size() && lines.get(line - 1).indexOf('\t') >= 0;
        return tab ? "YAML is indented by spaces, this line has a tab"
                : "check the indentation, the colons and the quotes of this line and of the one before";
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private Tree value(Event event, Iterator<Event> events) throws TreeSyntaxException {
        int line = line(event);
        if (event instanceof AliasEvent alias) {
            Anchored anchored = anchors.get(alias.getAlias());
            if (anchored == null) {
                throw budget.failure(line, SYNTAX, "the alias *" + alias.getAlias() + " stands for nothing yet",
                        "define the anchor before it, and never inside itself");
            }
            budget.take(anchored.size(), line);
            return anchored.tree();
        }
        long before = budget.taken();
        budget.take(1, line);
        Tree tree = switch (event) {
            case MappingStartEvent mapping -> mapping(line, events);
            case SequenceStartEvent sequence -> sequence(line, events);
            case ScalarEvent scalar -> scalar(scalar, line);
            default -> throw budget.failure(line, SYNTAX, "unexpected " + event.getEventId(),
                    "remove what stands there");
        };
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        if (anchor.isPresent()) {
            anchors.put(anchor.get(), new Anchored(tree, budget.taken() - before));
        }
        return tree;
    }

    private Tree mapping(int line, Iterator<Event> events) throws TreeSyntaxException {
        budget.enter(line);
        Map<String, Tree> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            int keyLine = line(next);
            if (!(next instanceof ScalarEvent scalar)) {
                throw budget.failure(keyLine, SYNTAX, "a key must be text",
                        "put the key in quotes");
            }
            String key = scalar.getValue();
            Integer first = lines.put(key, keyLine);
            budget.into(key);
            Tree value = value(events.next(), events);
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

    private Tree sequence(int line, Iterator<Event> events) throws TreeSyntaxException {
        budget.enter(line);
        List<Tree> items = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            budget.into(items.size());
            items.add(value(next, events));
            budget.out();
        }
        budget.leave();
        return new Tree.Sequence(items, line);
    }

    private Tree scalar(ScalarEvent scalar, int line) throws TreeSyntaxException {
        String text = scalar.getValue();
        Optional<String> tag = scalar.getTag();
        if (tag.isPresent() && !tag.get().equals(TEXT_TAG) && !tag.get().equals("!")) {
            throw budget.failure(line, SYNTAX, "the tag " + tag.get() + " is not understood", "leave it out");
        }
        if (!scalar.isPlain() || tag.isPresent()) {
            return new Tree.Text(text, false, line);
        }
        return switch (text) {
            case "", "~", "null" -> new Tree.Null(line);
            case "true" -> new Tree.Bool(true, line);
            case "false" -> new Tree.Bool(false, line);
            default -> isNumber(text)
                    ? new Tree.Num(new BigDecimal(text), text, line) : new Tree.Text(text, true, line);
        };
    }

    /** Whether plain text reads as a number. */
    static boolean isNumber(String text) {
        return text.length() <= MAX_NUMBER_LENGTH && NUMBER.matcher(text).matches();
    }
}
