package io.halite.appliance;

import io.halite.admin.secret.SecretVault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secrets of the cluster for the parts of this node that work with them; none before the store is open. */
final class NodeSecrets {
    private volatile @Nullable SecretVault vault;

    /** The store is open. */
    void know(SecretVault opened) {
        vault = opened;
    }

    /** Whether a secret that is not found is not there. */
    boolean areKnown() {
        return vault != null;
    }

    /**
     * The secret of this name.
     *
     * @throws IllegalArgumentException when it cannot be opened by this cluster's key
     */
    Optional<byte[]> secret(String name) {
        SecretVault known = vault;
        return known == null ? Optional.empty() : known.open(name);
    }
}
