package io.halite.config.document;

import io.halite.config.HostPort;
import java.util.Map;

/**
 * What a document must respect beyond its own text.
 *
 * @param nodePorts the TCP sockets of the node itself → what they are for, such as {@code admin port}; no listener
 * may clash
 * @param nodeUdpPorts the same for UDP
 */
public record DocumentRules(Map<HostPort, String> nodePorts, Map<HostPort, String> nodeUdpPorts) {
    public static final DocumentRules NONE = new DocumentRules(Map.of());

    public DocumentRules {
        nodePorts = Map.copyOf(nodePorts);
        nodeUdpPorts = Map.copyOf(nodeUdpPorts);
    }

    /** A node without UDP sockets. */
    public DocumentRules(Map<HostPort, String> nodePorts) {
        this(nodePorts, Map.of());
    }
}
