package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.Protocol;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds listeners that cannot be open at one time. Confined to one read. */
final class ListenerClashes {
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "::";

    /** One transport. Ports are the same number on TCP and UDP without touching. */
    private final Map<Integer, Port> tcp = new HashMap<>();
    private final Map<Integer, Port> udp = new HashMap<>();

    /** Who holds a port: by address, and the first of each family, which is what a wildcard meets. */
    private static final class Port {
        private final Map<String, String> byAddress = new HashMap<>();
        private @Nullable String firstIpv4;
        private @Nullable String first;

        /** Takes an address; gives who holds it, or null when it was free. */
        @Nullable String take(HostPort address, String holder) {
            String host = canonical(address.host());
            String clash = holder(host);
            if (clash == null) {
                byAddress.put(host, holder);
                first = first == null ? holder : first;
                firstIpv4 = firstIpv4 == null && host.indexOf(':') < 0 ? holder : firstIpv4;
            }
            return clash;
        }

        private @Nullable String holder(String host) {
            String dual = byAddress.get(ANY_IPV6);
            if (dual != null) {
                return dual;
            }
            return switch (host) {
                // An IPv6 wildcard socket takes IPv4 too (RFC 3493, section 5.3).
                case ANY_IPV6 -> first;
                case ANY_IPV4 -> firstIpv4;
                default -> {
                    String same = byAddress.get(host);
                    yield same == null && host.indexOf(':') < 0 ? byAddress.get(ANY_IPV4) : same;
                }
            };
        }

        private static String canonical(String host) {
            InetAddress ip = Addresses.ip(host);
            return ip == null ? host : Addresses.text(ip);
        }
    }

    private ListenerClashes() {}

    static void check(ClusterConfig config, DocumentRules rules, Reading reading) {
        ListenerClashes clashes = new ListenerClashes();
        rules.nodePorts().forEach((address, use) -> take(clashes.tcp, address, "the node's " + use));
        rules.nodeUdpPorts().forEach((address, use) -> take(clashes.udp, address, "the node's " + use));
        for (Map.Entry<String, LoadBalancer> loadBalancer : config.loadBalancers().entrySet()) {
            for (Listener listener : loadBalancer.getValue().listeners()) {
                clashes.listener(loadBalancer.getKey(), listener, reading.placeOf(listener));
            }
        }
    }

    private void listener(String loadBalancer, Listener listener, Value place) {
        Map<Integer, Port> transport = listener.protocol() == Protocol.UDP ? udp : tcp;
        String label = loadBalancer + "/" + listener.name();
        String clash = take(transport, listener.address(),
                "the listener " + label + (place.line() == 0 ? "" : " in line " + place.line()));
        if (clash != null) {
            place.<Object>error("LISTENER_CLASH",
                    "the listener " + label + " on " + listener.address() + " clashes with " + clash,
                    clash.startsWith("the node's") ? "choose another port, or another for the node"
                            : "choose another port or address; a wildcard takes every address");
        }
    }

    private static @Nullable String take(Map<Integer, Port> transport, HostPort address, String holder) {
        return address.port() == 0 ? null
                : transport.computeIfAbsent(address.port(), port -> new Port()).take(address, holder);
    }
}
