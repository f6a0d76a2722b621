package io.halite.admin.node;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how this node's DNS responder answers a name, and why so. */
@FunctionalInterface
public interface DnsExplainer {
    /** Answers no name. */
    DnsExplainer NONE = question -> new Explanation(
            question.name(), question.type(), "", 0, "REFUSED", List.of(), new Policy("", false, false, 0), List.of());

    /**
     * Answers by the zones this node works by now.
     *
     * @throws IllegalArgumentException when name or type are none; the message says which
     */
    Explanation explain(Question question);

    /**
     * What a client asks.
     *
     * @param type such as {@code AAAA}
     * @param from the client's address; null for this node
     */
    record Question(String name, String type, @Nullable InetAddress from) {}

    /**
     * The answer and how it came about.
     *
     * @param zone that covers the name; empty when none does
     * @param rcode such as {@code NOERROR}
     * @param answers records in master file notation
     * @param candidates all that were considered
     */
    record Explanation(
            String name, String type, String zone, long revision, String rcode, List<String> answers, Policy policy,
            List<Candidate> candidates) {
        public Explanation {
            answers = List.copyOf(answers);
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * How a balanced name chose.
     *
     * @param name empty for names that are not balanced
     * @param degraded whether someone is left out for ill health
     * @param panic whether health is ignored because too little is left
     * @param scope prefix length of the client's address that decided; 0 when all clients get the same
     */
    record Policy(String name, boolean degraded, boolean panic, int scope) {}

    /**
     * Somebody who could be answered.
     *
     * @param group the tier or region; empty where there is only one
     * @param answered whether answers may hold its addresses now
     * @param standing {@code live}, {@code down}, {@code leaving} or {@code unusable}
     * @param reason one sentence; empty when it is simply live
     */
    record Candidate(
            String name, String group, List<String> addresses, int weight, boolean answered, String standing,
            String reason) {
        public Candidate {
            addresses = List.copyOf(addresses);
        }
    }
}
