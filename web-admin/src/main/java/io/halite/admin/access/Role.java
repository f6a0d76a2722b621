package io.halite.admin.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token may do; each role may do all that the roles before it may. */
public enum Role {
    /** Reads the metrics, nothing else. */
    METRICS,
    /** Reads everything but secrets. */
    VIEWER,
    /** Sets admin states and starts checks. */
    OPERATOR,
    /** Changes the config and its secrets. */
    EDITOR,
    /** Changes the cluster, its nodes and its tokens. */
    ADMIN;

    /** The spelling of the API. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this role may do what the other may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** The role of a spelling of the API. */
    public static Optional<Role> of(String key) {
        return Arrays.stream(values()).filter(role -> role.key().equals(key)).findAny();
    }
}
