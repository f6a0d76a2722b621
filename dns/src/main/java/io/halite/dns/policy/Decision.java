package io.halite.dns.policy;

import io.halite.config.Zone.Policy;
import io.halite.dns.wire.RecordType;
import java.time.Duration;
import java.util.List;

/**
 * What was decided about a balanced name, for each address family by itself, with everything needed to explain it.
 *
 * @param ttl already shortened while one of them is degraded
 */
public record Decision(Policy policy, Side ipv4, Side ipv6, Duration ttl) {

    /**
     * What was decided about one family.
     *
     * @param degraded whether someone who should be answered is not, for ill health
     * @param panic whether health is ignored because too little of it is left
     * @param considered all candidates
     */
    public record Side(Selection selection, boolean degraded, boolean panic, List<Considered> considered) {
        public Side {
            considered = List.copyOf(considered);
        }
    }

    /**
     * A candidate and what became of it.
     *
     * @param region whose clients this is about; empty where all clients are alike
     * @param part the tier it stands in, or why it is considered beside others; empty where there is only one
     * @param answered whether answers may hold its addresses
     */
    public record Considered(Candidate candidate, String region, String part, boolean answered) {

        /** Region and part in words. */
        public String group() {
            return region.isEmpty() || part.isEmpty() ? region + part : region + ", " + part;
        }
    }

    /** The decision about a type of address; that about IPv4 for every other type. */
    public Side side(int type) {
        return type == RecordType.AAAA ? ipv6 : ipv4;
    }

    public boolean degraded() {
        return ipv4.degraded || ipv6.degraded;
    }

    public boolean panic() {
        return ipv4.panic || ipv6.panic;
    }
}
