package io.halite.config;

import java.util.Locale;

/** What people decided about a target, whatever its health. */
public enum AdminState {
    /** Takes part. */
    READY,
    /** Existing sessions only; checks go on. */
    DRAIN,
    /** No traffic, no checks. */
    MAINT;

    /** The spelling of the API, such as {@code drain}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
