package io.halite.appliance;

import io.halite.appliance.cli.Version;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.membership.LocalFacts;
import io.halite.config.membership.NodeStatus;
import java.util.List;

/** What this node tells the others of itself. */
record OwnFacts(
        NodeSettings settings, int clusterPort, ConfigActivator activator, OwnTroubles troubles, ServingState serving)
        implements LocalFacts {

    @Override
    public List<HostPort> addresses() {
        return List.of(new HostPort(host(), clusterPort));
    }

    @Override
    public String host() {
        return settings.advertise().getHostAddress();
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
    public List<NodeStatus.Failure> failures() {
        return activator.current().failures().stream()
                .map(failure -> new NodeStatus.Failure(failure.object(), failure.code(), failure.message())).toList();
    }

    @Override
    public List<String> degraded() {
        return troubles.sentences();
    }
}
