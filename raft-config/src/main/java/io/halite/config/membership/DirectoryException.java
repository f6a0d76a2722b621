package io.halite.config.membership;

/** A data directory that cannot or must not be used; says what is wrong, and the way out. */
public final class DirectoryException extends Exception {
    private static final long serialVersionUID = 1;

    private final String hint;

    public DirectoryException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public DirectoryException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** The way out. */
    public String hint() {
        return hint;
    }
}
