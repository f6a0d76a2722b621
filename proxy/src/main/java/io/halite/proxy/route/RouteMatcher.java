package io.halite.proxy.route;

import io.halite.config.RouteMatch;
import io.halite.proxy.route.FieldMatchers.Field;
import org.jspecify.annotations.Nullable;

/** The conditions of one route over the bytes of a head. */
final class RouteMatcher {
    private static final byte WILDCARD = '*';

    private final int position;
    private final byte[][] hosts;
    private final PathMatcher path;
    private final byte[][] methods;
    private final Field[] headers;
    private final Field[] parameters;
    private final Field[] cookies;
    private final AddressSet sources;
    private final boolean pathIsLiteral;
    private final boolean onlyHostAndPath;

    /**
     * The matcher of a route; throws {@link IllegalArgumentException} or
     * {@link com.google.re2j.PatternSyntaxException} when a condition makes no sense.
     */
    RouteMatcher(int position, RouteMatch match) {
        this.position = position;
        hosts = Ascii.bytes(match.hosts());
        path = PathMatcher.of(match.path());
        methods = Ascii.bytes(match.methods());
        headers = FieldMatchers.fields(match.headers());
        parameters = FieldMatchers.fields(match.query());
        cookies = FieldMatchers.fields(match.cookies());
        sources = new AddressSet(match.sources());
        pathIsLiteral = path instanceof PathMatcher.Exact || path instanceof PathMatcher.Prefix;
        onlyHostAndPath = methods.length + headers.length + parameters.length + cookies.length == 0
                && sources.isEmpty();
    }

    int position() {
        return position;
    }

    byte[][] hosts() {
        return hosts;
    }

    PathMatcher path() {
        return path;
    }

    /** Whether it asks for a header, a parameter or a cookie. */
    boolean hasFields() {
        return headers.length + parameters.length + cookies.length > 0;
    }

    Field[] headers() {
        return headers;
    }

    Field[] parameters() {
        return parameters;
    }

    Field[] cookies() {
        return cookies;
    }

    /** Whether the conditions hold that the index over hosts and literal beginnings of paths did not see. */
    boolean restHolds(RequestHead head) {
        return (pathIsLiteral || path.matches(head.shown(), head.shownStart(), head.shownEnd()))
                && (onlyHostAndPath || unmetField(head) == null);
    }

    /** The first condition that does not hold, in the document's word for it; null when the route matches. */
    @Nullable String unmet(RequestHead head) {
        if (!hostHolds(head)) {
            return "host";
        }
        return path.matches(head.shown(), head.shownStart(), head.shownEnd()) ? unmetField(head) : "path";
    }

    private @Nullable String unmetField(RequestHead head) {
        if (!methodHolds(head)) {
            return "method";
        }
        for (Field header : headers) {
            if (!FieldMatchers.hasHeader(head, header)) {
                return "header";
            }
        }
        for (Field parameter : parameters) {
            if (!FieldMatchers.hasParameter(head, parameter)) {
                return "query";
            }
        }
        for (Field cookie : cookies) {
            if (!FieldMatchers.hasCookie(head, cookie)) {
                return "cookie";
            }
        }
        return sourceHolds(head) ? null : "source";
    }

    private boolean hostHolds(RequestHead head) {
        byte[] text = head.bytes();
        int start = HostIndex.hostStart(head);
        int end = HostIndex.hostEnd(head);
        for (byte[] host : hosts) {
            boolean holds = (host.length > 0 && host[0] == WILDCARD)
                    ? end - start >= host.length && matchesSuffix(text, end, host)
                    : Ascii.equalIgnoringCase(text, start, end, host);
            if (holds) {
                return true;
            }
        }
        return hosts.length == 0;
    }

    /** Whether the text ends with the host pattern without its asterisk. */
    private static boolean matchesSuffix(byte[] text, int end, byte[] pattern) {
        for (int i = 1; i < pattern.length; i++) {
            if (Ascii.lower(text[end - i]) != pattern[pattern.length - i]) {
                return false;
            }
        }
        return true;
    }

    private boolean methodHolds(RequestHead head) {
        for (byte[] method : methods) {
            if (Ascii.equal(head.bytes(), head.methodStart(), head.methodEnd(), method)) {
                return true;
            }
        }
        return methods.length == 0;
    }

    private boolean sourceHolds(RequestHead head) {
        return sources.isEmpty() || sources.contains(head.clientAddress());
    }
}
