package io.halite.dns.policy;

import io.halite.dns.wire.Rcode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a balanced name answers from now on, until something changes. */
public sealed interface Selection {

    /**
     * The members in turn.
     *
     * @param answers addresses in one answer
     * @param sticky whether a client network keeps its member
     */
    record Even(List<Candidate> members, int answers, boolean sticky) implements Selection {
        public Even {
            members = List.copyOf(members);
        }
    }

    /** The members at random by weight, or sticky by weight. */
    record Weighted(List<Candidate> members, int answers, boolean sticky) implements Selection {
        public Weighted {
            members = List.copyOf(members);
        }
    }

    /** A selection for each region of a geo map. */
    record ByRegion(String map, SortedMap<String, Selection> regions) implements Selection {
        public ByRegion {
            regions = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Selection>) regions));
        }
    }

    /** No address at all. */
    record Nothing(Rcode rcode) implements Selection {}
}
