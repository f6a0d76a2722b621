package io.halite.dns.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * Something a balanced name could answer, with how it stands.
 *
 * @param name of a node, {@code pool/target}, an address or a virtual address
 * @param weight 0 for standby
 * @param reason why it stands so, one sentence; empty when it is simply live
 */
public record Candidate(String name, List<InetAddress> addresses, int weight, Standing standing, String reason) {
    public Candidate {
        addresses = List.copyOf(addresses);
    }

    /** How a candidate stands. */
    public enum Standing {
        LIVE,
        /** Unhealthy: may be answered in need. */
        DOWN,
        /** People took it out. */
        LEAVING,
        /** It does not exist or has no address. */
        UNUSABLE
    }

    boolean isLive() {
        return standing == Standing.LIVE;
    }

    /** Whether health alone decides about it. */
    boolean isStaying() {
        return standing == Standing.LIVE || standing == Standing.DOWN;
    }

    static Candidate unusable(String name, String reason) {
        return new Candidate(name, List.of(), 0, Standing.UNUSABLE, reason);
    }
}
