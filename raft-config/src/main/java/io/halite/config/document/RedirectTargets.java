package io.halite.config.document;

import io.halite.config.RedirectTemplate;
import io.halite.config.RedirectTemplate.Field;
import io.halite.config.RedirectTemplate.Part;
import io.halite.config.RedirectTemplate.Text;
import io.halite.config.shape.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks targets of redirects. A client writes the path: it must not be able to choose the host, so what is taken from the
 * request may stand only where the host is already said. Stateless.
 */
final class RedirectTargets {
    private static final String KNOWN =
            Arrays.stream(Field.values()).map(Field::key).collect(Collectors.joining(", "));

    private RedirectTargets() {}

    /** The target as it is written, or a problem. */
    static @Nullable String check(String target, Value value) {
        boolean valid = target.startsWith("/") || target.startsWith("http://") || target.startsWith("https://")
                || target.startsWith("{scheme}://");
        if (!valid) {
            return value.error("INVALID_REDIRECT", "'" + Value.abbreviated(target) + "' is neither a URL nor a path",
                    "write https://… or /…, such as https://{host}{path}{query}");
        }
        List<Part> parts = RedirectTemplate.of(target).parts();
        for (Part part : parts) {
            if (part instanceof Text(String text) && (text.indexOf('{') >= 0 || text.indexOf('}') >= 0)) {
                return value.error("INVALID_REDIRECT", "'" + Value.abbreviated(target)
                        + "' has braces around something that is not taken from requests", "allowed: " + KNOWN);
            }
        }
        String host = hostProblem(parts);
        return host == null ? target : value.error("INVALID_REDIRECT",
                "'" + Value.abbreviated(target) + "' has a part of the request where it has no place: " + host,
                "write it as in {scheme}://{host}/{rest}{query}");
    }

    private static @Nullable String hostProblem(List<Part> parts) {
        StringBuilder before = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text(String text) -> before.append(text);
                case Field field -> {
                    String problem = problemOf(field, before.toString());
                    if (problem != null) {
                        return problem;
                    }
                    before.append(field == Field.SCHEME ? "http" : field == Field.HOST ? "host" : "/");
                }
            }
        }
        return null;
    }

    private static @Nullable String problemOf(Field field, String before) {
        int authority = before.indexOf("://") + 3;
        boolean absolute = authority > 2;
        boolean hasHost = !absolute || (before.length() > authority && before.charAt(authority) != '/');
        boolean hasPath = before.indexOf('/', absolute ? authority : 0) >= 0;
        return switch (field) {
            case SCHEME -> before.isEmpty() ? null : "{scheme} stands at the beginning or nowhere";
            case HOST -> absolute && before.length() == authority ? null : "{host} follows :// or stands nowhere";
            case PATH, QUERY -> hasHost ? null : field.key() + " follows a host";
            case REST -> hasHost && hasPath && before.endsWith("/") ? null : "{rest} follows a slash of the path";
        };
    }
}
