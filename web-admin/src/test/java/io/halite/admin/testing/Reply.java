package io.halite.admin.testing;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer of an admin server. */
public record Reply(HttpResponse<String> response) {

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    /** The value of a header; empty when it is not there. */
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The body as a value. */
    public Tree tree() {
        try {
            return TreeText.read(body().getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT);
        } catch (TreeSyntaxException e) {
            throw new AssertionError("not JSON or YAML: " + body(), e);
        }
    }

    /** A scalar of the body by its path, such as {@code pools.0.targets.1.name}; empty when it is not there. */
    public String text(String path) {
        return switch (at(path)) {
            case Tree.Text text -> text.value();
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            case Tree.Null ignored -> "";
            default -> throw new AssertionError(path + " is no scalar in " + body());
        };
    }

    /** How many items or entries there are at a path. */
    public int size(String path) {
        return switch (at(path)) {
            case Tree.Sequence list -> list.items().size();
            case Tree.Mapping object -> object.entries().size();
            default -> 0;
        };
    }

    private Tree at(String path) {
        Tree tree = tree();
        for (String key : path.isEmpty() ? List.<String>of() : List.of(path.split("\\."))) {
            Tree next = switch (tree) {
                case Tree.Mapping object -> object.get(key);
                case Tree.Sequence list when key.matches("[0-9]+") && Integer.parseInt(key) < list.items().size() ->
                        list.items().get(Integer.parseInt(key));
                default -> null;
            };
            tree = next == null ? new Tree.Null(0) : next;
        }
        return tree;
    }

    /** Checks the status and gives this. */
    public Reply expect(int status) {
        if (status() != status) {
            throw new AssertionError("expected " + status + ", was " + status() + "\n" + body());
        }
        return this;
    }

    /** Checks that this is a problem of this status and code in the form that all have, and gives this. */
    public Reply expectProblem(int status, String code) {
        expect(status);
        boolean formed = header("Content-Type").equals("application/problem+json")
                && text("status").equals(Integer.toString(status)) && !text("title").isEmpty()
                && !text("detail").isEmpty() && !text("requestId").isEmpty() && size("errors") > 0
                && !text("errors.0.code").isEmpty() && !text("errors.0.message").isEmpty();
        if (!formed || !text("code").equals(code)) {
            throw new AssertionError("expected problem " + code + ", was " + header("Content-Type") + "\n" + body());
        }
        return this;
    }
}
