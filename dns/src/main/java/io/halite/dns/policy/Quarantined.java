package io.halite.dns.policy;

/**
 * An object that cannot be answered for and is left out, while everything else is served.
 *
 * @param object such as {@code zone/lb.example.net/names/shop}
 * @param code stable, upper snake case
 */
public record Quarantined(String object, String code, String message) {}
