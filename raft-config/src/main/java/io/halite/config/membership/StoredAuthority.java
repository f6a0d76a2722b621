package io.halite.config.membership;

import io.halite.config.peer.ClusterAuthority;
import io.halite.config.peer.ClusterKey;
import java.util.Optional;
import java.util.function.Function;

/** The cluster's authority with its key, as the store keeps it sealed. Stateless. */
final class StoredAuthority {
    private StoredAuthority() {}

    /**
     * Opens it; empty while the cluster is being founded.
     *
     * @param system a record of the store by its key
     */
    static Optional<ClusterAuthority> open(Function<String, Optional<String>> system, ClusterKey clusterKey) {
        Optional<String> certificate = system.apply(SystemKeys.AUTHORITY_CERTIFICATE);
        Optional<String> key = system.apply(SystemKeys.AUTHORITY_KEY);
        return certificate.isPresent() && key.isPresent()
                ? Optional.of(ClusterAuthority.of(certificate.get(),
                        clusterKey.open(key.get(), SystemKeys.AUTHORITY_KEY)))
                : Optional.empty();
    }
}
