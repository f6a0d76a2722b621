package io.halite.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An address and port with a protocol, open on every node of the cluster.
 *
 * @param address an IP address, possibly a wildcard (which a node narrows to its bind address), and a port
 * @param certificates names of certificates; for https only, the first is the default
 * @param pool the pool of a tcp, tls or udp listener; null for http and https,
 *     and for a tls listener that refuses names it does not know
 * @param serverNames for tls only: pool by server name (SNI), exact or {@code *.example.com}
 * @param http2 whether http and https clients may speak HTTP/2
 * @param tls for https only
 * @param proxyProtocol senders whose connections begin with a PROXY header, version 1 or 2; empty for nobody
 */
public record Listener(
        String name, HostPort address, Protocol protocol, List<String> certificates, @Nullable String pool,
        SortedMap<String, String> serverNames, boolean http2, ListenerTls tls, List<Cidr> proxyProtocol) {

    public Listener {
        certificates = List.copyOf(certificates);
        serverNames = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) serverNames));
        proxyProtocol = List.copyOf(proxyProtocol);
    }

    /** A listener with every default but these. */
    public Listener(
            String name, HostPort address, Protocol protocol, List<String> certificates, @Nullable String pool) {
        this(name, address, protocol, certificates, pool, Collections.emptySortedMap(), true, ListenerTls.DEFAULT,
                List.of());
    }
}
