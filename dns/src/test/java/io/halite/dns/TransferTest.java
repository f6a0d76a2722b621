package io.halite.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Cidr;
import io.halite.config.HostPort;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Transfer;
import io.halite.config.Zone.TsigKey;
import io.halite.config.Zone;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.policy.DnsNode;
import io.halite.dns.slow.NotifySender;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.LogLines;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/** Zone transfers (RFC 5936, 1995), their signatures (RFC 8945) and notification (RFC 1996), over real sockets. */
class TransferTest {
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IGtleQ==";
    private static final TSIG KEY = new TSIG(TSIG.HMAC_SHA256, "xfr.", SECRET);
    private static final List<Cidr> LOOPBACK = List.of(new Cidr("127.0.0.0", 8));

    /** 1 January 2026, five seconds after midnight. */
    private static final long SERIAL = 1_767_225_605;

    private final List<DnsResponder> started = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(SERIAL + 2));
    private final FakeNodes nodes = SampleZones.nodes();

    @AfterEach
    void close() {
        started.forEach(DnsResponder::close);
    }

    private static ConfigState state(List<Cidr> allow, boolean signed, int secondary) {
        return state(allow, signed, secondary == 0 ? List.of() : List.of(new HostPort("127.0.0.1", secondary)));
    }

    private static ConfigState state(List<Cidr> allow, boolean signed, List<HostPort> secondaries) {
        SortedMap<String, Zone.NameSettings> names = new TreeMap<>(Map.of(
                "all", Name.of(Policy.ROUND_ROBIN).record("HTTPS", "1 . alpn=h2").settings(),
                "shop", Name.of(Policy.WEIGHTED).over(Configs.addresses("192.0.2.1=9", "192.0.2.2=1")).settings(),
                "txt", Name.ofRecords().record("TXT", "\"hello\"").settings()));
        for (int i = 0; i < 500; i++) {
            names.put("host" + i, Name.ofRecords().record("A", "192.0.2." + i % 250)
                    .record("TXT", '"' + "x".repeat(100) + '"').settings());
        }
        Zone zone = Configs.zone(Policy.ROUND_ROBIN, names);
        TsigKey key = signed ? new TsigKey("xfr", "hmac-sha256", "xfr-key") : null;
        return Configs.empty().zone("lb.example.net", new Zone(zone.nameservers(), zone.ttl(), zone.policy(), null,
                zone.soa(), zone.names(), zone.geoMaps(), new Transfer(allow, key, secondaries), false, 0)).state();
    }

    private DnsResponder start(ConfigState state) {
        return start(Responders.settings(Engine.AUTO, 1), state);
    }

    private DnsResponder start(DnsSettings settings, ConfigState state) {
        DnsResponder responder = Responders.start(settings, state, nodes, new FakeHealth(),
                name -> name.equals("xfr-key") ? Optional.of(SECRET) : Optional.empty(), now::get);
        started.add(responder);
        assertEquals(List.of(), responder.quarantined());
        return responder;
    }

    private static InetSocketAddress address(DnsResponder responder) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), responder.address().orElseThrow().getPort());
    }

    private static List<Record> copy(DnsResponder responder, @Nullable TSIG key) throws IOException, ZoneTransferException {
        ZoneTransferIn transfer = ZoneTransferIn.newAXFR(
                org.xbill.DNS.Name.fromConstantString("lb.example.net."), address(responder), key);
        transfer.run();
        return transfer.getAXFR();
    }

    @Test
    void aSignedRequestGetsTheWholeZoneInSignedMessages() throws Exception {
        DnsResponder responder = start(state(LOOPBACK, true, 0));
        List<Record> records = copy(responder, KEY);
        assertEquals(Type.SOA, records.getFirst().getType());
        assertEquals(Type.SOA, records.getLast().getType());
        assertEquals(SERIAL, ((SOARecord) records.getFirst()).getSerial());
        assertEquals(2, records.stream().filter(record -> record.getName().toString().startsWith("shop.")).count(),
                "a balanced name travels as what it answers");
        assertEquals(1000, records.stream().filter(record -> record.getName().toString().startsWith("host")).count());
    }

    /** Two of the sample's three nodes have an IPv6 address. */
    @Test
    void hintsOfACopyAreThoseOfTheAnswers() throws Exception {
        DnsResponder responder = start(state(LOOPBACK, false, 0));
        nodes.turn("lb-1", DnsNode.State.DOWN);
        await().untilAsserted(() -> {
            List<String> services = copy(responder, null).stream().filter(record -> record.getType() == Type.HTTPS)
                    .map(Record::rdataToString).toList();
            assertEquals(1, services.size());
            assertTrue(services.getFirst().endsWith("ipv4hint=192.0.2.2,192.0.2.3 ipv6hint=2001:db8:0:0:0:0:0:2"),
                    services.getFirst());
            assertEquals(services.getFirst(), Responders.ask(responder, "all.lb.example.net.", "HTTPS")
                    .getSection(Section.ANSWER).getFirst().rdataToString());
        });
    }

    @Test
    void theKeyAloneIsEnoughWhereNoAddressIsNamed() throws Exception {
        DnsResponder responder = start(state(List.of(), true, 0));
        assertTrue(copy(responder, KEY).size() > 1000);
        assertThrows(ZoneTransferException.class, () -> copy(responder, null));
        assertThrows(Exception.class, () -> copy(responder, new TSIG(TSIG.HMAC_SHA256, "xfr.", "d3Jvbmc=")));
        DnsResponder nobody = start(state(List.of(), false, 0));
        assertThrows(ZoneTransferException.class, () -> copy(nobody, null));
        DnsResponder elsewhere = start(state(List.of(new Cidr("192.0.2.0", 24)), true, 0));
        assertThrows(ZoneTransferException.class, () -> copy(elsewhere, KEY));
    }

    @Test
    void nobodyElseGetsIt() {
        DnsResponder signed = start(state(LOOPBACK, true, 0));
        assertThrows(ZoneTransferException.class, () -> copy(signed, null));
        assertThrows(Exception.class, () -> copy(signed, new TSIG(TSIG.HMAC_SHA256, "other.", SECRET)));
        assertThrows(Exception.class, () -> copy(signed, new TSIG(TSIG.HMAC_SHA256, "xfr.", "d3Jvbmc=")));
        DnsResponder elsewhere = start(state(List.of(new Cidr("192.0.2.0", 24)), false, 0));
        assertThrows(ZoneTransferException.class, () -> copy(elsewhere, null));
        DnsResponder closed = start(SampleZones.state());
        assertThrows(ZoneTransferException.class, () -> copy(closed, null));
    }

    /** Other tests are refused at the same time, but by this key none. */
    @Test
    void anOperatorIsToldWhoWasRefusedAndWhy() throws Exception {
        try (LogLines log = LogLines.of("io.halite.dns.slow.RefusalLog")) {
            DnsResponder responder = start(state(LOOPBACK, true, 0));
            assertThrows(Exception.class, () -> copy(responder, new TSIG(TSIG.HMAC_SHA256, "lonely.", SECRET)));
            assertEquals(List.of("INFO dns request refused zone=lb.example.net. client=127.0.0.1 reason=\"it is signed"
                    + " with a key by the name of lonely., which the zone has not\" untoldBefore=0"),
                    log.lines().stream().filter(line -> line.contains("lonely.")).toList());
        }
    }

    @Test
    void anUnknownKeyIsNamedAsSuch() throws Exception {
        DnsResponder responder = start(state(LOOPBACK, true, 0));
        Message query = Responders.query("txt.lb.example.net.", Type.TXT);
        new TSIG(TSIG.HMAC_SHA256, "other.", SECRET).apply(query, null);
        Message answer = new Message(Responders.exchange(responder, query.toWire()));
        assertEquals(Rcode.NOTAUTH, answer.getHeader().getRcode());
        TSIGRecord tsig = answer.getTSIG();
        assertEquals(Rcode.BADKEY, tsig.getError());
        assertEquals(0, tsig.getSignature().length);
    }

    @Test
    void anOrdinaryQueryMayBeSignedToo() throws Exception {
        DnsResponder responder = start(state(LOOPBACK, true, 0));
        for (boolean overTcp : new boolean[] {false, true}) {
            SimpleResolver resolver = new SimpleResolver(address(responder));
            resolver.setTCP(overTcp);
            resolver.setTSIGKey(KEY);
            Message answer = resolver.send(Responders.query("txt.lb.example.net.", Type.TXT));
            assertEquals(1, answer.getSection(Section.ANSWER).size());
            assertTrue(answer.isVerified());
        }
    }

    @Test
    void anIncrementalRequestWithTheCurrentSerialGetsOnlyTheSoa() throws Exception {
        DnsResponder responder = start(state(LOOPBACK, false, 0));
        ZoneTransferIn current = ZoneTransferIn.newIXFR(
                org.xbill.DNS.Name.fromConstantString("lb.example.net."), SERIAL, false, address(responder), null);
        current.run();
        assertTrue(current.isCurrent());
        ZoneTransferIn old = ZoneTransferIn.newIXFR(
                org.xbill.DNS.Name.fromConstantString("lb.example.net."), 3, true, address(responder), null);
        old.run();
        assertTrue(old.isAXFR());
        assertTrue(old.getAXFR().size() > 1000);
    }

    @Test
    void secondariesAreToldOfEveryChangeOfContentOnceInAStep() throws Exception {
        try (DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(120_000);
            DnsResponder responder = start(state(LOOPBACK, true, secondary.getLocalPort()));
            assertEquals(SERIAL, serialOf(secondary));
            ConfigState same = state(LOOPBACK, true, secondary.getLocalPort());
            responder.activate(new ConfigState(same.revision().next(), same.config(), 0, same.adminOverrides()));
            assertEquals(SERIAL, serial(responder), "the same zone in another revision");
            now.updateAndGet(time -> time.plusSeconds(10));
            nodes.turn("lb-2", DnsNode.State.DOWN);
            assertEquals(SERIAL + 10, serialOf(secondary), "health changed");
            nodes.turn("lb-3", DnsNode.State.DOWN);
            now.updateAndGet(time -> time.plusSeconds(5));
            assertEquals(SERIAL + 15, serialOf(secondary), "changed again, told a step later");
        }
    }

    /** Many believe only those whom they would ask. */
    @Test
    void secondariesAreToldFromTheAddressThatServesTheZone() throws Exception {
        InetAddress bind = InetAddress.ofLiteral("127.0.53.3");
        try (DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(120_000);
            start(DnsSettings.of(bind, 0).withWarmUp(0), state(LOOPBACK, true, secondary.getLocalPort()));
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            secondary.receive(packet);
            assertEquals(bind, packet.getAddress());
        }
    }

    private static long serial(DnsResponder responder) throws Exception {
        return ((SOARecord) Responders.ask(responder, "lb.example.net.", "SOA").getSection(Section.ANSWER).getFirst())
                .getSerial();
    }

    @Test
    void aSecondaryThatRefusesToBeToldIsNamedInTheLog() throws Exception {
        try (LogLines log = LogLines.of(NotifySender.class);
                DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(120_000);
            start(state(LOOPBACK, true, secondary.getLocalPort()));
            answer(secondary, Rcode.REFUSED);
            String itself = " secondary=127.0.0.1:" + secondary.getLocalPort() + " ";
            await().until(() -> log.lines().stream().anyMatch(line -> line.contains(itself)));
            assertEquals(List.of("WARNING dns secondary refuses to be told zone=lb.example.net." + itself + "rcode=REFUSED"),
                    log.lines().stream().filter(line -> line.contains(itself)).toList());
        }
    }

    /** Whoever restarts just then refuses the packet at once, again and again. */
    @Test
    void aSecondaryThatWasDownIsToldWhenItIsBack() throws Exception {
        InetAddress address = InetAddress.ofLiteral("127.0.53.1");
        // None of those that the system gives to whoever asks for any.
        int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
        try (LogLines log = LogLines.of(NotifySender.class)) {
            start(state(LOOPBACK, true, List.of(new HostPort("127.0.53.1", port))));
            await().until(() -> log.lines().stream().anyMatch(line -> line.contains("secondary=127.0.53.1:" + port + " ")));
        }
        try (DatagramSocket secondary = new DatagramSocket(port, address)) {
            secondary.setSoTimeout(120_000);
            assertEquals(SERIAL, serialOf(secondary));
        }
    }

    /** A secondary that comes for its copy and is not let in waits for long. */
    @Test
    void secondariesAreToldOnceThePortIsOpen() throws Exception {
        try (DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(120_000);
            DnsResponder responder;
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            InetAddress address = InetAddress.ofLiteral("127.0.53.2");
            try (DatagramSocket owner = new DatagramSocket(0, address)) {
                responder = start(DnsSettings.of(address, owner.getLocalPort()).withWarmUp(0),
                        state(LOOPBACK, true, secondary.getLocalPort()));
                Thread.ofVirtual().start(() -> {
                    try {
                        serialOf(secondary);
                        told.complete(responder.address().isPresent());
                    } catch (IOException | RuntimeException | Error e) {
                        told.completeExceptionally(e);
                    }
                });
                assertTrue(responder.degraded().orElse("").contains("DNS cannot open"), "owned by this process");
                assertFalse(told.isDone());
            }
            assertTrue(told.get(120, TimeUnit.SECONDS), "told while the port was closed");
        }
    }

    /** Receives a notification, checks its signature and takes it. */
    private static long serialOf(DatagramSocket secondary) throws IOException {
        return ((SOARecord) answer(secondary, Rcode.NOERROR).getSection(Section.ANSWER).getFirst()).getSerial();
    }

    /** Receives a notification, checks its signature and answers it with this code. */
    private static Message answer(DatagramSocket secondary, int rcode) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        secondary.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        Message message = new Message(bytes);
        assertEquals(Opcode.NOTIFY, message.getHeader().getOpcode());
        assertEquals(Rcode.NOERROR, KEY.verify(message, bytes, null));
        Message answer = new Message(message.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.NOTIFY);
        answer.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(message.getQuestion(), Section.QUESTION);
        answer.setTSIG(KEY, Rcode.NOERROR, message.getTSIG());
        byte[] wire = answer.toWire(4096);
        secondary.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
        return message;
    }
}
