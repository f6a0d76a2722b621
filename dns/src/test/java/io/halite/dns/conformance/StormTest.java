package io.halite.dns.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Cidr;
import io.halite.config.Zone;
import io.halite.config.Zone.Transfer;
import io.halite.config.Zone.TsigKey;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.slow.TransferPath;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.LogLines;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/** Packets that nobody sane sends, by the thousand, over both transports: no fault of ours shows, and all goes on after. */
class StormTest {
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IGtleQ==";
    private static final int DATAGRAMS = 20_000;
    private static final int CONNECTIONS = 150;
    private static final List<Integer> TYPES =
            List.of(Type.A, Type.TXT, Type.ANY, Type.SOA, Type.AXFR, Type.IXFR, Type.TSIG, Type.OPT);

    private final Random random = new Random(20_260_101);

    private static Zone copied() {
        Zone zone = Objects.requireNonNull(SampleZones.state().config().zones().get("lb.example.net"));
        Transfer transfer = new Transfer(List.of(new Cidr("127.0.0.0", 8)), new TsigKey("xfr", "hmac-sha256", "key"),
                List.of());
        return new Zone(zone.nameservers(), zone.ttl(), zone.policy(), zone.geoMap(), zone.soa(), zone.names(),
                zone.geoMaps(), transfer, false, 0);
    }

    /** A query, signed every second time, with some bytes changed and its end missing now and then. */
    private byte[] packet() {
        List<String> names = SampleZones.interestingNames();
        Message query = random.nextBoolean()
                ? Responders.query(names.get(random.nextInt(names.size())), TYPES.get(random.nextInt(TYPES.size())))
                : Responders.ednsQuery(names.get(random.nextInt(names.size())), TYPES.get(random.nextInt(TYPES.size())));
        if (random.nextBoolean()) {
            query.setTSIG(new TSIG(TSIG.HMAC_SHA256, random.nextBoolean() ? "xfr." : "other.", SECRET));
        }
        byte[] packet = query.toWire(Message.MAXLENGTH);
        for (int n = random.nextInt(4); n > 0; n--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(6) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length + 1)) : packet;
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"NATIVE", "CHANNEL"})
    void isSurvived(Engine engine) throws IOException {
        try (LogLines log = LogLines.of(TransferPath.class);
                DnsResponder responder = Responders.start(Responders.settings(engine, 2),
                        Configs.empty().domain("payments", "payments.lb.example.net").zone("lb.example.net", copied())
                                .state(),
                        SampleZones.nodes(), new FakeHealth(), name -> Optional.of(SECRET))) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
                    responder.address().orElseThrow().getPort());
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < DATAGRAMS; i++) {
                    byte[] packet = packet();
                    socket.send(new DatagramPacket(packet, packet.length, address));
                }
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                frames(address);
            }
            // Of one address there may be a hundred connections, and those of the storm are still being worked on.
            await().until(() -> responder.traffic().streams() == 0);
            for (boolean overTcp : new boolean[] {false, true}) {
                assertEquals(3, Responders.ask(responder, Responders.query("payments.lb.example.net.", Type.A), overTcp)
                        .getSection(Section.ANSWER).size());
            }
            assertEquals(0, responder.traffic().failures());
            assertTrue(responder.traffic().slow() > 100, "some came to the slow path");
            assertTrue(log.lines().stream().noneMatch(line -> line.startsWith("ERROR")), () -> log.lines().toString());
        }
    }

    /** A connection with some frames, of which some lie about their length, that ends in the midst of one. */
    private void frames(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            for (int n = random.nextInt(8); n >= 0; n--) {
                byte[] packet = packet();
                int length = random.nextInt(5) == 0 ? random.nextInt(600) : packet.length;
                socket.getOutputStream().write(new byte[] {(byte) (length >>> 8), (byte) length});
                socket.getOutputStream().write(packet);
            }
        } catch (IOException ended) {
            return;
        }
    }
}
