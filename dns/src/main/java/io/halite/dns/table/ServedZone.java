package io.halite.dns.table;

import org.jspecify.annotations.Nullable;

/**
 * What all names of one zone share.
 *
 * @param name with a final dot
 * @param counter index of the zone's query counters, the same in every table
 * @param nameLength bytes of its name in wire form
 * @param missing the answer for names that do not exist
 * @param denial the proofs that names do not exist; null in an unsigned zone
 * @param logEvery one of how many queries is logged; 0 for none
 */
public record ServedZone(
        String name, int counter, int nameLength, Answer missing, @Nullable DenialTable denial,
        int logEvery) {}
