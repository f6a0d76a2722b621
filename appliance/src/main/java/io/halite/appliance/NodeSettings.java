package io.halite.appliance;

import io.halite.config.membership.JoinToken;
import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a node is started with.
 *
 * @param bind the address of the node's own sockets and of every listener written with a wildcard
 * @param advertise the address that peers and DNS answers use
 * @param config a document that is applied once, when the cluster is created; null for none
 * @param join the cluster that a new node joins; null to found one
 */
record NodeSettings(
        Path data, String name, InetAddress bind, InetAddress advertise, Ports ports, @Nullable Path config,
        @Nullable Join join) {

    /** The node's own ports; 0 takes a free one. */
    record Ports(int admin, int cluster, int dns) {}

    /**
     * A cluster to join.
     *
     * @param peer host and admin port of any member
     */
    record Join(String peer, JoinToken token) {}
}
