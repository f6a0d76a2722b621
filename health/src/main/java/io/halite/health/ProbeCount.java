package io.halite.health;

/**
 * How many probes of a kind ended with a verdict since start, for {@code halite_probes_total}.
 *
 * @param kind the key of the document, such as {@code http}
 */
public record ProbeCount(String kind, Verdict verdict, long count) {}
