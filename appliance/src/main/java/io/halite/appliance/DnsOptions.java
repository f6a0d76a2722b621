package io.halite.appliance;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.Cidr;
import io.halite.config.Target;
import io.halite.config.document.Addresses;
import io.halite.dns.DnsSettings;
import io.halite.dns.policy.DnsNode;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options of {@code run} that say how DNS answers name the node, and how many it sends. */
final class DnsOptions {
    private static final int MOST_PER_SECOND = 1_000_000;
    private static final int MOST_IPV6_BITS = 64;
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.{1,2}$)[^/:\\s]{1,15}");

    @Option(names = "--site", paramLabel = "SITE", defaultValue = "",
            description = "Where the node stands: the region of geo names whose clients it serves (default: none).")
    private String site = "";

    @Option(names = "--weight", paramLabel = "N", defaultValue = "100",
            description = "The node's share of weighted DNS names; 0 stands by (default ${DEFAULT-VALUE}).")
    private int weight = DnsNode.DEFAULT_WEIGHT;

    @Option(names = "--dns-address", paramLabel = "ADDRESS", split = ",",
            description = "Another address that DNS answers name the node by, besides --advertise: an IPv6 one of a node "
            + "that advertises IPv4, which then needs --bind ::. May be repeated.")
    private List<String> addresses = List.of();

    @Option(names = "--dns-rate-limit", paramLabel = "N", defaultValue = "200",
            description = "DNS responses a second of one kind to one client network, /24 or /56; 0 for no limit (default "
            + "${DEFAULT-VALUE}).")
    private int perSecond = DnsSettings.DEFAULT_RESPONSES_PER_SECOND;

    @Option(names = "--dns-rate-limit-exempt", paramLabel = "CIDR", split = ",",
            description = "A network whose DNS clients have no such limit, as that of a resolver of many. May be repeated.")
    private List<String> exempt = List.of();

    @Option(names = "--dns-xdp", paramLabel = "INTERFACE", split = ",",
            description = "A network interface whose DNS queries are answered from its frames (AF_XDP), past the kernel's "
            + "IP, UDP and packet filter: about two thirds of the CPU time of each. Needs root. May be repeated.")
    private List<String> frames = List.of();

    NodeSettings.Place place() {
        if (!site.isEmpty() && !RunCommand.NAME.matcher(site).matches()) {
            throw new CommandFailure(ExitCode.USAGE, "--site " + site + " is no name",
                    "write the name of a region: lower case letters, digits and hyphens");
        }
        if (weight < Target.MIN_WEIGHT || weight > Target.MAX_WEIGHT) {
            throw new CommandFailure(ExitCode.USAGE, "--weight " + weight + " is out of range",
                    Target.MIN_WEIGHT + " to " + Target.MAX_WEIGHT);
        }
        return new NodeSettings.Place(site, weight, addresses.stream().map(DnsOptions::answerable).toList(),
                responder());
    }

    private NodeSettings.Responder responder() {
        if (perSecond < 0 || perSecond > MOST_PER_SECOND) {
            throw new CommandFailure(ExitCode.USAGE, "--dns-rate-limit " + perSecond + " is out of range",
                    "1 to " + MOST_PER_SECOND + ", or 0 for no limit");
        }
        return new NodeSettings.Responder(perSecond, exempt.stream().map(DnsOptions::network).toList(),
                frames.stream().map(DnsOptions::networkInterface).distinct().toList());
    }

    private static Cidr network(String text) {
        Cidr network = Addresses.cidr(text);
        if (network == null) {
            throw new CommandFailure(ExitCode.USAGE, "--dns-rate-limit-exempt " + text + " is no network",
                    "such as 192.0.2.0/24, 2001:db8::/56 or 192.0.2.53");
        }
        if (network.address().contains(":") && network.prefix() > MOST_IPV6_BITS) {
            throw new CommandFailure(ExitCode.USAGE, "--dns-rate-limit-exempt " + text + " is too narrow: clients of IPv6"
                    + " are told apart by their first " + MOST_IPV6_BITS + " bits",
                    "write " + network.address() + "/" + MOST_IPV6_BITS);
        }
        return network;
    }

    private static String networkInterface(String name) {
        if (!INTERFACE.matcher(name).matches()) {
            throw new CommandFailure(ExitCode.USAGE, "--dns-xdp " + name + " is no name of a network interface",
                    "ip -brief link lists them");
        }
        return name;
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
