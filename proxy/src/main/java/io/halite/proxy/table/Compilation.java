package io.halite.proxy.table;

import java.util.List;

/**
 * The outcome of compiling a table.
 *
 * @param quarantined what is not in it
 */
public record Compilation(ForwardingTable table, List<Quarantined> quarantined) {
    public Compilation {
        quarantined = List.copyOf(quarantined);
    }
}
