package io.halite.appliance;

/** A peer as people name it: a host, an address or an IPv6 address in brackets, with or without a port. Stateless. */
final class PeerName {
    private PeerName() {}

    /**
     * The name with a port.
     *
     * @throws IllegalArgumentException when it is none
     */
    static String withPort(String peer, int defaultPort) {
        boolean bare6 = !peer.startsWith("[") && peer.indexOf(':') != peer.lastIndexOf(':');
        String host = bare6 ? "[" + peer + "]" : peer;
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : 0;
        String name = host.indexOf(':', end) < 0 ? host + ":" + defaultPort : host;
        if (!name.matches("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + peer + "' is no peer: write host or host:port");
        }
        return name;
    }
}
