package io.halite.health.orchestrator;

import io.halite.health.ProbeOutcome;
import io.halite.health.probe.ProbeStatus;
import java.util.List;

/**
 * What nodes tell each other about health checking. Every message but a nudge and a question carries the Raft term in
 * which it was said; who knows a higher one drops it.
 */
sealed interface HealthMessage {

    /** Leader to all: I lead this term; tell me what you hold. */
    record Hello(long term) implements HealthMessage {}

    /**
     * Worker to leader, in answer to a hello and before its first renewal: what it probes, by whomever's order.
     *
     * @param last whether this was the last part
     */
    record Held(long term, List<Long> probes, boolean last) implements HealthMessage {
        public Held {
            probes = List.copyOf(probes);
        }
    }

    /**
     * Worker to leader, each second: renew my lease.
     *
     * @param seq counts the worker's renewals, so that a grant says which one it answers
     * @param version of the assignment it works by in this term; 0 for none
     * @param viewVersion of the view it has in this term; 0 for none
     * @param latePermille how many of its last thousand probes were void because it was late itself
     */
    record Renew(long term, long seq, long version, long viewVersion, int latePermille) implements HealthMessage {}

    /**
     * Leader to worker: the renewal of that number holds.
     *
     * @param epoch counts the changes of assignment in this term
     * @param floor assignments below this version are no longer the worker's, because it had been given up
     * @param roster who works, for answering questions about it on any node
     * @param complete whether every probe has an owner, as far as the leader can know
     */
    record Grant(long term, long epoch, long seq, long floor, int leaseMillis, List<Shift> roster, boolean complete)
            implements HealthMessage {
        public Grant {
            roster = List.copyOf(roster);
        }
    }

    /** A working node and how much of its lease is left. */
    record Shift(String node, int leftMillis) {}

    /**
     * Leader to worker: probe these.
     *
     * @param version of this worker's assignment
     * @param base the version to change; 0 when {@code added} is all
     */
    record Assign(long term, long version, long base, List<Long> added, List<Long> removed) implements HealthMessage {
        public Assign {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }
    }

    /** Worker to leader: what it found. */
    record Report(long term, List<Finding> findings) implements HealthMessage {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /** What a worker found of a probe's target. */
    record Finding(long probe, ProbeStatus status) {}

    /**
     * Leader to all: what holds in the cluster.
     *
     * @param version of the view after this
     * @param base the version it changes; entries are whole, so that a gap is only repaired, never misread
     */
    record View(long term, long version, long base, List<Entry> entries) implements HealthMessage {
        public View {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What holds of a probe's target.
     *
     * @param probers the ids of the nodes that probe it
     */
    record Entry(long probe, ProbeStatus status, List<String> probers) {
        public Entry {
            probers = List.copyOf(probers);
        }
    }

    /** Anyone to a prober: probe this one at once, back to back, until it is settled. */
    record Nudge(long probe) implements HealthMessage {}

    /**
     * Anyone to a prober: probe this one once now and tell me.
     *
     * @param question the asker's number for it
     */
    record Ask(long question, long probe) implements HealthMessage {}

    /** A prober to who asked. */
    record Told(long question, ProbeOutcome outcome) implements HealthMessage {}
}
