package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.testing.Bench;
import io.halite.dns.testing.SampleZones;
import io.halite.dns.testing.Validator;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CDNSKEYRecord;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** One key follows another, and at no moment anybody finds an answer forged, whatever he remembers from before. */
class KeyRollTest {
    private static final Name APEX = Name.fromConstantString("lb.example.net.");
    private static final Name SHOP = Name.fromConstantString("shop.lb.example.net.");
    private static final Name NOBODY = Name.fromConstantString("nobody.lb.example.net.");
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant SIGNS = START.plus(Duration.ofHours(2));
    private static final Instant LEAVES = START.plus(Duration.ofDays(3));

    private final SigningKey first = SigningKey.generate(START.minus(Duration.ofDays(9)));
    private final SigningKey second = SigningKey.generate(first.made());
    private final KeyRing rolling = KeyRing.of(first).joinedBy(second, SIGNS, START);
    private final KeyRing leaving = rolling.leftBy(LEAVES);

    private final Moment alone = new Moment(KeyRing.of(first), START.minusSeconds(1));
    private final Moment published = new Moment(rolling, START);
    private final Moment signing = new Moment(rolling, SIGNS);
    private final Moment stillThere = new Moment(leaving, LEAVES.minusSeconds(1));
    private final Moment gone = new Moment(leaving, LEAVES);

    /** A zone as it is answered at some time. */
    private static final class Moment {
        private final Bench bench;
        private final Instant now;

        Moment(KeyRing ring, Instant now) {
            this.now = now;
            bench = Bench.signed(SampleZones.state(true, false), SampleZones.nodes(),
                    zone -> new ZoneKeys.ZoneKey.Here(ring), () -> now);
        }

        boolean isTrusted(SigningKey byParent) throws Exception {
            Validator validator = new Validator(bench, byParent.ds(APEX, 3600), Clock.fixed(now, ZoneOffset.UTC));
            boolean isTrusted = true;
            for (Name name : List.of(SHOP, APEX, NOBODY)) {
                for (int type : List.of(Type.A, Type.SOA, Type.DNSKEY, Type.CDS)) {
                    isTrusted &= validator.ask(name, type).isSecure();
                }
            }
            return isTrusted;
        }

        List<Record> ask(Name name, int type) throws Exception {
            Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            query.addRecord(new OPTRecord(1232, 0, 0, Flags.DO), Section.ADDITIONAL);
            return new Message(bench.answer(query.toWire(), InetAddress.ofLiteral("192.0.2.9"), true))
                    .getSection(Section.ANSWER);
        }

        List<DNSKEYRecord> keys() throws Exception {
            return ask(APEX, Type.DNSKEY).stream().filter(DNSKEYRecord.class::isInstance).map(DNSKEYRecord.class::cast)
                    .toList();
        }

        /** Whether what is answered now is good by keys that were fetched at another moment. */
        void verify(List<DNSKEYRecord> remembered) throws Exception {
            List<Record> answer = ask(SHOP, Type.A);
            RRSIGRecord signature = answer.stream().filter(RRSIGRecord.class::isInstance).map(RRSIGRecord.class::cast)
                    .findFirst().orElseThrow();
            RRset set = new RRset(answer.stream().filter(it -> it.getType() == Type.A).toArray(Record[]::new));
            DNSKEYRecord key = remembered.stream().filter(it -> it.getFootprint() == signature.getFootprint()).findFirst()
                    .orElseThrow();
            DNSSEC.verify(set, signature, key, now);
        }
    }

    @Test
    void everyMomentIsTrustedByWhateverKeyTheZoneAboveMayName() throws Exception {
        assertTrue(alone.isTrusted(first));
        assertTrue(published.isTrusted(first));
        for (Moment moment : List.of(signing, stillThere)) {
            assertTrue(moment.isTrusted(first), "the old DS record is still known");
            assertTrue(moment.isTrusted(second), "the new one is");
        }
        assertTrue(gone.isTrusted(second));
        assertFalse(gone.isTrusted(first));
    }

    @Test
    void answersAreGoodByTheKeysOfTheMomentBeforeAndAfter() throws Exception {
        List<Moment> moments = List.of(alone, published, signing, stillThere, gone);
        for (int i = 1; i < moments.size(); i++) {
            moments.get(i).verify(moments.get(i - 1).keys());
            moments.get(i - 1).verify(i == moments.size() - 1 ? gone.keys() : moments.get(i).keys());
        }
        assertEquals(List.of(1, 2, 2, 2, 1), moments.stream().map(moment -> {
            try {
                return moment.keys().size();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }).toList());
    }

    @Test
    void aRollOverThatIsCalledOffIsTrustedByTheOldKeyAtEveryMoment() throws Exception {
        KeyRing early = rolling.withdrawn(LEAVES, START);
        assertEquals(List.of(first), early.published(START), "the new key never signed");
        Instant calledOff = SIGNS.plus(Duration.ofDays(1));
        Instant gone = calledOff.plus(Duration.ofHours(2));
        KeyRing late = rolling.withdrawn(gone, calledOff);
        assertEquals(first, late.signing(calledOff));
        assertEquals(gone, late.nextChange(calledOff));
        assertEquals(first.made(), late.since());
        List<Moment> moments = List.of(new Moment(rolling, calledOff.minusSeconds(1)), new Moment(late, calledOff),
                new Moment(late, gone.minusSeconds(1)), new Moment(late, gone));
        for (int i = 0; i < moments.size(); i++) {
            assertTrue(moments.get(i).isTrusted(first));
            if (i > 0) {
                moments.get(i).verify(moments.get(i - 1).keys());
                moments.get(i - 1).verify(moments.get(Math.min(i, moments.size() - 2)).keys());
            }
        }
        assertEquals(List.of(first), late.published(gone));
        assertEquals(late, KeyRing.of(new String(late.text(), StandardCharsets.US_ASCII)));
    }

    @Test
    void aRollOverThatNobodyFinishesIsTold() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("a.example.net", text(KeyRing.of(first)));
        texts.put("b.example.net", text(rolling));
        texts.put("c.example.net", text(leaving));
        assertEquals(List.of(), ClusterKeys.forgotten(texts, SIGNS.plus(Duration.ofDays(7))));
        List<String> sentences = ClusterKeys.forgotten(texts, SIGNS.plus(Duration.ofDays(8)));
        assertEquals(1, sentences.size());
        assertTrue(sentences.getFirst().contains("halite dns roll b.example.net --finish"), sentences.toString());
    }

    private static String text(KeyRing ring) {
        return new String(ring.text(), StandardCharsets.US_ASCII);
    }

    @Test
    void theZoneAboveIsToldOfTheNewKeyOnceItSigns() throws Exception {
        for (Moment moment : List.of(alone, published, signing, stillThere, gone)) {
            SigningKey wanted = moment == alone || moment == published ? first : second;
            assertEquals(List.of(wanted.cds(APEX, 3600)), moment.ask(APEX, Type.CDS).stream()
                    .filter(CDSRecord.class::isInstance).toList());
            assertEquals(List.of(wanted.cdnskey(APEX, 3600)), moment.ask(APEX, Type.CDNSKEY).stream()
                    .filter(CDNSKEYRecord.class::isInstance).toList());
        }
    }

    @Test
    void aRingKnowsWhenItChangesAndSurvivesAsText() {
        assertEquals(Instant.MAX, KeyRing.of(first).nextChange(START));
        assertEquals(SIGNS, leaving.nextChange(START));
        assertEquals(LEAVES, leaving.nextChange(SIGNS));
        assertEquals(Instant.MAX, leaving.nextChange(LEAVES));
        assertEquals(first.made(), leaving.joinedBy(SigningKey.generate(first.made()), LEAVES, LEAVES).since());
        for (KeyRing ring : List.of(KeyRing.of(first), rolling, leaving)) {
            assertEquals(ring, KeyRing.of(new String(ring.text(), StandardCharsets.US_ASCII)));
        }
        String text = new String(leaving.text(), StandardCharsets.US_ASCII);
        for (String damaged : Arrays.asList("", "1 2", text + " 7", text.replace("-", "x"), text.substring(4, 90))) {
            assertThrows(IllegalArgumentException.class, () -> KeyRing.of(damaged), damaged);
        }
    }
}
