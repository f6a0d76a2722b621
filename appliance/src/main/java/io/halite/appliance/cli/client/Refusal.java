package io.halite.appliance.cli.client;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.util.List;

/**
 * A request that a node refused, as its {@code problem+json} (RFC 9457) says.
 *
 * @param errors the problems of a document; empty when the request was refused for something else
 */
public record Refusal(int status, String detail, String hint, List<DocumentError> errors) {
    /** The document was understood as HTTP, and is wrong in itself: every other refusal lists what it says once more. */
    private static final int INVALID = 422;

    /**
     * One problem of a document.
     *
     * @param isError whether the document is refused for it, rather than somebody warned
     */
    public record DocumentError(int line, String pointer, String code, String message, String hint, boolean isError) {}

    /** A refused document, so that the caller can add the file's name and print all at once. */
    public static final class InvalidDocument extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        InvalidDocument(Refusal refusal) {
            super(refusal.detail());
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /** What to tell of a request that was refused, whatever it was. */
    public static CommandFailure failure(int status, byte[] body) {
        Refusal refusal = read(status, body);
        return new CommandFailure(exitCode(status), refusal.detail, refusal.hint);
    }

    static RuntimeException of(int status, byte[] body, boolean withoutToken) {
        Refusal refusal = read(status, body);
        if (status == INVALID && !refusal.errors.isEmpty()) {
            return new InvalidDocument(refusal);
        }
        return new CommandFailure(exitCode(status), refusal.detail,
                refusal.hint.isEmpty() ? hint(status, withoutToken) : refusal.hint);
    }

    static Refusal read(int status, byte[] body) {
        Fields fields;
        try {
            fields = new Fields(TreeText.read(body, TreeLimits.DOCUMENT) instanceof Tree.Mapping object
                    ? object : Tree.mapping().build());
        } catch (TreeSyntaxException e) {
            fields = new Fields(Tree.mapping().build());
        }
        String title = fields.text("title");
        String detail = fields.text("detail");
        String sentence = !detail.isEmpty() ? detail : !title.isEmpty() ? title : "the node answered " + status;
        return new Refusal(status, sentence, fields.text("hint"), problems(fields, "errors"));
    }

    /** The problems listed in an answer at a key. */
    public static List<DocumentError> problems(Fields fields, String key) {
        return fields.list(key).stream().map(error -> new DocumentError(
                error.text("line").isEmpty() ? 0 : Integer.parseInt(error.text("line")), error.text("pointer"),
                error.text("code"), error.text("message"), error.text("hint"),
                !error.text("severity").equals("warning"))).toList();
    }

    private static ExitCode exitCode(int status) {
        return switch (status) {
            case 401, 403 -> ExitCode.NOT_AUTHORIZED;
            case 404, 410 -> ExitCode.NOT_FOUND;
            case 400, 413, 422 -> ExitCode.INVALID_DOCUMENT;
            case 412, 428 -> ExitCode.STALE_REVISION;
            case 502, 503 -> ExitCode.UNREACHABLE;
            case 504 -> ExitCode.TIMED_OUT;
            default -> ExitCode.FAILED;
        };
    }

    private static String hint(int status, boolean withoutToken) {
        return switch (status) {
            case 401 -> withoutToken ? "give a token by --token or HALITE_TOKEN"
                    : "the first one is in admin.token of the node's data directory; 'halite token issue' makes more";
            case 412 -> "someone changed the config since; look at 'halite diff' and apply again";
            default -> "";
        };
    }
}
