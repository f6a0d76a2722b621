package io.halite.dns.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * Something a balanced name could answer, with how it stands.
 *
 * @param name of a node, {@code pool/target}, an address or a virtual address
 * @param weight 0 for standby
 * @param reason why it stands so or is not answered, one sentence; empty when it simply lives and serves
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
        /** It does not exist or has no address of the kind that is asked for. */
        UNUSABLE
    }

    boolean isLive() {
        return standing == Standing.LIVE;
    }

    /** Whether health alone decides about it. */
    boolean isStaying() {
        return standing == Standing.LIVE || standing == Standing.DOWN;
    }

    /** The same, of no use. */
    Candidate unusable(String why) {
        return new Candidate(name, addresses, weight, Standing.UNUSABLE, why);
    }

    /** The same for another reason. */
    Candidate because(String why) {
        return new Candidate(name, addresses, weight, standing, why);
    }

    static Candidate unusable(String name, String reason) {
        return new Candidate(name, List.of(), 0, Standing.UNUSABLE, reason);
    }
}
