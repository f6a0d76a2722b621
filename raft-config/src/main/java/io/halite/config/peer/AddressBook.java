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
    private final Detour detour;

    /** Where a node is dialled: where it listens, and elsewhere too, or instead. */
    @FunctionalInterface
    public interface Detour {
        List<HostPort> of(String nodeId, List<HostPort> places);
    }

    /** A book whose nodes are dialled where they listen. */
    public AddressBook() {
        this((nodeId, places) -> places);
    }

    /** A book whose nodes are dialled elsewhere. */
    public AddressBook(Detour detour) {
        this.detour = detour;
    }

    /** Replaces the addresses of a node, the best first. */
    public void put(String nodeId, List<HostPort> places) {
        addresses.put(nodeId, List.copyOf(places));
    }

    /** Forgets a node. */
    public void remove(String nodeId) {
        addresses.remove(nodeId);
    }

    /** Where a node listens, the best first; empty when nobody told. */
    public List<HostPort> of(String nodeId) {
        return addresses.getOrDefault(nodeId, List.of());
    }

    /** Where to connect to reach a node, the best first. */
    List<HostPort> ways(String nodeId) {
        return detour.of(nodeId, of(nodeId));
    }

    /** The ways to a node that end where it listens itself; all of them where none does. */
    List<HostPort> doors(String nodeId) {
        List<HostPort> ways = ways(nodeId);
        List<HostPort> own = ways.stream().filter(of(nodeId)::contains).toList();
        return own.isEmpty() ? ways : own;
    }

    /** All of it. */
    public SortedMap<String, List<HostPort>> all() {
        return new TreeMap<>(addresses);
    }
}
