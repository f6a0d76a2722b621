package io.halite.health.probe;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Upstream.ProxyVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes two probes the same: address, check, and the PROXY header that the address expects. However many pools use
 * it, it is probed once. A class and not a record because it is a map key everywhere, and the hash of a check with headers
 * is not cheap.
 */
public final class ProbeKey {
    private final HostPort address;
    private final HealthCheck check;
    private final @Nullable ProxyVersion proxyProtocol;
    private final int hash;
    private final long id;

    /** A probe whose connection begins with no header. */
    public ProbeKey(HostPort address, HealthCheck check) {
        this(address, check, null);
    }

    public ProbeKey(HostPort address, HealthCheck check, @Nullable ProxyVersion proxyProtocol) {
        this.address = address;
        this.check = check;
        this.proxyProtocol = proxyProtocol;
        this.hash = 31 * (31 * address.hashCode() + check.hashCode()) + Objects.hashCode(proxyProtocol);
        this.id = Fingerprint.of(address, check, proxyProtocol);
    }

    public HostPort address() {
        return address;
    }

    public HealthCheck check() {
        return check;
    }

    /** The PROXY header that its connection begins with; null for none. */
    public @Nullable ProxyVersion proxyProtocol() {
        return proxyProtocol;
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
                && check.equals(key.check) && proxyProtocol == key.proxyProtocol);
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
