package io.halite.health;

import java.util.Locale;

/** What probes say of a target. */
public enum Health {
    /** Not probed yet, or never: no check, or maintenance. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY;

    /** The spelling of the API. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
