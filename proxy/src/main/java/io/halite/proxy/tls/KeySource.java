package io.halite.proxy.tls;

import java.util.Optional;

/** Where private keys come from. Safe for use by many threads. */
@FunctionalInterface
public interface KeySource {
    /** Knows none. */
    KeySource NONE = _ -> Optional.empty();

    /**
     * The secret of this name, a key in PEM; empty when there is none.
     *
     * @throws IllegalArgumentException when it cannot be opened
     */
    Optional<byte[]> secret(String name);
}
