package io.halite.dns.policy;

import io.halite.config.Zone.Policy;
import java.time.Duration;
import java.util.List;

/**
 * What was decided about a balanced name, with everything needed to explain it.
 *
 * @param ttl already shortened while degraded
 * @param degraded whether someone who should be answered is not, for ill health
 * @param panic whether health is ignored because too little of it is left
 * @param considered all candidates
 */
public record Decision(
        Policy policy, Selection selection, Duration ttl, boolean degraded, boolean panic,
        List<Considered> considered) {
    public Decision {
        considered = List.copyOf(considered);
    }

    /**
     * A candidate and what became of it.
     *
     * @param group the tier or region it stands in; empty where there is only one
     * @param answered whether it is among the answers
     */
    public record Considered(Candidate candidate, String group, boolean answered) {}
}
