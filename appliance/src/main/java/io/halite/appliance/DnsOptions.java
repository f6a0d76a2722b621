package io.halite.appliance;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.Target;
import io.halite.dns.policy.DnsNode;
import java.net.InetAddress;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code run} that say how DNS answers name the node. */
final class DnsOptions {
    @Option(names = "--site", paramLabel = "SITE", defaultValue = "",
            description = "Where the node stands: the region of geo names whose clients it serves (default: none).")
    private String site = "";

    @Option(names = "--weight", paramLabel = "N", defaultValue = "100",
            description = "The node's share of weighted DNS names; 0 stands by (default ${DEFAULT-VALUE}).")
    private int weight = DnsNode.DEFAULT_WEIGHT;

    @Option(names = "--dns-address", paramLabel = "ADDRESS", split = ",",
            description = "Another address that DNS answers name the node by, besides --advertise: an IPv6 one of a node "
            + "that advertises IPv4. May be repeated.")
    private List<String> addresses = List.of();

    NodeSettings.Place place() {
        if (!site.isEmpty() && !RunCommand.NAME.matcher(site).matches()) {
            throw new CommandFailure(ExitCode.USAGE, "--site " + site + " is no name",
                    "write the name of a region: lower case letters, digits and hyphens");
        }
        if (weight < Target.MIN_WEIGHT || weight > Target.MAX_WEIGHT) {
            throw new CommandFailure(ExitCode.USAGE, "--weight " + weight + " is out of range",
                    Target.MIN_WEIGHT + " to " + Target.MAX_WEIGHT);
        }
        return new NodeSettings.Place(site, weight, addresses.stream().map(DnsOptions::answerable).toList());
    }

    private static InetAddress answerable(String text) {
        InetAddress address = RunCommand.address("--dns-address", text);
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLinkLocalAddress()) {
            throw new CommandFailure(ExitCode.USAGE, "--dns-address " + text + " is no address that clients can reach",
                    "write one that they are to connect to");
        }
        return address;
    }
}
