package io.halite.health.probe;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * What makes two probes the same: address and check. However many pools use it, it is probed once. A class and not a
 * record because it is a map key everywhere, and the hash of a check with headers is not cheap.
 */
public final class ProbeKey {
    private final HostPort address;
    private final HealthCheck check;
    private final int hash;

    public ProbeKey(HostPort address, HealthCheck check) {
        this.address = address;
        this.check = check;
        this.hash = 31 * address.hashCode() + check.hashCode();
    }

    public HostPort address() {
        return address;
    }

    public HealthCheck check() {
        return check;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ProbeKey key && hash == key.hash && address.equals(key.address)
                && check.equals(key.check));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return address + " " + check;
    }
}
