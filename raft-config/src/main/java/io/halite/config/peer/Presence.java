package io.halite.config.peer;

/** What dialling a node's port shows. */
public enum Presence {
    /** Its machine lives, and a process listens there; how busy that is, nobody knows. */
    LISTENING,
    /** Its machine lives, and nobody listens there: the process has ended. */
    NOBODY_THERE,
    /** Its machine says nothing: it, or the way to it, is gone. */
    SILENT
}
