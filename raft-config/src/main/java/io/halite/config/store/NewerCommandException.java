package io.halite.config.store;

/** The log holds a command that this version does not understand; the node must stop and be updated, never skip it. */
public final class NewerCommandException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NewerCommandException(int needed, int understood) {
        super("the log holds a change of feature level " + needed + ", this version understands " + understood
                + "; update this node");
    }
}
