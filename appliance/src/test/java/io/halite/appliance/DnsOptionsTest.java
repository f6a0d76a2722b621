package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.Cidr;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How a node is told what its DNS answers shall be like: on the command line, in the environment and in its file. */
class DnsOptionsTest {
    private static final List<InetAddress> TWO =
            Stream.of("2001:db8::1", "203.0.113.1").map(InetAddress::ofLiteral).toList();

    @TempDir
    Path dir;

    private static DnsOptions parsed(Map<String, String> environment, String... arguments) {
        DnsOptions options = new DnsOptions();
        new CommandLine(options).setDefaultValueProvider(new OptionDefaults(environment)).parseArgs(arguments);
        return options;
    }

    private static DnsOptions parsed(String... arguments) {
        return parsed(Map.of("HALITE_NODE_FILE", "/nowhere"), arguments);
    }

    @Test
    void nothingSaidIsEveryDefault() {
        assertEquals(NodeSettings.Place.ANYWHERE, parsed().place());
    }

    @Test
    void moreAddressesAreRepeatedOrListed() throws Exception {
        assertEquals(TWO, parsed("--dns-address", "2001:db8::1", "--dns-address", "203.0.113.1").place().addresses());
        assertEquals(TWO, parsed(Map.of("HALITE_NODE_FILE", "/nowhere", "HALITE_DNS_ADDRESS", "2001:db8::1,203.0.113.1"))
                .place().addresses());
        for (String listed : List.of("[ '2001:db8::1', 203.0.113.1 ]", "'2001:db8::1,203.0.113.1'")) {
            Path file = Files.writeString(dir.resolve("node.yaml"), "dnsAddress: " + listed + "\n");
            assertEquals(TWO, parsed(Map.of("HALITE_NODE_FILE", file.toString())).place().addresses());
        }
    }

    @Test
    void theRateLimitIsSetAndNetworksGoWithout() {
        List<Cidr> networks = List.of(new Cidr("192.0.2.0", 24), new Cidr("198.51.100.53", 32), new Cidr("2001:db8::", 56));
        assertEquals(new NodeSettings.Responder(50, networks, List.of()), parsed("--dns-rate-limit", "50",
                "--dns-rate-limit-exempt", "192.0.2.0/24",
                "--dns-rate-limit-exempt", "198.51.100.53,2001:db8::/56").place().responder());
        assertEquals(0, parsed(Map.of("HALITE_NODE_FILE", "/nowhere", "HALITE_DNS_RATE_LIMIT", "0")).place().responder()
                .perSecond());
    }

    @Test
    void aLimitThatIsNoneIsRefusedWithTheWayOut() {
        Map<String, String> wrong = Map.of("--dns-rate-limit=-1", "0 for no limit", "--dns-rate-limit=1000001", "1000000",
                "--dns-rate-limit-exempt=example.net", "192.0.2.0/24", "--dns-rate-limit-exempt=10.0.0.0/33", "192.0.2.0/24",
                "--dns-rate-limit-exempt=2001:db8::53", "write 2001:db8::53/64");
        wrong.forEach((option, hint) -> {
            CommandFailure refused = assertThrows(CommandFailure.class, parsed(option)::place, option);
            assertTrue(refused.hint().contains(hint), refused.hint());
            assertTrue(String.valueOf(refused.getMessage()).startsWith(option.replace('=', ' ')), option);
        });
    }

    @Test
    void interfacesForFramesAreRepeatedOrListed() {
        assertEquals(List.of("eth0", "bond0.7"), parsed("--dns-xdp", "eth0,bond0.7", "--dns-xdp", "eth0").place().responder()
                .frames());
        for (String name : List.of("..", "a/b", "a-name-too-long-for-linux", "")) {
            DnsOptions options = parsed("--dns-xdp=" + name);
            assertEquals(ExitCode.USAGE, assertThrows(CommandFailure.class, options::place, name).exitCode());
        }
    }

    @Test
    void whatClientsCannotReachIsRefused() {
        for (String address : List.of("example.net", "::", "0.0.0.0", "ff02::1", "fe80::1", "10.0.0.0/8",
                "10.0.0.1,,10.0.0.2")) {
            DnsOptions options = parsed("--dns-address", address);
            CommandFailure refused = assertThrows(CommandFailure.class, options::place, address);
            assertEquals(ExitCode.USAGE, refused.exitCode());
        }
    }
}
