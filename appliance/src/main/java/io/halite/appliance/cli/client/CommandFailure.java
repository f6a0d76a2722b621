package io.halite.appliance.cli.client;

import java.util.List;

/** A command cannot do what was asked: one sentence, a hint, and the exit code that tells scripts why. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String hint;
    private final transient List<String> details;

    /**
     * @param sentence what went wrong, without a final full stop
     * @param hint what to do about it; empty when the sentence says it all
     * @param details lines that are printed before the sentence, such as the problems of a document
     */
    public CommandFailure(ExitCode exitCode, String sentence, String hint, List<String> details) {
        super(sentence);
        this.exitCode = exitCode;
        this.hint = hint;
        this.details = List.copyOf(details);
    }

    public CommandFailure(ExitCode exitCode, String sentence, String hint) {
        this(exitCode, sentence, hint, List.of());
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }

    /** Everything to print on standard error. */
    public List<String> lines() {
        List<String> lines = new java.util.ArrayList<>(details);
        lines.add("halite: " + getMessage());
        if (!hint.isEmpty()) {
            lines.add("  hint: " + hint);
        }
        return lines;
    }
}
