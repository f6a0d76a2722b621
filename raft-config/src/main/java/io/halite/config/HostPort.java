package io.halite.config;

/**
 * A host and a port as written in a document: the host is an IPv4 address, an IPv6 address (without brackets) or a
 * DNS name.
 *
 * @param port 0–65535; 0 lets the system choose and is allowed for listeners only
 */
public record HostPort(String host, int port) implements Comparable<HostPort> {

    public HostPort {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
        }
    }

    /** Whether the host is an IPv6 address. */
    public boolean isIpv6() {
        return host.indexOf(':') >= 0;
    }

    @Override
    public int compareTo(HostPort other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    /** {@code 10.0.0.1:80}, {@code [::1]:80} or {@code name:80}. */
    @Override
    public String toString() {
        return isIpv6() ? "[" + host + "]:" + port : host + ":" + port;
    }
}
