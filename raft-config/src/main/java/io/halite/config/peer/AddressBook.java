package io.halite.config.peer;

import io.halite.config.HostPort;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the nodes are dialled at present. Node ids are for ever, addresses change; whoever learns a new one puts it
 * here, and the next dial uses it. Safe for use by many threads.
 */
public final class AddressBook {
    private final Map<String, List<HostPort>> addresses = new ConcurrentHashMap<>();

    /** Replaces the addresses of a node, the best first. */
    public void put(String nodeId, List<HostPort> places) {
        addresses.put(nodeId, List.copyOf(places));
    }

    /** Forgets a node. */
    public void remove(String nodeId) {
        addresses.remove(nodeId);
    }

    /** Where to dial a node, the best first; empty when nobody told. */
    public List<HostPort> of(String nodeId) {
        return addresses.getOrDefault(nodeId, List.of());
    }

    /** All of it. */
    public SortedMap<String, List<HostPort>> all() {
        return new TreeMap<>(addresses);
    }
}
