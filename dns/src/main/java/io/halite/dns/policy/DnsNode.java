package io.halite.dns.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * A node as DNS answers see it.
 *
 * @param addresses advertised ones, IPv4 and IPv6
 * @param site where it stands, the region of geo names that list no members; empty when it does not say
 * @param weight its share of weighted names, 0 for standby
 */
public record DnsNode(String name, State state, List<InetAddress> addresses, String site, int weight) {
    public static final int DEFAULT_WEIGHT = 100;

    public DnsNode {
        addresses = List.copyOf(addresses);
    }

    /** Whether it takes part. */
    public enum State {
        ALIVE,
        /** Leaves the answers at once, though it serves on. */
        DRAINING,
        DOWN
    }

    /** A live node with every default. */
    public static DnsNode alive(String name, InetAddress... addresses) {
        return new DnsNode(name, State.ALIVE, List.of(addresses), "", DEFAULT_WEIGHT);
    }

    /** This node in another state. */
    public DnsNode in(State other) {
        return new DnsNode(name, other, addresses, site, weight);
    }
}
