package io.halite.config.document;

import io.halite.config.PathForm;
import io.halite.config.PathMatch;
import io.halite.config.Route;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Paths of routes that no request can have: routes see paths in normal form (RFC 3986 §6.2.2, slashes in a row being one),
 * so what is written in another form is a rule that never holds. Stateless.
 */
final class RoutePaths {
    private static final String HEX = "0123456789abcdefABCDEF";

    private RoutePaths() {}

    /** Warns of each. */
    static void check(Reading reading, List<Route> routes, PathForm form) {
        if (form == PathForm.AS_SENT) {
            return;
        }
        for (Route route : routes) {
            String path = literal(route.match().path());
            boolean open = route.match().path() instanceof PathMatch.Prefix;
            String normal = normal(path, open);
            boolean hidden = path.contains("%2F") || path.contains("%5C") || path.contains("\\");
            String star = open ? "*" : "";
            if (!normal.equals(path)) {
                warn(reading.placeOf(route), route.name(), path + star,
                        "routes see paths in normal form: write " + Value.abbreviated(normal + star));
            } else if (form == PathForm.STRICT && hidden) {
                warn(reading.placeOf(route), route.name(), path + star,
                        "`paths: strict` refuses encoded slashes; `paths: normalized` lets them through");
            }
        }
    }

    private static void warn(Value place, String route, String path, String hint) {
        place.warning("UNMATCHABLE_PATH",
                "no request has the path '" + Value.abbreviated(path) + "' of the route '" + route + "'", hint);
    }

    /** What is to be compared byte for byte; an expression has no such thing. */
    private static String literal(PathMatch path) {
        return switch (path) {
            case PathMatch.Exact exact -> exact.path();
            case PathMatch.Prefix prefix -> prefix.prefix();
            case PathMatch.Glob glob -> glob.pattern();
            case PathMatch.Regex _ -> "";
        };
    }

    /**
     * The normal form of a path.
     *
     * @param open whether it may go on behind its last character
     */
    static String normal(String path, boolean open) {
        List<String> segments = List.of(decoded(path, open).split("/", -1));
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : segments.subList(0, segments.size() - 1)) {
            take(segment, kept);
        }
        String last = segments.getLast();
        if (!open && (last.equals(".") || last.equals(".."))) {
            take(last, kept);
            last = "";
        }
        List<String> result = new ArrayList<>(kept);
        result.add(last);
        return path.isEmpty() ? "" : "/" + String.join("/", result);
    }

    private static void take(String segment, Deque<String> kept) {
        if (segment.equals("..")) {
            kept.pollLast();
        } else if (!segment.isEmpty() && !segment.equals(".")) {
            kept.addLast(segment);
        }
    }

    private static String decoded(String path, boolean open) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < path.length()) {
            char here = path.charAt(at);
            String code = here == '%' ? path.substring(at + 1, Math.min(path.length(), at + 3)) : "";
            boolean whole = code.length() == 2 && HEX.indexOf(code.charAt(0)) >= 0 && HEX.indexOf(code.charAt(1)) >= 0;
            if (here != '%') {
                out.append(here);
                at++;
            } else if (whole) {
                out.append(form(code));
                at += 3;
            } else {
                // Of requests it comes to routes as an encoded percent sign; a prefix may end in the middle of one.
                out.append(open && code.length() < 2 ? "%" : "%25");
                at++;
            }
        }
        return out.toString();
    }

    private static String form(String code) {
        char meant = (char) Integer.parseInt(code, 16);
        boolean unreserved = meant < 0x80 && (Character.isLetterOrDigit(meant) || "-._~".indexOf(meant) >= 0);
        return unreserved ? String.valueOf(meant) : "%" + code.toUpperCase(Locale.ROOT);
    }
}
