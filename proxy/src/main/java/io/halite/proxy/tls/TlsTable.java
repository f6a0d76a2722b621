package io.halite.proxy.tls;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How each https listener and each pool speaks TLS. What did not change is the same object as in the table before.
 *
 * @param listeners by label, {@code lb/name}; one that has no certificate to show is missing
 * @param pools by name; those spoken to in plain text are missing
 * @param muted pools that must be spoken to over TLS and cannot be, so that they are not spoken to at all
 * @param problems what is not as the config says
 */
public record TlsTable(
        SortedMap<String, ServerTls> listeners, SortedMap<String, ClientTls> pools, Set<String> muted,
        List<TlsProblem> problems) {
    /** The table of a node that has no config yet. */
    public static final TlsTable EMPTY =
            new TlsTable(Collections.emptySortedMap(), Collections.emptySortedMap(), Set.of(), List.of());

    public TlsTable {
        listeners = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, ServerTls>) listeners));
        pools = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, ClientTls>) pools));
        muted = Set.copyOf(muted);
        problems = List.copyOf(problems);
    }

    /** How a listener speaks TLS; null when it cannot. */
    public @Nullable ServerTls listener(String label) {
        return listeners.get(label);
    }

    /** Whether the targets of a pool must not be spoken to. */
    public boolean mutes(String pool) {
        return !muted.isEmpty() && muted.contains(pool);
    }

    /** How the targets of a pool are spoken to; null for plain text. */
    public @Nullable ClientTls pool(String name) {
        return pools.get(name);
    }
}
