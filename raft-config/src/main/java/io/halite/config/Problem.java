package io.halite.config;

/**
 * One thing that is wrong with a document, told so that it teaches: where, what, and how to mend it.
 *
 * @param line 1-based line in the text, 0 when the document had no text
 * @param pointer JSON pointer (RFC 6901) of the offending value, empty for the whole document
 * @param code stable, upper snake case, such as {@code UNKNOWN_KEY}
 * @param message one sentence without the place
 * @param hint how to mend it, never empty
 */
public record Problem(Severity severity, int line, String pointer, String code, String message, String hint) {

    /** Whether the problem prevents the document from being applied. */
    public enum Severity { ERROR, WARNING }

    /** Whether the document is refused for it. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
