package io.halite.config;

import java.util.Locale;

/** What a listener speaks. {@code HTTP} and {@code HTTPS} are routed; the others are relayed to the listener's pool. */
public enum Protocol {
    HTTP, HTTPS, TCP, TLS, UDP;

    /** Whether requests are matched against routes. */
    public boolean isRouted() {
        return this == HTTP || this == HTTPS;
    }

    /** The spelling of the document, such as {@code http}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
