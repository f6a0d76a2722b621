package io.halite.config.document;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a route matches. Stateless. */
final class RouteMatchShape {
    private static final Key<PathMatch, String> PREFIX = Key.optional("prefix",
            path -> path instanceof PathMatch.Prefix prefix ? prefix.prefix() : null, HttpWords.PATH,
            "the beginning of the path");
    private static final Key<PathMatch, String> GLOB = Key.optional("glob",
            path -> path instanceof PathMatch.Glob glob ? glob.pattern() : null,
            Scalars.checked(Scalars.text(), RouteMatchShape::glob),
            "* matches within a segment, ** across segments, ? one character");
    /** An RE2 expression. */
    static final Type<String> EXPRESSION = Scalars.checked(Scalars.text(), RouteMatchShape::regex);
    private static final Key<PathMatch, String> REGEX = Key.optional("regex",
            path -> path instanceof PathMatch.Regex regex ? regex.expression() : null, EXPRESSION,
            "an RE2 expression that matches the whole path");
    private static final Type<PathMatch> PATH_TYPE = Composites.shortOr(new ShortPath(),
            path -> path instanceof PathMatch.Exact || path instanceof PathMatch.Prefix,
            Shape.of(RouteMatchShape::path, PREFIX, GLOB, REGEX));

    private static final Key<RouteMatch, List<String>> HOST = Key.of("host", RouteMatch::hosts,
            Composites.oneOrMore(Scalars.spelled(RouteMatchShape::host, host -> host, "INVALID_DNS_NAME", "DNS name",
                    "write shop.example.com or *.example.com, without a port")), List.of(),
            "host names, or *.example.com for every name below; any of them");
    private static final Key<RouteMatch, PathMatch> PATH = Key.of("path", RouteMatch::path, PATH_TYPE, PathMatch.ANY,
            "the path without the query: exact, or a prefix when it ends in *");
    private static final Key<RouteMatch, List<String>> METHOD = Key.of("method", RouteMatch::methods,
            Composites.oneOrMore(HttpWords.METHOD), List.of(), "methods; any of them");
    private static final Key<RouteMatch, SortedMap<String, String>> HEADER = Key.of("header", RouteMatch::headers,
            Composites.map(HttpWords.HEADER_NAME, Scalars.text()), Collections.emptySortedMap(),
            "headers with their exact values; all of them");
    private static final Key<RouteMatch, SortedMap<String, String>> QUERY = Key.of("query", RouteMatch::query,
            Composites.map(Scalars.line("a query parameter"), Scalars.text()), Collections.emptySortedMap(),
            "query parameters with their exact values; all of them");
    private static final Key<RouteMatch, SortedMap<String, String>> COOKIE = Key.of("cookie", RouteMatch::cookies,
            Composites.map(HttpWords.COOKIE_NAME, Scalars.text()), Collections.emptySortedMap(),
            "cookies with their exact values; all of them");
    private static final Key<RouteMatch, List<Cidr>> SOURCE = Key.of("source", RouteMatch::sources,
            Composites.oneOrMore(Addresses.CIDR), List.of(), "addresses of clients; any of them");
    static final Shape<RouteMatch> MATCH = Shape.of(fields -> new RouteMatch(fields.get(HOST),
            fields.get(PATH), fields.get(METHOD), fields.get(HEADER), fields.get(QUERY), fields.get(COOKIE),
            fields.get(SOURCE)), HOST, PATH, METHOD, HEADER, QUERY, COOKIE, SOURCE);

    private RouteMatchShape() {}

    static @Nullable String host(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        boolean valid = Addresses.isDnsName(name.startsWith("*.") ? name.substring(2) : name) || Addresses.ip(name) != null;
        return valid ? name : null;
    }

    private static @Nullable PathMatch path(Fields fields) {
        List<Key<PathMatch, String>> given = List.of(PREFIX, GLOB, REGEX).stream().filter(fields::has).toList();
        if (given.size() != 1) {
            return fields.owner().error("ONE_PATH", "a path is matched in exactly one way",
                    "give exactly one of prefix, glob and regex");
        }
        String text = fields.find(given.getFirst());
        if (text == null) {
            return null;
        }
        Function<String, PathMatch> make = given.contains(PREFIX) ? PathMatch.Prefix::new
                : given.contains(GLOB) ? PathMatch.Glob::new : PathMatch.Regex::new;
        return make.apply(text);
    }

    /** {@code /exact} or {@code /prefix*}. */
    private record ShortPath() implements Type<PathMatch> {
        @Override
        public @Nullable PathMatch read(Value value) {
            String text = HttpWords.PATH.read(value);
            if (text == null) {
                return null;
            }
            return text.endsWith("*") ? new PathMatch.Prefix(text.substring(0, text.length() - 1))
                    : new PathMatch.Exact(text);
        }

        @Override
        public Tree write(PathMatch path) {
            return Tree.text(path instanceof PathMatch.Prefix prefix ? prefix.prefix() + "*"
                    : path instanceof PathMatch.Exact exact ? exact.path() : "");
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", "string").put("pattern", "^/").build();
        }

        @Override
        public String says() {
            return "path, or prefix when it ends in *";
        }
    }

    private static @Nullable String glob(String text, Value value) {
        boolean valid = text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        return valid ? text : value.error("INVALID_PATH", "'" + Value.abbreviated(text) + "' is no pattern of paths",
                "a path begins with / and is percent-encoded; the query is matched by `query`");
    }

    private static @Nullable String regex(String expression, Value value) {
        if (expression.length() > RegexSize.MAX_LENGTH || RegexSize.estimate(expression) > RegexSize.MAX_SIZE) {
            return value.error("REGEX_TOO_LARGE", "the expression '" + Value.abbreviated(expression) + "' is too large",
                    "at most " + RegexSize.MAX_LENGTH + " characters, and no large counts inside each other");
        }
        try {
            Pattern.compile(expression);
            return expression;
        } catch (PatternSyntaxException e) {
            return value.error("INVALID_REGEX", "not an RE2 expression: " + e.getDescription(),
                    "RE2 has no look-around and no back references, so that matching takes linear time");
        }
    }
}
