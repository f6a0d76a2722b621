package io.halite.dns;

import java.util.List;

/**
 * Why a name is answered as it is, for {@code halite dns ask}.
 *
 * @param zone that covers the name; empty when none does
 * @param rcode of the response, such as {@code NOERROR}
 * @param answers the records of one real answer to the client named, in master file notation
 * @param policy of the balanced name whose addresses or hints are answered, be it by way of a CNAME; empty for others
 * @param degraded whether someone is left out for ill health
 * @param panic whether health is ignored because too little is left
 * @param scope prefix length of the client's address that decided; 0 when all clients get the same
 * @param candidates all that were considered for those addresses
 */
public record DnsExplanation(
        String name, String type, String zone, long revision, String rcode, List<String> answers, String policy,
        boolean degraded, boolean panic, int scope, List<Candidate> candidates) {
    public DnsExplanation {
        answers = List.copyOf(answers);
        candidates = List.copyOf(candidates);
    }

    /**
     * Somebody who could be answered.
     *
     * @param group the tier or region; empty where there is only one
     * @param answered whether answers to the client named may hold its addresses now
     * @param standing {@code live}, {@code down}, {@code leaving} or {@code unusable}
     * @param reason one sentence; empty when it simply lives and is answered
     */
    public record Candidate(
            String name, String group, List<String> addresses, int weight, boolean answered, String standing,
            String reason) {
        public Candidate {
            addresses = List.copyOf(addresses);
        }
    }
}
