package io.halite.admin.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
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

    /** What the zone above must hold of a zone; empty when this node serves no such zone. */
    default Optional<Delegation> delegation(String zone) {
        return Optional.empty();
    }

    /**
     * Asks servers of the zone above; empty when this node serves no such zone.
     *
     * @param servers to be asked; none to find them
     * @throws IOException when they cannot be found; the message is one sentence
     */
    default Optional<List<ParentServer>> checkDelegation(String zone, List<InetSocketAddress> servers)
            throws IOException {
        return Optional.empty();
    }

    /** The signing keys of zones. */
    default DnsKeys keys() {
        return DnsKeys.NONE;
    }

    /**
     * What the zone above must hold, in master file notation.
     *
     * @param glue addresses of nameservers within the zone
     * @param ds empty for an unsigned zone
     */
    record Delegation(String zone, List<String> nameservers, List<String> glue, List<String> ds) {
        public Delegation {
            nameservers = List.copyOf(nameservers);
            glue = List.copyOf(glue);
            ds = List.copyOf(ds);
        }
    }

    /**
     * A server of the zone above.
     *
     * @param problems a sentence each; none when it delegates the zone as it should
     */
    record ParentServer(String server, List<String> problems) {
        public ParentServer {
            problems = List.copyOf(problems);
        }
    }

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
     * @param reason one sentence; empty when it simply lives and is answered
     */
    record Candidate(
            String name, String group, List<String> addresses, int weight, boolean answered, String standing,
            String reason) {
        public Candidate {
            addresses = List.copyOf(addresses);
        }
    }
}
