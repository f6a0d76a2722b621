package io.halite.appliance;

import io.halite.admin.node.NodeView;
import io.halite.appliance.metrics.NodeMetrics;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.document.Addresses;
import io.halite.config.document.DocumentRules;
import io.halite.config.membership.Membership;
import io.halite.config.membership.NodeIdentity;
import io.halite.proxy.DataPlane;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** This node as its admin API tells of it: the facts that the other nodes are told, and what only is of use here. */
record LocalNode(
        OwnFacts facts, NodeIdentity identity, Membership membership, DataPlane dataPlane, NodeMetrics meters)
        implements NodeView {

    @Override
    public String name() {
        return identity.name();
    }

    @Override
    public String id() {
        return identity.nodeId();
    }

    @Override
    public String address() {
        return facts.host();
    }

    @Override
    public String version() {
        return facts.version();
    }

    @Override
    public Revision activeRevision() {
        return facts.activeRevision();
    }

    @Override
    public long activeAdminVersion() {
        return facts.activeAdminVersion();
    }

    @Override
    public List<Failure> failures() {
        return facts.quarantined();
    }

    @Override
    public List<String> degraded() {
        List<String> sentences = new ArrayList<>(membership.degraded());
        sentences.addAll(facts.degraded());
        membership.members().stream().filter(member -> member.alive() && !member.record().id().equals(id()))
                .forEach(member -> member.status().ifPresent(status -> sentences.addAll(status.degraded())));
        return sentences;
    }

    @Override
    public boolean awaitActive(Revision revision, Duration limit) {
        return facts.activator().awaitActive(revision, limit);
    }

    @Override
    public boolean isServing() {
        return !identity.witness() && !membership.isDraining(id());
    }

    @Override
    public List<OpenListener> listeners() {
        return dataPlane.listeners().stream().map(listener -> new OpenListener(listener.label(),
                Addresses.text(listener.address()))).toList();
    }

    /** Where an admin port is for programs on this machine. */
    static String url(InetAddress bind, int port) {
        return "https://" + new HostPort(bind.isAnyLocalAddress() ? "127.0.0.1" : Addresses.text(bind), port);
    }

    @Override
    public DocumentRules documentRules() {
        String bind = Addresses.text(facts.settings().bind());
        return new DocumentRules(Map.of(new HostPort(bind, facts.serving().ports().admin()), "admin port",
                new HostPort(bind, facts.serving().ports().cluster()), "cluster port"), Map.of(),
                membership.members().stream().map(member -> member.record().name()).collect(Collectors.toSet()));
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }
}
