package io.halite.config.document;

import com.google.re2j.Pattern;
import io.halite.config.AccessList;
import io.halite.config.Cidr;
import io.halite.config.HeaderEdits;
import io.halite.config.Replacement;
import io.halite.config.Rewrite;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a route changes in the messages that pass it, and who may use it. Stateless. */
final class RouteEditShape {
    /** Fields that frame a message or belong to one connection (RFC 9110, section 7.6.1): the proxy alone writes them. */
    private static final Set<String> FRAMING = Set.of("connection", "content-length", "keep-alive", "proxy-connection",
            "te", "trailer", "transfer-encoding", "upgrade", "host");

    private static final Key<AccessList, List<Cidr>> ALLOW = Key.of("allow", AccessList::allow,
            Composites.oneOrMore(Addresses.CIDR), List.of(), "the only addresses admitted; by default all are");
    private static final Key<AccessList, List<Cidr>> DENY = Key.of("deny", AccessList::deny,
            Composites.oneOrMore(Addresses.CIDR), List.of(), "addresses that are not admitted, allowed or not");
    static final Shape<AccessList> ACCESS =
            Shape.of(fields -> new AccessList(fields.get(ALLOW), fields.get(DENY)), ALLOW, DENY);

    private static final Type<String> FIELD_NAME = Scalars.checked(HttpWords.HEADER_NAME, RouteEditShape::notFraming);
    private static final Type<SortedMap<String, String>> FIELDS = Composites.map(FIELD_NAME, HttpWords.HEADER_VALUE);
    private static final Key<HeaderEdits, SortedMap<String, String>> SET = Key.of("set", HeaderEdits::set, FIELDS,
            Collections.emptySortedMap(), "header fields with their only values");
    private static final Key<HeaderEdits, SortedMap<String, String>> ADD = Key.of("add", HeaderEdits::add, FIELDS,
            Collections.emptySortedMap(), "header fields with one more value");
    private static final Key<HeaderEdits, List<String>> REMOVE = Key.of("remove", HeaderEdits::remove,
            Composites.oneOrMore(FIELD_NAME), List.of(), "header fields taken out, before the others are set and added");
    /** Leaves room for the message itself in the buffer it is written to. */
    private static final int MAX_FIELDS = 8 * 1024;
    static final Shape<HeaderEdits> HEADERS = Shape.of(RouteEditShape::headers, SET, ADD, REMOVE);

    private static final Key<Rewrite.Regex, String> EXPRESSION = Key.required("match", Rewrite.Regex::expression,
            RouteMatchShape.EXPRESSION, "an RE2 expression, of which the first match is replaced");
    private static final Key<Rewrite.Regex, String> REPLACEMENT = Key.required("to", Rewrite.Regex::replacement,
            Scalars.checked(Scalars.text(), RouteEditShape::replacement),
            "what stands there instead; $1 is the first group, $0 the whole match, $$ a dollar");
    private static final Key<Rewrite, String> HOST = Key.optional("host", Rewrite::host, HttpWords.DNS_NAME,
            "the Host header sent to targets; by default the client's");
    private static final Key<Rewrite, String> PATH = Key.optional("path",
            rewrite -> rewrite.path() instanceof Rewrite.Whole whole ? whole.path() : null, HttpWords.PATH,
            "another path altogether; the query stays");
    private static final Key<Rewrite, String> PREFIX = Key.optional("prefix",
            rewrite -> rewrite.path() instanceof Rewrite.Prefix prefix ? prefix.prefix() : null, HttpWords.PATH,
            "replaces the prefix that the route matched; exactly one slash joins it to the rest");
    private static final Key<Rewrite, Rewrite.Regex> REGEX = Key.optional("regex",
            rewrite -> rewrite.path() instanceof Rewrite.Regex regex ? regex : null, Shape.of(fields -> {
                String expression = fields.find(EXPRESSION);
                String replacement = fields.find(REPLACEMENT);
                return expression == null || replacement == null ? null : regex(fields, expression, replacement);
            }, EXPRESSION, REPLACEMENT), "replaces a part of the path");
    private static final List<Key<Rewrite, ?>> PATHS = List.of(PATH, PREFIX, REGEX);
    static final Shape<Rewrite> REWRITE = Shape.of(RouteEditShape::rewrite, HOST, PATH, PREFIX, REGEX);

    private RouteEditShape() {}

    private static @Nullable HeaderEdits headers(Fields fields) {
        HeaderEdits edits = new HeaderEdits(fields.get(SET), fields.get(ADD), fields.get(REMOVE));
        int size = edits.set().entrySet().stream().mapToInt(RouteEditShape::size).sum()
                + edits.add().entrySet().stream().mapToInt(RouteEditShape::size).sum();
        return size <= MAX_FIELDS ? edits : fields.owner().error("HEADERS_TOO_LARGE",
                "these headers have " + size + " bytes", "keep them to 8 KiB, which fit into one message");
    }

    private static int size(Map.Entry<String, String> field) {
        return (field.getKey() + ": " + field.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8).length;
    }

    private static @Nullable String replacement(String text, Value value) {
        boolean ofPath = text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#');
        if (!ofPath) {
            return value.error("INVALID_PATH", "'" + Value.abbreviated(text) + "' cannot be part of a path",
                    "a path is percent-encoded and has no query");
        }
        return Replacement.of(text).isPresent() ? text : value.error("INVALID_REPLACEMENT",
                "'" + Value.abbreviated(text) + "' has a $ that names no group", "write $1, or $$ for a dollar");
    }

    private static Rewrite.@Nullable Regex regex(Fields fields, String expression, String replacement) {
        int groups = Pattern.compile(expression).groupCount();
        int named = Replacement.of(replacement).map(Replacement::highestGroup).orElse(0);
        return named <= groups ? new Rewrite.Regex(expression, replacement) : fields.owner().error("INVALID_REPLACEMENT",
                "$" + named + " names a group, but the expression has " + groups,
                "groups are counted by their brackets; use $0 to $" + groups);
    }

    private static @Nullable Rewrite rewrite(Fields fields) {
        if (PATHS.stream().filter(fields::has).count() > 1) {
            return fields.owner().error("ONE_PATH", "a path is rewritten in one way",
                    "give at most one of path, prefix and regex");
        }
        String path = fields.find(PATH);
        String prefix = fields.find(PREFIX);
        Rewrite.Path change = path != null ? new Rewrite.Whole(path)
                : prefix != null ? new Rewrite.Prefix(prefix) : fields.find(REGEX);
        return new Rewrite(fields.find(HOST), change);
    }

    private static @Nullable String notFraming(String name, Value value) {
        return !FRAMING.contains(name) ? name : value.error("HEADER_NOT_ALLOWED",
                "the header '" + name + "' is the proxy's own",
                name.equals("host") ? "use `rewrite: { host: … }`" : "remove it: it follows from the message");
    }
}
