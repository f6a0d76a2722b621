package io.halite.appliance;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.membership.JoinToken;
import io.halite.config.shape.Units;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.TlsEngine;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "run", defaultValueProvider = OptionDefaults.class, description = {"Runs a node in the foreground.",
        "Each option can also be given as an environment variable (--admin-port: HALITE_ADMIN_PORT) or in "
                + "/etc/halite/node.yaml (adminPort: 8443); options win over the environment, and that over the file."})
final class RunCommand implements Callable<Integer> {
    private static final int DEFAULT_ADMIN_PORT = 8443;
    static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", defaultValue = Endpoint.DEFAULT_DATA,
            description = "Where the node keeps its state (default ${DEFAULT-VALUE}).")
    private Path data = Path.of(Endpoint.DEFAULT_DATA);

    @Option(names = "--name", paramLabel = "NAME", description = "The node's name (default: the host's).")
    private @Nullable String name;

    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = "0.0.0.0",
            description = "Address of the node's own sockets and of listeners written with a wildcard.")
    private String bind = "0.0.0.0";

    @Option(names = "--advertise", paramLabel = "ADDRESS",
            description = "Address that peers and DNS answers use (default: --bind, or that of the default route).")
    private @Nullable String advertise;

    @Option(names = "--admin-port", paramLabel = "PORT", defaultValue = "8443", description = "HTTPS: API and page.")
    private int adminPort;

    @Option(names = "--cluster-port", paramLabel = "PORT", defaultValue = "7100", description = "Peers, mutual TLS.")
    private int clusterPort;

    @Option(names = "--dns-port", paramLabel = "PORT", defaultValue = "53",
            description = "The DNS responder; opens only when a zone exists.")
    private int dnsPort;

    @Mixin
    private DnsOptions dns = new DnsOptions();

    @Option(names = "--access-log", paramLabel = "FILE",
            description = "Where requests are logged, one JSON object a line: a file, which is set aside at 64 MiB with four"
                    + " kept, - for the standard output, or off (default: access.log in --data).")
    private @Nullable String accessLog;

    @Option(names = "--engine", paramLabel = "ENGINE", defaultValue = "auto",
            description = "What carries traffic: auto, epoll, or selector where epoll gives trouble, at more processor "
            + "time.")
    private Engine engine = Engine.AUTO;

    @Option(names = "--tls-engine", paramLabel = "ENGINE", defaultValue = "auto",
            description = "What does the cryptography of https listeners: auto, openssl (of the system), or jsse (of Java), "
            + "many times dearer in handshakes.")
    private TlsEngine tlsEngine = TlsEngine.AUTO;

    @Option(names = "--config", paramLabel = "FILE",
            description = "A document that is applied once, when the cluster is created.")
    private @Nullable Path config;

    @Option(names = "--join", paramLabel = "PEER",
            description = "Join the cluster of this member, host or host:admin-port, instead of founding "
            + "one. A member tries that host too when it finds no other, as after all addresses have changed.")
    private @Nullable String join;

    @Option(names = "--token", paramLabel = "TOKEN",
            description = "The join token, from 'halite token create' on a member (HALITE_JOIN_TOKEN).")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the join token.")
    private @Nullable Path tokenFile;

    @Option(names = "--takeover", paramLabel = "DURATION", arity = "0..1", fallbackValue = "10m",
            description = "Follow the process that runs on --data without a connection lost: it hands over what it listens "
            + "on and may go on with the connections that it has for this long (default 10m). Without such a process, just "
            + "start.")
    private @Nullable String takeover;

    @Option(names = "--unclaimed", description = "With an empty data directory, wait to be claimed by the setup code "
            + "that is printed: by the page, or by 'halite join'.")
    private boolean unclaimed;

    @Option(names = "--witness", description = "Join to vote only: it holds the config, so that two nodes and it bear the "
            + "loss of any one, and carries no traffic, no DNS and no checks.")
    private boolean witness;

    @Override
    public Integer call() {
        InetAddress bound = address("--bind", bind);
        NodeSettings settings = new NodeSettings(data.toAbsolutePath().normalize(), nodeName(), bound,
                advertise == null ? advertised(bound) : address("--advertise", advertise),
                new NodeSettings.Ports(port("--admin-port", adminPort), port("--cluster-port", clusterPort),
                        port("--dns-port", dnsPort)), dns.place(), accessLog(), config, joined(), unclaimed, witness(),
                engines());
        return Node.run(settings, takeover(), spec.commandLine().getOut()).number();
    }

    private Optional<Duration> takeover() {
        if (takeover == null) {
            return Optional.empty();
        }
        Duration deadline = Units.duration(takeover);
        if (deadline == null) {
            throw new CommandFailure(ExitCode.USAGE, "--takeover " + takeover + " is no duration", "such as 30s or 10m");
        }
        return Optional.of(deadline);
    }

    private boolean witness() {
        if (witness && config != null) {
            throw new CommandFailure(ExitCode.USAGE, "a witness founds no cluster, so it takes no --config",
                    "give --config to the node that founds it");
        }
        return witness;
    }

    private NodeSettings.Engines engines() {
        if (engine == Engine.EPOLL && Engine.AUTO.resolved() != Engine.EPOLL) {
            throw new CommandFailure(ExitCode.USAGE, "--engine epoll cannot be had on this machine", "leave it at auto");
        }
        if (tlsEngine == TlsEngine.OPENSSL && TlsEngine.AUTO.resolved() != TlsEngine.OPENSSL) {
            throw new CommandFailure(ExitCode.USAGE, "--tls-engine openssl needs OpenSSL 3, which this machine has not",
                    "install it (Debian: apt install libssl3), or leave it at auto");
        }
        return new NodeSettings.Engines(engine, tlsEngine);
    }

    private LogDestination accessLog() {
        if (accessLog == null) {
            return LogDestination.RotatedFile.at(data.toAbsolutePath().normalize().resolve("access.log"));
        }
        return switch (accessLog) {
            case "-" -> new LogDestination.StandardOutput();
            case "off" -> new LogDestination.None();
            default -> LogDestination.RotatedFile.at(Path.of(accessLog).toAbsolutePath());
        };
    }

    private NodeSettings.@Nullable Join joined() {
        if (join == null) {
            return null;
        }
        String text = token;
        if (text == null && tokenFile != null) {
            try {
                text = Files.readString(tokenFile);
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.USAGE, "cannot read the token file " + tokenFile, "");
            }
        }
        if (text == null) {
            throw new CommandFailure(ExitCode.USAGE, "--join needs a join token",
                    "make one with 'halite token create' on a member and give it by --token or HALITE_JOIN_TOKEN");
        }
        try {
            return new NodeSettings.Join(PeerName.withPort(join, DEFAULT_ADMIN_PORT), JoinToken.parse(text));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
        }
    }

    private String nodeName() {
        String given = name;
        if (given == null) {
            try {
                String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
                given = host.substring(0, host.indexOf('.') < 0 ? host.length() : host.indexOf('.'));
            } catch (UnknownHostException e) {
                given = "";
            }
        }
        if (!NAME.matcher(given).matches()) {
            throw new CommandFailure(ExitCode.USAGE, "'" + given + "' cannot be the name of a node",
                    "give --name, 1 to 63 of a-z, 0-9 and -");
        }
        return given;
    }

    private static int port(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw new CommandFailure(ExitCode.USAGE, option + " " + port + " is no port", "0 to 65535; 0 takes a free one");
        }
        return port;
    }

    static InetAddress address(String option, String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, option + " " + text + " is no address", "an IPv4 or IPv6 address");
        }
    }

    /** The address itself, or for a wildcard the one that the default route leaves by; nothing is sent. */
    private static InetAddress advertised(InetAddress bound) {
        if (!bound.isAnyLocalAddress()) {
            return bound;
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9));
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : local;
        } catch (SocketException | java.io.UncheckedIOException e) {
            return InetAddress.getLoopbackAddress();
        }
    }
}
