package io.halite.admin.http;

import io.halite.admin.access.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param template the path, such as {@code /api/v1/pools/{pool}/targets/{target}:drain}; a variable is any text without
 * a slash or a colon
 * @param role what the caller's token must include; null for everybody
 * @param effect whether it changes anything, which the audit log then tells
 */
public record Endpoint(String method, String template, @Nullable Role role, Effect effect, Handler handler) {
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    /** Whether an operation changes anything. */
    public enum Effect { READS, WRITES }

    /** Answers a call. */
    @FunctionalInterface
    public interface Handler {
        /**
         * The answer.
         *
         * @throws ApiProblem when there is something wrong with the call
         */
        Answer handle(Call call);
    }

    /** An operation that changes nothing. */
    public static Endpoint reads(String method, String template, Role role, Handler handler) {
        return new Endpoint(method, template, role, Effect.READS, handler);
    }

    /** An operation that changes something. */
    public static Endpoint writes(String method, String template, Role role, Handler handler) {
        return new Endpoint(method, template, role, Effect.WRITES, handler);
    }

    /** An operation that needs no login and changes nothing. */
    public static Endpoint open(String method, String template, Handler handler) {
        return new Endpoint(method, template, null, Effect.READS, handler);
    }

    /** The template as a pattern with a named group for each variable. */
    Pattern pattern() {
        Matcher variables = VARIABLE.matcher(template);
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        while (variables.find()) {
            pattern.append(Pattern.quote(template.substring(end, variables.start())));
            pattern.append("(?<").append(variables.group(1)).append(">[^/:]+?)");
            end = variables.end();
        }
        return Pattern.compile(pattern.append(Pattern.quote(template.substring(end))).toString());
    }

    /** The names of the variables, in order. */
    List<String> variables() {
        return VARIABLE.matcher(template).results().map(result -> result.group(1)).toList();
    }

    /** The variables of a path that the template matches; null when it does not. */
    static @Nullable Map<String, String> match(Pattern pattern, List<String> variables, String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        variables.forEach(variable -> values.put(variable, matcher.group(variable)));
        return Collections.unmodifiableMap(values);
    }

    /** All operations of an API, found by method and path. Immutable. */
    public static final class Table {
        private final List<Compiled> compiled = new ArrayList<>();

        /** The earlier of two endpoints that match the same path wins. */
        public Table(List<Endpoint> endpoints) {
            endpoints.forEach(endpoint ->
                    compiled.add(new Compiled(endpoint, endpoint.pattern(), endpoint.variables())));
        }

        private record Compiled(Endpoint endpoint, Pattern pattern, List<String> variables) {}

        /** An endpoint that was found, with the values of its path's variables. */
        public record Match(Endpoint endpoint, Map<String, String> variables) {}

        /** Everything in the table, in order. */
        public List<Endpoint> endpoints() {
            return compiled.stream().map(Compiled::endpoint).toList();
        }

        /** The endpoint for a request, or null. {@code HEAD} is answered as {@code GET} is. */
        @Nullable Match find(String method, String path) {
            String asked = method.equals("HEAD") ? "GET" : method;
            for (Compiled candidate : compiled) {
                if (candidate.endpoint.method().equals(asked)) {
                    Map<String, String> values = match(candidate.pattern, candidate.variables, path);
                    if (values != null) {
                        return new Match(candidate.endpoint, values);
                    }
                }
            }
            return null;
        }

        /** The methods that a path has; empty for a path that is not known. */
        List<String> methods(String path) {
            return compiled.stream().filter(candidate -> candidate.pattern.matcher(path).matches())
                    .map(candidate -> candidate.endpoint.method()).distinct().sorted().toList();
        }
    }
}
