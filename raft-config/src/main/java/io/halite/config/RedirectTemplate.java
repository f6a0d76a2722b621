package io.halite.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The target of a redirect as parts: text as it stands, and what is taken from each request.
 *
 * @param parts never two texts side by side
 */
public record RedirectTemplate(List<Part> parts) {
    public RedirectTemplate {
        parts = List.copyOf(parts);
    }

    /** A part of the target. */
    public sealed interface Part {}

    /** Text as it stands. */
    public record Text(String text) implements Part {}

    /** What is taken from the request; written in braces and in lower case. */
    public enum Field implements Part {
        /** {@code http} or {@code https}, as the client spoke it. */
        SCHEME,
        /** The host without a port. */
        HOST,
        /** The path, which begins with a slash. */
        PATH,
        /** What follows the prefix that the route matched. */
        REST,
        /** The query with its question mark, or nothing. */
        QUERY;

        /** The spelling of the document. */
        public String key() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }
    }

    /** Reads a target; braces that name no field stay in the text. */
    public static RedirectTemplate of(String to) {
        List<Part> parts = new ArrayList<>();
        int textStart = 0;
        int at = 0;
        while (at < to.length()) {
            Optional<Field> field = fieldAt(to, at);
            if (field.isEmpty()) {
                at++;
                continue;
            }
            if (at > textStart) {
                parts.add(new Text(to.substring(textStart, at)));
            }
            parts.add(field.get());
            at += field.get().key().length();
            textStart = at;
        }
        if (textStart < to.length() || parts.isEmpty()) {
            parts.add(new Text(to.substring(textStart)));
        }
        return new RedirectTemplate(parts);
    }

    private static Optional<Field> fieldAt(String text, int at) {
        return Arrays.stream(Field.values()).filter(field -> text.startsWith(field.key(), at)).findFirst();
    }

    /** Whether nothing is taken from the request. */
    public boolean isFixed() {
        return parts.stream().allMatch(Text.class::isInstance);
    }
}
