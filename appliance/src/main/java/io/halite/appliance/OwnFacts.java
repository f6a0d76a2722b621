package io.halite.appliance;

import io.halite.admin.node.NodeView;
import io.halite.appliance.cli.Version;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.document.Addresses;
import io.halite.config.membership.LocalFacts;
import io.halite.config.membership.NodeStatus;
import java.util.List;

/** What is so of this node: told to the others, and by {@link LocalNode} to who asks its admin API. */
record OwnFacts(
        NodeSettings settings, int clusterPort, ConfigActivator activator, OwnTroubles troubles, ServingState serving,
        DrainWatch drains)
        implements LocalFacts {

    @Override
    public List<HostPort> addresses() {
        return List.of(new HostPort(host(), clusterPort));
    }

    @Override
    public String host() {
        return Addresses.text(settings.advertise());
    }

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public Revision activeRevision() {
        return activator.current().state().revision();
    }

    @Override
    public long activeAdminVersion() {
        return activator.current().state().adminVersion();
    }

    @Override
    public boolean isLeaving() {
        return !serving.isServing();
    }

    @Override
    public NodeStatus.UnderWay underWay() {
        return drains.underWay(activator.current().state());
    }

    @Override
    public List<NodeStatus.Failure> failures() {
        return quarantined().stream()
                .map(failure -> new NodeStatus.Failure(failure.object(), failure.code(), failure.message())).toList();
    }

    /** The same for the admin API, which has a word of its own for it. */
    List<NodeView.Failure> quarantined() {
        return activator.current().failures();
    }

    @Override
    public List<String> degraded() {
        return troubles.sentences();
    }

    @Override
    public String site() {
        return settings.place().site();
    }

    @Override
    public int weight() {
        return settings.place().weight();
    }

    @Override
    public List<String> dnsAddresses() {
        return settings.place().addresses().stream().map(Addresses::text).toList();
    }
}
