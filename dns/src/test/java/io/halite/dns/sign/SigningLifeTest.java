package io.halite.dns.sign;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Cidr;
import io.halite.config.Zone;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Transfer;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferIn;

/** A zone from unsigned to signed: without its key it is not served, and copies get fresh signatures. */
class SigningLifeTest {
    private static final Name APEX = Name.fromConstantString("lb.example.net.");

    private static ConfigState state() {
        Zone plain = Objects.requireNonNull(SampleZones.state(true, false).config().zones().get("lb.example.net"));
        return Configs.empty().zone("lb.example.net", new Zone(plain.nameservers(), plain.ttl(), plain.policy(),
                plain.geoMap(), plain.soa(), plain.names(), plain.geoMaps(),
                new Transfer(List.of(new Cidr("127.0.0.0", 8)), null, List.of()), true, 0))
                .zone("b.example.net", Configs.zone(Policy.ROUND_ROBIN, new TreeMap<>())).state();
    }

    private static DnsResponder start() {
        return Responders.start(Responders.settings(Engine.AUTO, 1), state(), SampleZones.nodes(), new FakeHealth());
    }

    @Test
    void aZoneWhoseKeyIsUnknownIsLeftOutAloneUntilTheKeyIsThere() throws Exception {
        try (DnsResponder responder = start()) {
            assertEquals(Rcode.NOERROR, Responders.ask(responder, "lb.example.net.", "SOA").getRcode(), "never signed yet");
            responder.sign(zone -> new ZoneKeys.ZoneKey.Unknown("the store is not open"));
            await().until(() -> Responders.ask(responder, "lb.example.net.", "SOA").getRcode() == Rcode.REFUSED);
            assertEquals(Rcode.NOERROR, Responders.ask(responder, "b.example.net.", "SOA").getRcode());
            assertEquals("SIGNING_KEY_UNKNOWN", responder.quarantined().getFirst().code());
            responder.sign(new FixedKeys(Instant.now()));
            await().until(() -> Responders.ask(responder, "lb.example.net.", "SOA").getRcode() == Rcode.NOERROR);
            assertEquals(List.of(), responder.quarantined());
            assertEquals(1, Responders.ask(responder, "lb.example.net.", "DNSKEY").getSection(Section.ANSWER).size());
        }
    }

    @Test
    void theSerialOfASignedZoneRisesWithItsAge() throws Exception {
        try (DnsResponder responder = start()) {
            assertEquals(7, serial(responder));
            responder.sign(new FixedKeys(Instant.now().minus(Duration.ofDays(10))));
            await().until(() -> serial(responder) == 10);
        }
    }

    private static long serial(DnsResponder responder) throws Exception {
        return ((SOARecord) Responders.ask(responder, "b.example.net.", "SOA").getSection(Section.ANSWER).getFirst())
                .getSerial();
    }

    @Test
    void aCopyOfTheZoneHoldsASignatureForEverySet() throws Exception {
        FixedKeys keys = new FixedKeys(Instant.now());
        try (DnsResponder responder = start()) {
            responder.sign(keys);
            await().until(() -> Responders.ask(responder, "lb.example.net.", "DNSKEY").getSection(Section.ANSWER)
                    .size() == 1);
            ZoneTransferIn transfer = ZoneTransferIn.newAXFR(APEX, new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), responder.address().orElseThrow().getPort()), null);
            transfer.run();
            List<Record> all = new ArrayList<>(transfer.getAXFR());
            all.removeLast();
            DNSKEYRecord key = keys.key("lb.example.net").dnskey(APEX, 3600);
            Map<String, List<Record>> sets = all.stream().filter(record -> record.getType() != Type.RRSIG)
                    .collect(Collectors.groupingBy(record -> record.getName() + " " + record.getType()));
            Map<String, RRSIGRecord> signatures = all.stream().filter(RRSIGRecord.class::isInstance)
                    .map(RRSIGRecord.class::cast).collect(Collectors.toMap(
                            signature -> signature.getName() + " " + signature.getTypeCovered(), signature -> signature));
            assertTrue(signatures.size() > 40, "signatures: " + signatures.size());
            for (Map.Entry<String, RRSIGRecord> entry : signatures.entrySet()) {
                List<Record> set = Objects.requireNonNull(sets.get(entry.getKey()), entry.getKey());
                DNSSEC.verify(new RRset(set.toArray(Record[]::new)), entry.getValue(), key);
            }
            sets.keySet().removeAll(signatures.keySet());
            assertTrue(sets.keySet().stream().allMatch(left -> left.contains("child.lb.example.net.")),
                    "unsigned: " + sets.keySet());
        }
    }
}
