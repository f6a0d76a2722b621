package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.document.Addresses;
import io.halite.dns.policy.DnsNode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which nodes a resolver is told of by each of them, asked as a resolver asks: over UDP. */
class NodesOnTheWireTest {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ lb-1, lb-2 ], names: { all: { policy: roundRobin } } } }
            """;
    private static final int HEADER = 12;
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final String ALL = "all.lb.example.net";

    @TempDir
    Path dir;

    @Test
    void aNodeLeavesTheAnswersOfAllWhenItDrainsAndWhenItGoes() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3");
            try {
                one.apply(ZONE);
                told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
                one.cli("drain", "node/lb-2").ok();
                told(Set.of("127.0.0.1", "127.0.0.3"), one, two, three);
                one.cli("ready", "node/lb-2").ok();
                told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
            } finally {
                three.close();
            }
            told(Set.of("127.0.0.1", "127.0.0.2"), one, two);
        }
    }

    @Test
    void aNodeOfTwoFamiliesIsToldInBothByAllAndLeavesBoth() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2", with("2001:db8::2", "2001:db8::22"));
                RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3", with("2001:db8::3"))) {
            one.apply(ZONE);
            told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
            told(ALL, AAAA, Set.of("2001:db8::2", "2001:db8::22", "2001:db8::3"), one, two, three);
            told("lb-2.lb.example.net", A, Set.of("127.0.0.2"), one, two, three);
            told("lb-2.lb.example.net", AAAA, Set.of("2001:db8::2", "2001:db8::22"), one, two, three);
            String delegation = three.cli("dns", "delegation", "lb.example.net").ok().out();
            assertTrue(delegation.contains("2001:db8::22"), delegation);
            String members = three.cli("node", "ls").ok().out();
            assertTrue(members.contains("127.0.0.2 2001:db8::2 2001:db8::22"), members);
            one.cli("drain", "node/lb-2").ok();
            told(ALL, AAAA, Set.of("2001:db8::3"), one, two, three);
            told(ALL, A, Set.of("127.0.0.1", "127.0.0.3"), one, two, three);
        }
    }

    private static NodeSettings.Place with(String... addresses) {
        return new NodeSettings.Place("", DnsNode.DEFAULT_WEIGHT, Stream.of(addresses).map(InetAddress::ofLiteral).toList(),
                NodeSettings.Limit.DEFAULT);
    }

    private static void told(Set<String> addresses, RunningNode... nodes) {
        told(ALL, A, addresses, nodes);
    }

    private static void told(String name, int type, Set<String> addresses, RunningNode... nodes) {
        for (int i = 0; i < nodes.length; i++) {
            InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + (i + 1)), nodes[i].dnsPort);
            await().pollInterval(Duration.ofMillis(20)).until(() -> ask(server, name, type).equals(addresses));
        }
    }

    /** The addresses of a name that a server tells; none when it tells nothing. */
    private static Set<String> ask(InetSocketAddress server, String name, int type) throws IOException {
        ByteBuffer query = ByteBuffer.allocate(512).putShort((short) 0x4711).putShort((short) 0).putShort((short) 1)
                .position(HEADER);
        for (String label : name.split("\\.", -1)) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) type).putShort((short) 1);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5_000);
            socket.send(new DatagramPacket(query.array(), query.position(), server));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return addresses(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()), query.position(), type == A ? 4 : 16);
        } catch (SocketTimeoutException silent) {
            return Set.of();
        }
    }

    /** Each record is a pointer to the question, type, class, time to live, and the length of its bytes. */
    private static Set<String> addresses(ByteBuffer answer, int question, int length) throws IOException {
        Set<String> addresses = new TreeSet<>();
        int records = answer.getShort(6);
        for (int i = 0; i < records; i++) {
            byte[] address = new byte[length];
            answer.get(question + i * (HEADER + length) + HEADER, address);
            addresses.add(Addresses.text(InetAddress.getByAddress(address)));
        }
        return addresses;
    }
}
