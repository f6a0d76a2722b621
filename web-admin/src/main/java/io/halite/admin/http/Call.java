package io.halite.admin.http;

import io.halite.admin.access.Caller;
import io.halite.config.Revision;
import io.halite.config.shape.Units;
import io.halite.config.store.Origin;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request to the API, after authentication. Confined to the thread that handles it. */
public final class Call {
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"|([0-9]{1,18})");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final Set<String> DOCUMENT_TYPES = Set.of(Answer.JSON, Answer.YAML, "application/x-yaml",
            "text/yaml", "text/x-yaml", "text/plain");
    private static final String EXTENDED = "UTF-8''";
    private static final int MAX_REASON = 500;

    private final Head head;
    private final Map<String, String> variables;
    private final @Nullable Caller caller;
    private final Instant time;
    private String explanation = "";

    /** The parts of a request that come from the network. */
    public interface Head {
        String method();

        String path();

        /** The first value of a query parameter, or null. */
        @Nullable String query(String name);

        /** The first value of a header, or null. */
        @Nullable String header(String name);

        /** The address of the client. */
        String source();

        String requestId();

        /** The length of the body; -1 when the client did not say, 0 when there is none. */
        long contentLength();

        InputStream body();
    }

    Call(Head head, Map<String, String> variables, @Nullable Caller caller, Instant time) {
        this.head = head;
        this.variables = variables;
        this.caller = caller;
        this.time = time;
    }

    /** The value of a variable of the endpoint's template. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("variable: " + name + " (expected: one of " + variables.keySet() + ")");
        }
        return value;
    }

    /** Who calls; only endpoints with a role may ask. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("nobody is logged in at " + head.path());
        }
        return caller;
    }

    /** The address of the client. */
    public String source() {
        return head.source();
    }

    /** The length of the body as the client says; -1 when it does not. */
    public long contentLength() {
        return head.contentLength();
    }

    /** When the call came in. */
    public Instant time() {
        return time;
    }

    /** The id that the answer, the logs and the history know this call by. */
    public String requestId() {
        return head.requestId();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(head.header(name));
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(head.query(name)).filter(value -> !value.isEmpty());
    }

    /** Whether a parameter is {@code true}, or there without a value. */
    public boolean flag(String name) {
        String given = head.query(name);
        String value = given == null ? "false" : given;
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw parameter(name, value, "write true or false");
        };
    }

    /** A duration such as {@code 5m}; empty when the parameter is not there. */
    public Optional<Duration> duration(String name, Duration min, Duration max) {
        String text = query(name).orElse(null);
        if (text == null) {
            return Optional.empty();
        }
        Duration duration = Units.duration(text);
        boolean inRange = duration != null && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
        if (duration == null || !inRange) {
            throw parameter(name, text, "allowed: " + Units.text(min) + " to " + Units.text(max) + ", such as 5m");
        }
        return Optional.of(duration);
    }

    /** A whole number of a parameter; the default when it is not there. */
    public int number(String name, int min, int max, int otherwise) {
        String text = query(name).orElse(null);
        if (text == null) {
            return otherwise;
        }
        boolean digits = text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw parameter(name, text, "allowed: whole numbers from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    /** A revision from a variable of the template. */
    public Revision revision(String variable) {
        String text = variable(variable);
        if (text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ApiProblem.notFound("there is no revision '" + text + "'", "a revision is a number");
        }
        return new Revision(Long.parseLong(text));
    }

    private static ApiProblem parameter(String name, String value, String hint) {
        return ApiProblem.of(400, "INVALID_PARAMETER", "the parameter " + name + " cannot be '" + value + "'", hint);
    }

    /**
     * The revision that the change was made from, by {@code If-Match}.
     *
     * @param current what {@code *} means
     */
    public Revision ifMatch(Revision current) {
        String text = head.header("If-Match");
        if (text == null) {
            throw ApiProblem.of(428, "IF_MATCH_REQUIRED", "a change needs If-Match",
                    "send the ETag of what you changed, now \"" + current + "\"");
        }
        if (text.strip().equals("*")) {
            return current;
        }
        Matcher etag = ETAG.matcher(text.strip());
        if (!etag.matches()) {
            throw ApiProblem.of(412, "STALE_REVISION", "If-Match names no revision: " + text,
                    "send the ETag of what you changed, now \"" + current + "\"");
        }
        return new Revision(Long.parseLong(etag.group(1) != null ? etag.group(1) : etag.group(2)));
    }

    /** Who asks for a change and why, for the history. A repeated {@code Idempotency-Key} is applied once. */
    public Origin origin() {
        String key = head.header("Idempotency-Key");
        if (key != null && !KEY.matcher(key).matches()) {
            throw ApiProblem.of(400, "INVALID_IDEMPOTENCY_KEY", "the Idempotency-Key cannot be used",
                    "allowed: 1 to 100 of the characters A-Z, a-z, 0-9, '.', '_', ':' and '-'");
        }
        String id = key == null ? head.requestId() : caller().tokenId() + ":" + key;
        return new Origin(caller().name(), reason(), time, id);
    }

    /**
     * Why the change is made: by {@code Halite-Reason}, by the parameter {@code reason} for clients whose headers are
     * ASCII, or by the body; empty when nobody said.
     */
    public String reason() {
        String reason = head.header("Halite-Reason");
        String text = reason == null ? query("reason").orElse(explanation).strip() : decoded(reason).strip();
        if (text.length() > MAX_REASON || text.chars().anyMatch(Character::isISOControl)) {
            throw ApiProblem.of(400, "INVALID_REASON", "the reason is longer than " + MAX_REASON
                    + " characters or holds control characters", "write one line");
        }
        return text;
    }

    /** The reason for the audit log, which takes a request as it is. */
    String shownReason() {
        try {
            return reason();
        } catch (ApiProblem unusable) {
            return "";
        }
    }

    /**
     * Header text is Latin-1 on the wire; UTF-8 that came through it is read as such. A client that cannot send that
     * sends {@code UTF-8''} and percent-encoded text (RFC 8187).
     */
    private static String decoded(String header) {
        if (header.regionMatches(true, 0, EXTENDED, 0, EXTENDED.length())) {
            try {
                return URLDecoder.decode(header.substring(EXTENDED.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return header;
            }
        }
        String utf8 = new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return header.chars().allMatch(c -> c < 256) && utf8.indexOf('\uFFFD') < 0 ? utf8 : header;
    }

    /** A document of YAML or JSON as it was sent, at most this long. */
    public byte[] document(TreeLimits limits) {
        String type = header("Content-Type").map(text -> text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse(Answer.JSON);
        if (!DOCUMENT_TYPES.contains(type)) {
            throw ApiProblem.of(415, "UNSUPPORTED_MEDIA_TYPE", "'" + type + "' is not read here",
                    "send Content-Type: application/yaml or application/json");
        }
        boolean encoded = head.header("Content-Encoding") != null
                && !"identity".equalsIgnoreCase(head.header("Content-Encoding"));
        if (encoded) {
            throw ApiProblem.of(415, "UNSUPPORTED_CONTENT_ENCODING", "encoded bodies are not read", "send it as it is");
        }
        return bytes(limits.bytes());
    }

    /** The body, at most this long, whatever it is. */
    public byte[] bytes(int limit) {
        if (head.contentLength() > limit) {
            throw tooLarge(limit);
        }
        try {
            byte[] bytes = head.body().readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw tooLarge(limit);
            }
            return bytes;
        } catch (IOException e) {
            throw ApiProblem.of(400, "BODY_CUT_OFF", "the body ended early", "");
        }
    }

    private static ApiProblem tooLarge(int limit) {
        return ApiProblem.of(413, "BODY_TOO_LARGE", "the body is larger than " + limit + " bytes", "");
    }

    /** The object of a small JSON or YAML body; an empty one when there is no body. */
    public Tree.Mapping object() {
        if (head.contentLength() == 0) {
            return Tree.mapping().build();
        }
        byte[] text = document(TreeLimits.REQUEST);
        if (text.length == 0) {
            return Tree.mapping().build();
        }
        if (tree(text, TreeLimits.REQUEST) instanceof Tree.Mapping object) {
            return object;
        }
        throw ApiProblem.of(422, "WRONG_TYPE", "the body is no object", "send { … }");
    }

    /** The value of a text. */
    public static Tree tree(byte[] text, TreeLimits limits) {
        try {
            return TreeText.read(text, limits);
        } catch (TreeSyntaxException e) {
            throw ApiProblem.document(List.of(e.problem()));
        }
    }

    /** The body of a {@code :verb}, of which all may say a {@code reason}. */
    public Tree.Mapping verb(String... keys) {
        Tree.Mapping body = object();
        List<String> known = new ArrayList<>(List.of(keys));
        known.add("reason");
        allow(body, known.toArray(String[]::new));
        explanation = text(body, "reason").orElse("").strip();
        return body;
    }

    /** The text of a key of an object that must be there. */
    public static String required(Tree.Mapping object, String key) {
        return text(object, key).orElseThrow(() ->
                ApiProblem.of(422, "MISSING_KEY", "the body has no '" + key + "'", "it is text"));
    }

    /** The duration of a key of an object, more than nothing. */
    public static Optional<Duration> duration(Tree.Mapping object, String key, Duration max) {
        String text = text(object, key).orElse(null);
        if (text == null) {
            return Optional.empty();
        }
        Duration duration = Units.duration(text);
        if (duration == null || duration.isZero() || duration.compareTo(max) > 0) {
            throw ApiProblem.of(422, "INVALID_DURATION", key + " cannot be '" + text + "'",
                    "a duration such as 10m, up to " + Units.text(max));
        }
        return Optional.of(duration);
    }

    /** The text of a key of an object. */
    public static Optional<String> text(Tree.Mapping object, String key) {
        return switch (object.get(key)) {
            case Tree.Text text -> Optional.of(text.value());
            case Tree.Num number -> Optional.of(number.text());
            case null, default -> Optional.empty();
        };
    }

    /** Refuses keys that nobody reads. */
    public static void allow(Tree.Mapping object, String... keys) {
        for (String key : object.entries().keySet()) {
            if (!List.of(keys).contains(key)) {
                throw ApiProblem.of(422, "UNKNOWN_KEY", "the key '" + key + "' is not known here",
                        "allowed: " + String.join(", ", keys));
            }
        }
    }

    /** Maps what a parser gives or refuses the parameter. */
    public <T> Optional<T> parsed(String name, Function<String, Optional<T>> parser, String hint) {
        return query(name).map(text -> parser.apply(text).orElseThrow(() -> parameter(name, text, hint)));
    }
}
