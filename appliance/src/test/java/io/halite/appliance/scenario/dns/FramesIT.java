package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that answers the queries of an Ethernet interface from frames, as clients at the other end of the cable see it, and
 * the kernel of the node, whose UDP counts every datagram that reaches a socket.
 */
@Tag("netns")
class FramesIT {
    private static final String DEVICE = "eth0";
    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ ns1 ]
                dnssec: true
                transfer: { allow: [ 10.98.0.0/24 ] }
                names:
                  pair: { members: [ { address: 192.0.2.20 }, { address: 192.0.2.21 }, { address: "2001:db8::20" } ] }
                  long: { records: [ { type: TXT, data: '"%s"' } ] }
            """.formatted("0123456789 ".repeat(20) + "\" \"" + "0123456789 ".repeat(20) + "\" \"" + "0123456789 ".repeat(20)
            + "\" \"" + "0123456789 ".repeat(20) + "\" \"" + "0123456789 ".repeat(20) + "\" \"" + "0123456789 ".repeat(20));

    /** pair.lb.example.net A. */
    private static final String QUERY =
            "QUERY = '1234000000010000000000000470616972026c62076578616d706c65036e65740000010001'\n";

    /** Sends a query with options of IPv4, and prints how many bytes the answer has. */
    private static final String WITH_OPTIONS = """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([1, 1, 1, 0]))
            s.settimeout(20)
            s.sendto(bytes.fromhex(QUERY), ('10.98.0.1', 53))
            print(len(s.recv(4096)))
            """;

    /** Asks for three seconds from many ports, and prints the answers that are whole, and the seconds until the last. */
    private static final String FLOOD = """
            import socket, time
            many = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(64)]
            for s in many:
                s.connect(('10.98.0.1', 53))
                s.settimeout(0)
            whole = 0
            def read(s):
                global whole
                try:
                    while True: whole += s.recv(4096)[2] & 2 == 0
                except OSError: pass
            start = time.monotonic()
            while time.monotonic() < start + 3:
                for s in many:
                    try: s.send(bytes.fromhex(QUERY))
                    except OSError: pass
                    read(s)
                time.sleep(0.005)
            time.sleep(1)
            for s in many: read(s)
            print(whole, time.monotonic() - start)
            """;

    /** Sends twenty thousand frames, each some good query with bytes changed, cut or added. */
    private static final String STORM = """
            import random, socket, struct
            r = random.Random(4711)
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            s.bind(('eth0', 0))
            mac = open('/sys/class/net/eth0/address').read().strip().replace(':', '')
            node = bytes.fromhex(NODE)
            query = bytes.fromhex(QUERY)
            def total(b):
                n = sum(struct.unpack('!%dH' % (len(b) // 2), b))
                while n > 65535: n = (n & 65535) + (n >> 16)
                return n
            def frame():
                udp = struct.pack('!HHHH', 4711, 53, 8 + len(query), 0) + query
                ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0)
                ip += socket.inet_aton('10.98.0.2') + socket.inet_aton('10.98.0.1')
                ip = ip[:10] + struct.pack('!H', total(ip) ^ 65535) + ip[12:]
                return bytearray(node + bytes.fromhex(mac) + b'\\x08\\x00' + ip + udp)
            for i in range(20000):
                f = frame()
                for _ in range(r.randrange(4)):
                    f[r.choice([r.randrange(len(f)), r.randrange(12, 42)])] = r.randrange(256)
                if r.random() < 0.2: f = f[:r.randrange(14, len(f))]
                if r.random() < 0.1: f += bytes(r.randrange(1400))
                s.send(f)
            """;

    @TempDir
    Path dir;

    private Namespace here;
    private Namespace there;
    private Process node;

    @BeforeEach
    void layCable() {
        here = Namespace.create("10.97.0.1/32");
        there = Namespace.create("10.96.0.1/32");
        connect(1, 1);
    }

    private void connect(int receiving, int sending) {
        here.connect(there, DEVICE, receiving, sending);
        address(here, "10.98.0.1/24");
        address(there, "10.98.0.2/24");
        here.run("ip", "-6", "addr", "add", "fd98::1/64", "dev", DEVICE, "nodad").ok();
        there.run("ip", "-6", "addr", "add", "fd98::2/64", "dev", DEVICE, "nodad").ok();
        there.run("ip", "route", "add", "10.97.0.1/32", "via", "10.98.0.1").ok();
    }

    private static void address(Namespace where, String address) {
        where.run("ip", "addr", "add", address, "dev", DEVICE).ok();
    }

    private void start(List<String> before, String... more) throws IOException {
        Namespace.need("dig", "bind9-dnsutils");
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of(NodeProcess.launcher(), "run", "--data", data(), "--name", "ns1", "--bind", "0.0.0.0",
                "--advertise", "10.98.0.1", "--dns-xdp", DEVICE));
        words.addAll(Arrays.asList(more));
        node = new ProcessBuilder(here.command(words.toArray(String[]::new))).redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile()).start();
        await().until(() -> halite("status", "-o", "name").exitCode() == 0);
        here.runWithInput(ZONE, NodeProcess.launcher(), "apply", "-f", "-", "--data", data()).ok();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (node != null) {
            node.destroy();
            node.waitFor();
        }
        Stream.of(here, there).filter(each -> each != null).forEach(Namespace::close);
    }

    private String data() {
        return dir.resolve("data").toString();
    }

    private String log() throws IOException {
        return Files.readString(dir.resolve("log"));
    }

    private String metrics() throws IOException {
        Namespace.need("curl", "curl");
        String token = Files.readString(Path.of(data(), "admin.token")).strip();
        return here.run("curl", "-sSk", "-H", "Authorization: Bearer " + token, "https://127.0.0.1:8443/metrics").ok().out();
    }

    private CommandResult halite(String... arguments) {
        List<String> words = new ArrayList<>(List.of(NodeProcess.launcher()));
        words.addAll(Arrays.asList(arguments));
        words.addAll(List.of("--data", data()));
        return here.run(words.toArray(String[]::new));
    }

    /** What dig at the other end of the cable prints. */
    private String dig(String... arguments) {
        List<String> words = new ArrayList<>(List.of("dig", "+norec", "+tries=5", "+time=10"));
        words.addAll(Arrays.asList(arguments));
        return there.run(words.toArray(String[]::new)).out();
    }

    private static String sorted(String lines) {
        return lines.lines().sorted().reduce("", (all, line) -> all + line + "\n");
    }

    /** The datagrams that reached a socket of the node. */
    private long throughSockets() {
        return counter("/proc/net/snmp", "Udp: ", 1) + counter("/proc/net/snmp6", "Udp6InDatagrams", 1);
    }

    private long counter(String file, String line, int field) {
        return here.run("cat", file).ok().out().lines()
                .filter(each -> each.startsWith(line) && !each.contains("InErrors")).findFirst()
                .map(each -> Long.parseLong(each.split("\\s+", -1)[field])).orElse(0L);
    }

    /** Whether a query to this address is answered, and no socket of the node has seen it. */
    private boolean isFromFrames(String server) {
        long before = throughSockets();
        boolean answered = sorted(dig("@" + server, "pair.lb.example.net", "+short")).equals("192.0.2.20\n192.0.2.21\n");
        return answered && throughSockets() == before;
    }

    @Test
    void plainQueriesAreAnsweredFromFramesAndAllElseOverSockets() throws IOException {
        start(List.of());
        await().until(() -> isFromFrames("10.98.0.1"));
        assertTrue(isFromFrames("fd98::1"), "IPv6");
        long before = throughSockets();
        assertEquals("2001:db8::20\n", dig("@10.98.0.1", "pair.lb.example.net", "AAAA", "+short"));
        assertTrue(dig("@10.98.0.1", "nothing.lb.example.net").contains("status: NXDOMAIN"));
        assertTrue(dig("@10.98.0.1", "example.org").contains("status: REFUSED"));
        assertTrue(dig("@fd98::1", "ns1.lb.example.net", "+cookie").contains("(good)"));
        assertTrue(dig("@10.98.0.1", "long.lb.example.net", "TXT", "+ignore").contains(" tc"));
        assertTrue(dig("@10.98.0.1", "pair.lb.example.net", "+dnssec").contains("RRSIG"));
        assertTrue(dig("@10.98.0.1", "lb.example.net", "IXFR=1", "+notcp").contains("SOA"), "the slow path");
        assertEquals(before, throughSockets());

        assertTrue(dig("@10.98.0.1", "long.lb.example.net", "TXT", "+tcp").contains("0123456789"));
        assertEquals("192.0.2.20\n192.0.2.21\n", sorted(dig("@10.97.0.1", "pair.lb.example.net", "+short")));
        assertTrue(throughSockets() > before, "an address that is not the interface's");
        Namespace.need("python3", "python3");
        before = throughSockets();
        assertEquals("69", there.run("python3", "-c", QUERY + WITH_OPTIONS).ok().out().strip());
        assertEquals(before + 1, throughSockets());
        assertEquals("", halite("status").out().lines().filter(line -> line.contains("frames")).findFirst().orElse(""));
        assertTrue(Pattern.compile("(?m)^halite_dns_frames_total [1-9]").matcher(metrics()).find(), metrics());
    }

    @Test
    void addressesAndInterfacesThatComeAndGoAreFollowed() throws IOException {
        start(List.of());
        await().until(() -> isFromFrames("10.98.0.1"));
        address(here, "10.98.0.7/24");
        await().until(() -> isFromFrames("10.98.0.7"));
        here.run("ip", "addr", "del", "10.98.0.1/24", "dev", DEVICE).ok();
        address(here, "10.98.0.1/24");
        await().until(() -> isFromFrames("10.98.0.1"));

        here.run("ip", "link", "set", DEVICE, "mtu", "1000").ok();
        await().until(() -> halite("status").out().contains("DNS takes no frames from eth0: its MTU is below 1280"));
        here.run("ip", "link", "set", DEVICE, "mtu", "1500").ok();
        await().until(() -> isFromFrames("10.98.0.1"));

        here.run("ip", "link", "del", DEVICE).ok();
        await().until(() -> halite("status").out().contains("DNS takes no frames from eth0: there is no such interface"));
        connect(1, 1);
        await().until(() -> isFromFrames("fd98::1") && isFromFrames("10.98.0.1"));
        assertFalse(halite("status").out().contains("frames"));
    }

    @Test
    void theQueuesOfAnInterfaceShareTheRateLimit() throws IOException {
        Namespace.need("python3", "python3");
        here.run("ip", "link", "del", DEVICE).ok();
        connect(4, 4);
        start(List.of("taskset", "-c", "0"), "--dns-rate-limit", "200");
        await().until(() -> isFromFrames("10.98.0.1"));
        assertTrue(log().contains("dns takes frames interface=eth0 queues=4"), log());
        String[] told = there.run("python3", "-c", QUERY + FLOOD).ok().out().strip().split(" ");
        // As many at once and then so many a second, where four times as many were sent.
        double most = 200 * (Double.parseDouble(told[1]) + 1);
        assertTrue(Integer.parseInt(told[0]) <= most, String.join(" whole answers in seconds ", told));
    }

    @Test
    void queuesThatCannotSendAreLeftToSockets() throws IOException {
        here.run("ip", "link", "del", DEVICE).ok();
        connect(2, 1);
        start(List.of());
        await().until(() -> log().contains("queues=1 of=2"));
        long before = throughSockets();
        for (int i = 0; i < 40; i++) {
            String[] fromSomePort = {"dig", "+norec", "+tries=1", "+time=60", "@10.98.0.1", "pair.lb.example.net", "+short"};
            assertEquals("192.0.2.20\n192.0.2.21\n", sorted(there.run(fromSomePort).out()));
        }
        long throughSockets = throughSockets() - before;
        assertTrue(throughSockets > 0 && throughSockets < 40, "through sockets: " + throughSockets);
    }

    @Test
    void aBridgeHasTheProgramBehindItsDriver() throws IOException {
        CommandResult made = here.run("ip", "link", "add", "br0", "type", "bridge");
        assumeTrue(made.exitCode() == 0, "skipped: this kernel has no bridges: " + made.err().strip());
        here.run("ip", "link", "set", DEVICE, "master", "br0").ok();
        here.run("ip", "link", "set", "br0", "up").ok();
        here.run("ip", "addr", "del", "10.98.0.1/24", "dev", DEVICE).ok();
        here.run("ip", "addr", "add", "10.98.0.1/24", "dev", "br0").ok();
        start(List.of(), "--dns-xdp", "br0");
        await().until(() -> isFromFrames("10.98.0.1"));
        assertTrue(log().contains("dns takes frames interface=eth0 queues=1 of=1 program=driver"), log());
        assertTrue(log().contains("dns takes frames interface=br0 queues=1 of=1 program=generic"), log());
    }

    @Test
    void whatIsNoQueryDoesNoHarm() throws IOException {
        Namespace.need("python3", "python3");
        start(List.of());
        await().until(() -> isFromFrames("10.98.0.1"));
        String address = here.run("cat", "/sys/class/net/" + DEVICE + "/address").ok().out().strip().replace(":", "");
        there.run("python3", "-c", QUERY + "NODE = '" + address + "'\n" + STORM).ok();
        assertTrue(isFromFrames("10.98.0.1"));
        assertFalse(log().contains("dns worker met a fault"));
    }

    @Test
    void withoutThePrivilegeSocketsAnswerAndStatusSaysWhatIsMissing() throws IOException {
        Namespace.need("setpriv", "util-linux");
        start(List.of("setpriv", "--bounding-set", "-all,+net_bind_service", "--inh-caps", "-all"));
        String told = halite("status").out();
        assertTrue(told.contains("DNS takes no frames from eth0") && told.contains("CAP_NET_ADMIN"), told);
        assertEquals("192.0.2.20\n192.0.2.21\n", sorted(dig("@10.98.0.1", "pair.lb.example.net", "+short")));
        assertFalse(isFromFrames("10.98.0.1"));
    }
}
