package io.halite.config.document;

import io.halite.config.HostPort;
import java.util.Map;
import java.util.Set;

/**
 * What a document must respect beyond its own text.
 *
 * @param nodePorts the TCP sockets of the node itself → what they are for, such as {@code admin port}; no listener
 * may clash
 * @param nodeUdpPorts the same for UDP
 * @param nodes of the cluster, by name; empty when they are not known
 */
public record DocumentRules(Map<HostPort, String> nodePorts, Map<HostPort, String> nodeUdpPorts, Set<String> nodes) {
    public static final DocumentRules NONE = new DocumentRules(Map.of());

    public DocumentRules {
        nodePorts = Map.copyOf(nodePorts);
        nodeUdpPorts = Map.copyOf(nodeUdpPorts);
        nodes = Set.copyOf(nodes);
    }

    /** A node without UDP sockets. */
    public DocumentRules(Map<HostPort, String> nodePorts) {
        this(nodePorts, Map.of(), Set.of());
    }
}
