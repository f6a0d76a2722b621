package io.halite.config;

import java.util.Locale;

/**
 * One backend server of a pool.
 *
 * @param name given, or derived from the address: {@code 10.0.0.11:8080} → {@code 10-0-0-11-8080}
 * @param weight its share of the pool, {@link #MIN_WEIGHT}–{@link #MAX_WEIGHT}; zero takes part in nothing
 * @param priority 0 for the first choice, up to {@link #MAX_PRIORITY}; a later one takes what the earlier cannot carry
 */
public record Target(String name, HostPort address, int weight, int priority) {
    public static final int MIN_WEIGHT = 0;
    public static final int MAX_WEIGHT = 1_000;
    public static final int DEFAULT_WEIGHT = 100;
    public static final int MAX_PRIORITY = 9;

    /** A target of first choice. */
    public Target(String name, HostPort address, int weight) {
        this(name, address, weight, 0);
    }

    /** The name of a target that was given by its address alone. */
    public static String derivedName(HostPort address) {
        StringBuilder name = new StringBuilder();
        for (char c : address.toString().toLowerCase(Locale.ROOT).toCharArray()) {
            boolean kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (kept) {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
                name.append('-');
            }
        }
        return name.toString();
    }
}
