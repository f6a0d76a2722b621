package io.halite.config;

/** What a pool does when too few of its targets are eligible. The last two are for DNS names only. */
public enum WhenAllDown {
    ALL, LAST_KNOWN, BACKUP, NONE, SERVFAIL, REFUSE;

    /** The spelling of the document, such as {@code lastKnown}. */
    public String key() {
        return switch (this) {
            case ALL -> "all";
            case LAST_KNOWN -> "lastKnown";
            case BACKUP -> "backup";
            case NONE -> "none";
            case SERVFAIL -> "servfail";
            case REFUSE -> "refuse";
        };
    }
}
