package io.halite.admin.http;

import io.halite.config.Problem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The JSON of a problem. Stateless. */
public final class ProblemBody {
    public static final String CONTENT_TYPE = "application/problem+json";
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"), Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"), Map.entry(405, "Method Not Allowed"), Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"), Map.entry(409, "Conflict"), Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"), Map.entry(414, "URI Too Long"),
            Map.entry(415, "Unsupported Media Type"), Map.entry(422, "Unprocessable Content"),
            Map.entry(428, "Precondition Required"), Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"), Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"), Map.entry(503, "Service Unavailable"));

    private ProblemBody() {}

    /** The text of an answer. */
    static String of(ApiProblem problem, String requestId) {
        String message = problem.getMessage();
        Tree body = Tree.mapping().put("type", "about:blank")
                .put("title", TITLES.getOrDefault(problem.status(), "Error"))
                .put("status", problem.status()).put("code", problem.code())
                .put("detail", message == null ? "" : message).put("hint", problem.hint())
                .put("requestId", requestId).put("errors", errors(problem.problems())).build();
        return TreeText.json(body) + "\n";
    }

    /** Problems as the API lists them, warnings marked as such. */
    public static Tree errors(List<Problem> problems) {
        List<Tree> errors = new ArrayList<>();
        for (Problem problem : problems) {
            Tree.MappingBuilder error = Tree.mapping().put("pointer", problem.pointer()).put("line", problem.line())
                    .put("code", problem.code()).put("message", problem.message()).put("hint", problem.hint());
            errors.add(problem.isError() ? error.build() : error.put("severity", "warning").build());
        }
        return Tree.list(errors);
    }
}
