package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Transfer;
import io.halite.config.Zone.TsigKey;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/** Asked of the slow path beside plain transfers, over real sockets: keys of several zones, EDNS, what does not fit. */
class SignedQueriesTest {
    private static final Map<String, String> SECRETS = Map.of("one", "c2VjcmV0IG9mIHRoZSBmaXJzdCB6b25l",
            "other", "c2VjcmV0IG9mIHRoZSBvdGhlciB6b25l");
    private static final TSIG ONE = new TSIG(TSIG.HMAC_SHA256, "xfr.", SECRETS.get("one"));
    private static final TSIG OTHER = new TSIG(TSIG.HMAC_SHA256, "xfr.", SECRETS.get("other"));
    private static final long SERIAL = 1_767_225_605;

    private final DnsResponder responder = Responders.start(Responders.settings(Engine.AUTO, 1), state(),
            SampleZones.nodes(), new FakeHealth(), name -> Optional.ofNullable(SECRETS.get(name)),
            () -> Instant.ofEpochSecond(SERIAL));

    @AfterEach
    void close() {
        responder.close();
    }

    /** Two zones of two owners, who both call their key {@code xfr}. */
    private static ConfigState state() {
        return Configs.empty().zone("one.example.net", zone("one")).zone("other.example.net", zone("other")).state();
    }

    private static Zone zone(String secret) {
        Zone zone = Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>(Map.of("txt4", texts(4), "txt10", texts(10))));
        Transfer transfer = new Transfer(List.of(), new TsigKey("xfr", "hmac-sha256", secret), List.of());
        return new Zone(zone.nameservers(), zone.ttl(), zone.policy(), null, zone.soa(), zone.names(), zone.geoMaps(),
                transfer, false, 0);
    }

    private static NameSettings texts(int count) {
        Name name = Name.ofRecords();
        for (int i = 0; i < count; i++) {
            name.record("TXT", '"' + "x".repeat(100) + i + '"');
        }
        return name.settings();
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), responder.address().orElseThrow().getPort());
    }

    private int copied(String zone, TSIG key) throws Exception {
        ZoneTransferIn transfer =
                ZoneTransferIn.newAXFR(org.xbill.DNS.Name.fromString(zone), address(), key);
        transfer.setTimeout(Duration.ofMinutes(2));
        transfer.run();
        return transfer.getAXFR().size();
    }

    @Test
    void aKeyOpensItsOwnZoneThoughTheKeyOfAnotherHasTheSameName() throws Exception {
        assertTrue(copied("one.example.net.", ONE) > 14);
        assertTrue(copied("other.example.net.", OTHER) > 14);
        assertThrows(ZoneTransferException.class, () -> copied("other.example.net.", ONE));
        assertThrows(ZoneTransferException.class, () -> copied("one.example.net.", OTHER));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 10})
    void aSignedAnswerThatDoesNotFitIsTruncatedAndStillSigned(int records) throws Exception {
        // Without a signature it would fit.
        int size = records == 4 ? 512 : 1232;
        Message query = Responders.query("txt" + records + ".one.example.net.", Type.TXT);
        if (size > 512) {
            query.addRecord(new OPTRecord(size, 0, 0), Section.ADDITIONAL);
        }
        query.setTSIG(ONE);
        byte[] question = query.toWire(Message.MAXLENGTH);
        byte[] answer = Responders.exchange(responder, question);
        Message truncated = new Message(answer);
        assertTrue(answer.length <= size, "bytes: " + answer.length);
        assertTrue(truncated.getHeader().getFlag(Flags.TC));
        assertEquals(Rcode.NOERROR, ONE.verify(truncated, answer, new Message(question).getTSIG()));
    }

    @ParameterizedTest
    @CsvSource({"one.example.net., NOERROR", "other.example.net., NOTAUTH", "www.one.example.net., NOTAUTH"})
    void ednsIsAnsweredWithEdnsBesideASignature(String zone, String rcode) throws Exception {
        Message query = Responders.ednsQuery(zone, Type.AXFR);
        query.setTSIG(ONE);
        byte[] question = query.toWire(Message.MAXLENGTH);
        try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(new byte[] {(byte) (question.length >>> 8), (byte) question.length});
            socket.getOutputStream().write(question);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            Message answer = new Message(bytes);
            assertEquals(rcode, Rcode.string(answer.getHeader().getRcode()));
            assertNotNull(answer.getOPT(), "RFC 6891 section 6.1.1");
        }
    }

    @Test
    void aCopyThatIsNewerThanOursGetsTheSoaAlone() throws Exception {
        ZoneTransferIn newer = ZoneTransferIn.newIXFR(org.xbill.DNS.Name.fromString("one.example.net."), SERIAL + 50, false,
                address(), ONE);
        newer.setTimeout(Duration.ofMinutes(2));
        newer.run();
        assertTrue(newer.isCurrent(), "RFC 1995 section 2");
    }
}
