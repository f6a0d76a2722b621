package io.halite.proxy.table;

/**
 * An object that could not be compiled; it alone is out, everything else is in the table.
 *
 * @param object {@code kind/name} or below, such as {@code loadBalancers/shop/routes/r3}
 * @param code stable, upper snake case, such as {@code BAD_EXPRESSION}
 * @param message one sentence that names the cause and the way out
 */
public record Quarantined(String object, String code, String message) {}
