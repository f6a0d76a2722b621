package io.halite.health.probe;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.health.probe.kind.Manner;
import org.jspecify.annotations.Nullable;

/**
 * What makes two probes the same: address, check, and how the pool speaks to the address. However many pools use
 * it, it is probed once. A class and not a record because it is a map key everywhere, and the hash of a check with headers
 * is not cheap.
 */
public final class ProbeKey {
    private final HostPort address;
    private final HealthCheck check;
    private final Manner manner;
    private final int hash;
    private final long id;

    /** A probe of a pool that speaks plain HTTP/1.1. */
    public ProbeKey(HostPort address, HealthCheck check) {
        this(address, check, Manner.PLAIN);
    }

    public ProbeKey(HostPort address, HealthCheck check, Manner manner) {
        this.address = address;
        this.check = check;
        this.manner = manner;
        this.hash = 31 * (31 * address.hashCode() + check.hashCode()) + manner.hashCode();
        this.id = Fingerprint.of(address, check, manner);
    }

    public HostPort address() {
        return address;
    }

    public HealthCheck check() {
        return check;
    }

    /** How it speaks to the address. */
    public Manner manner() {
        return manner;
    }

    /**
     * What nodes call it between each other: the same on every node and in every version. Of 100,000 probes two have
     * the same id with a probability of 3 in 10¹⁰.
     */
    public long id() {
        return id;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ProbeKey key && hash == key.hash && address.equals(key.address)
                && check.equals(key.check) && manner.equals(key.manner));
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
