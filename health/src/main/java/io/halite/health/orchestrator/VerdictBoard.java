package io.halite.health.orchestrator;

import io.halite.health.Health;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.probe.ProbeStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What holds in the cluster of every probe's target, made of what its vantage points report. With several of them
 * {@code unhealthy} needs two, so that one node's broken network takes no target out; one that passes is enough for
 * {@code healthy}. Until somebody reports, what was known before holds. Pure, owned by one thread.
 */
final class VerdictBoard {
    private static final int CONFIRMATION = 2;

    private final UnaryOperator<String> name;
    private final Map<Long, Case> cases = new HashMap<>();
    private final Map<Long, Entry> changed = new LinkedHashMap<>();

    /** One probe's target. */
    private static final class Case {
        private final Map<String, ProbeStatus> seen = new TreeMap<>();
        private List<String> probers = List.of();
        private int vantages = 1;
        private boolean disputed;
        private ProbeStatus status;

        Case(ProbeStatus status) {
            this.status = status;
        }
    }

    /** Starts empty; node ids become names for the sentences. */
    VerdictBoard(UnaryOperator<String> name) {
        this.name = name;
    }

    /** Takes over what was known before this leader's term. */
    void inherit(Collection<Entry> entries) {
        for (Entry entry : entries) {
            Case inherited = new Case(entry.status());
            inherited.probers = entry.probers();
            cases.put(entry.probe(), inherited);
        }
    }

    /** Keeps only these. */
    void retain(Set<Long> probes) {
        cases.keySet().retainAll(probes);
        changed.keySet().retainAll(probes);
    }

    /** These nodes may own the probe now, out of so many that shall; who does no longer has no say. */
    void owners(long probe, List<String> owners, int vantages, ProbeStatus unknown) {
        Case known = cases.computeIfAbsent(probe, _ -> new Case(unknown));
        known.seen.keySet().retainAll(owners);
        boolean moved = !known.probers.equals(owners);
        known.probers = owners;
        known.vantages = vantages;
        decide(probe, known);
        if (moved) {
            changed.put(probe, new Entry(probe, known.status, known.probers));
        }
    }

    /**
     * An owner reports.
     *
     * @return other owners that should look at once, because this report needs confirming
     */
    List<String> report(long probe, String node, ProbeStatus status) {
        Case known = cases.get(probe);
        if (known == null || !known.probers.contains(node)) {
            return List.of();
        }
        ProbeStatus before = known.seen.put(node, status);
        decide(probe, known);
        boolean suspects = status.health() == Health.UNHEALTHY
                && (before == null || before.health() != Health.UNHEALTHY);
        return suspects && known.status.health() != Health.UNHEALTHY
                ? known.probers.stream().filter(other -> !other.equals(node)).toList() : List.of();
    }

    /** A node looked although nobody owns the probe; as long as nobody does, that holds. */
    void observe(long probe, ProbeStatus status) {
        Case known = cases.get(probe);
        if (known != null && known.probers.isEmpty() && !status.isLike(known.status)) {
            known.status = status;
            changed.put(probe, new Entry(probe, status, known.probers));
        }
    }

    private void decide(long probe, Case known) {
        List<ProbeStatus> healthy = new ArrayList<>();
        List<ProbeStatus> unhealthy = new ArrayList<>();
        StringBuilder dissent = new StringBuilder();
        known.seen.forEach((node, status) -> {
            if (status.health() == Health.HEALTHY) {
                healthy.add(status);
            } else if (status.health() == Health.UNHEALTHY) {
                unhealthy.add(status);
                dissent.append(dissent.isEmpty() ? "" : ", ").append(name.apply(node));
            }
        });
        int needed = Math.min(CONFIRMATION, Math.max(1, known.vantages));
        ProbeStatus next;
        if (unhealthy.size() >= needed) {
            next = unhealthy.getLast();
        } else if (!healthy.isEmpty()) {
            ProbeStatus first = healthy.getFirst();
            next = unhealthy.isEmpty() ? first : withEvidence(first, first.evidence() + "; " + dissent
                    + " sees it fail (" + unhealthy.getFirst().evidence() + "), which nobody confirms");
        } else {
            return;
        }
        boolean sameHealth = next.health() == known.status.health();
        ProbeStatus dated = sameHealth ? new ProbeStatus(next.health(), next.reason(), next.evidence(),
                known.status.since(), next.took(), next.weightPercent()) : next;
        boolean disputed = next.health() == Health.HEALTHY && !unhealthy.isEmpty();
        if (!dated.isLike(known.status) || disputed != known.disputed) {
            known.status = dated;
            known.disputed = disputed;
            changed.put(probe, new Entry(probe, dated, known.probers));
        }
    }

    private static ProbeStatus withEvidence(ProbeStatus status, String evidence) {
        return new ProbeStatus(status.health(), status.reason(), evidence, status.since(), status.took(),
                status.weightPercent());
    }

    /** Takes out what changed since the last time, at most so many. */
    List<Entry> takeChanged(int most) {
        List<Entry> taken = new ArrayList<>(Math.min(most, changed.size()));
        var each = changed.values().iterator();
        while (each.hasNext() && taken.size() < most) {
            taken.add(each.next());
            each.remove();
        }
        return taken;
    }

    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /** Everything, for a node that knows nothing. */
    List<Entry> all() {
        List<Entry> all = new ArrayList<>(cases.size());
        cases.forEach((probe, known) -> all.add(new Entry(probe, known.status, known.probers)));
        return all;
    }

    /** The present entry of a probe, or another when there is none. */
    Entry entry(long probe, Entry otherwise) {
        Case known = cases.get(probe);
        return known == null ? otherwise : new Entry(probe, known.status, known.probers);
    }
}
