package io.halite.proxy;

/**
 * An object of the config that this node could not put to work; it is quarantined alone, everything else runs.
 *
 * @param object {@code kind/name} or below, such as {@code loadBalancers/shop/listeners/web}
 * @param code stable, upper snake case, such as {@code PORT_TAKEN}
 * @param message one sentence that names the cause and the way out
 */
public record ActivationFailure(String object, String code, String message) {}
