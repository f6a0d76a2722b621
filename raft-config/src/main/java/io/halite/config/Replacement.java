package io.halite.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands in the place of a match, as parts: text as it stands, and groups of the expression. */
public record Replacement(List<Part> parts) {
    public Replacement {
        parts = List.copyOf(parts);
    }

    /** A part of the replacement. */
    public sealed interface Part {}

    /** Text as it stands. */
    public record Text(String text) implements Part {}

    /** A group of the expression; 0 for the whole match. */
    public record Group(int number) implements Part {}

    /** Reads {@code $0} to {@code $9} and {@code $$}; empty when a dollar is followed by anything else. */
    public static Optional<Replacement> of(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '$') {
                literal.append(c);
                continue;
            }
            char named = at < text.length() ? text.charAt(at++) : ' ';
            if (named == '$') {
                literal.append('$');
            } else if (named >= '0' && named <= '9') {
                if (!literal.isEmpty()) {
                    parts.add(new Text(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Group(named - '0'));
            } else {
                return Optional.empty();
            }
        }
        if (!literal.isEmpty()) {
            parts.add(new Text(literal.toString()));
        }
        return Optional.of(new Replacement(parts));
    }

    /** The highest group that it names; 0 when there is none. */
    public int highestGroup() {
        return parts.stream().mapToInt(part -> part instanceof Group group ? group.number() : 0).max().orElse(0);
    }
}
