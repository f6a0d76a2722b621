package io.halite.admin.http;

import io.halite.config.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something is wrong with a call; it is answered with {@code application/problem+json} (RFC 9457). */
public final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String hint;
    private final transient List<Problem> problems;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private ApiProblem(int status, String code, String message, String hint, List<Problem> problems) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.hint = hint;
        this.problems = List.copyOf(problems);
    }

    /**
     * A problem of the call as a whole.
     *
     * @param code stable, upper snake case
     * @param message one sentence
     * @param hint how to go on; empty when the message says it all
     */
    public static ApiProblem of(int status, String code, String message, String hint) {
        return new ApiProblem(status, code, message, hint, List.of(
                new Problem(Problem.Severity.ERROR, 0, "", code, message, hint)));
    }

    /** A document that cannot be applied, with everything that is wrong with it. */
    public static ApiProblem document(List<Problem> problems) {
        List<Problem> sorted = new ArrayList<>(problems);
        long errors = sorted.stream().filter(Problem::isError).count();
        return new ApiProblem(422, "INVALID_DOCUMENT",
                errors == 1 ? "the document has an error" : "the document has " + errors + " errors",
                "nothing was changed", sorted);
    }

    /** There is no such thing. */
    public static ApiProblem notFound(String what, String hint) {
        return of(404, "NOT_FOUND", what, hint);
    }

    /** The same with a header in its answer. */
    public ApiProblem with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String hint() {
        return hint;
    }

    public List<Problem> problems() {
        return problems;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
