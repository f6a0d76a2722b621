package io.halite.config.membership;

import io.halite.config.peer.PeerLink;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.config.store.Leadership;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Soft state between the members. Safe for use by many threads. */
final class MemberLinks implements PeerLink {
    private static final String TOPIC = "soft/";

    private final PeerNetwork network;
    private final Roster roster;
    private final ConfigStore store;

    MemberLinks(PeerNetwork network, Roster roster, ConfigStore store) {
        this.network = network;
        this.roster = roster;
        this.store = store;
    }

    @Override
    public String self() {
        return network.self();
    }

    @Override
    public SortedSet<String> others() {
        SortedSet<String> others = new TreeSet<>(roster.members().keySet());
        others.remove(network.self());
        return others;
    }

    @Override
    public Leadership leadership() {
        return store.leadership();
    }

    @Override
    public void send(String nodeId, String topic, byte[] message) {
        network.send(nodeId, Lane.CONTROL, TOPIC + topic, message);
    }

    @Override
    public Subscription subscribe(String topic, BiConsumer<String, byte[]> receiver) {
        network.subscribe(TOPIC + topic, receiver);
        return () -> network.unsubscribe(TOPIC + topic);
    }
}
