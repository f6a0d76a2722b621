package io.halite.proxy.tls;

/**
 * A certificate, listener or pool whose TLS cannot be put to work; it alone is left out or stays as it was.
 *
 * @param object {@code kind/name} or below, such as {@code certificates/shop}
 * @param code stable, upper snake case, such as {@code SECRET_MISSING}
 * @param message one sentence that names the cause and the way out
 */
public record TlsProblem(String object, String code, String message) {}
