package io.halite.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address and port with a protocol, open on every node of the cluster.
 *
 * @param address an IP address, possibly a wildcard (which a node narrows to its bind address), and a port
 * @param certificates names of certificates; for {@code https} only, the first is the default
 * @param pool the pool of a {@code tcp}, {@code tls} or {@code udp} listener; null for {@code http} and {@code https}
 */
public record Listener(
        String name, HostPort address, Protocol protocol, List<String> certificates, @Nullable String pool) {

    public Listener {
        certificates = List.copyOf(certificates);
    }
}
