package io.halite.health;

import java.util.Locale;

/** The outcome of one probe. */
public enum Verdict {
    PASSED,
    FAILED,
    /** It says nothing of the target: the prober itself was late or lacked something. Neither rises nor falls. */
    VOIDED;

    /** The spelling of metrics and the API. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
