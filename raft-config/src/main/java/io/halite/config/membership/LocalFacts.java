package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.Revision;
import java.util.List;

/** What a node knows of itself and tells the others; implemented by the appliance. Called often: must be quick. */
public interface LocalFacts {
    /** Where its links are dialled at present, the best first. */
    List<HostPort> addresses();

    /** The address that people, DNS answers and the page use. */
    String host();

    /** The version it runs. */
    String version();

    /** The revision whose products it works by. */
    Revision activeRevision();

    /** The count of admin state changes that it works by. */
    long activeAdminVersion();

    /** Whether it lets what is under way end because it is about to stop. */
    boolean isLeaving();

    /** What it still has under way at targets that shall get nothing new, as of {@link #activeAdminVersion}. */
    NodeStatus.UnderWay underWay();

    /** The objects of that revision that it could not put to work. */
    List<NodeStatus.Failure> failures();

    /** The degraded modes it is in, one sentence each. */
    List<String> degraded();

    /** Where it stands, as geo policies of DNS names call it; empty when it does not say. */
    default String site() {
        return "";
    }

    /** Its share of weighted DNS names, 0 for standby. */
    default int weight() {
        return NodeStatus.DEFAULT_WEIGHT;
    }

    /** Addresses that DNS answers name it by besides {@link #host}. */
    default List<String> dnsAddresses() {
        return List.of();
    }
}
