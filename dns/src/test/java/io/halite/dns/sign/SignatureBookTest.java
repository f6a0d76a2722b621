package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/** A signature is made once and renewed in time. */
class SignatureBookTest {
    private static final Name APEX = Name.fromConstantString("lb.example.net.");
    private static final Name SHOP = Name.fromConstantString("shop.lb.example.net.");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SigningKey key = SigningKey.generate(now);
    private final SignatureBook book = new SignatureBook(() -> now);
    private final ZoneSigner signer = new ZoneSigner(book, KeyRing.of(key), key.made(), APEX, 3600);

    private static Record address(String ip, long ttl) {
        return new ARecord(SHOP, DClass.IN, ttl, InetAddress.ofLiteral(ip));
    }

    @Test
    void theSameSetInAnyOrderHasOneSignatureUntilItIsRenewed() throws Exception {
        book.begin(() -> true);
        RRSIGRecord first = signer.sign(List.of(address("192.0.2.1", 30), address("192.0.2.2", 30)));
        assertSame(first, signer.sign(List.of(address("192.0.2.2", 30), address("192.0.2.1", 30))));
        assertNotEquals(first, signer.sign(List.of(address("192.0.2.1", 15), address("192.0.2.2", 15))));
        assertNotEquals(first, signer.sign(List.of(address("192.0.2.1", 30))));
        assertEquals(3, book.size());
        DNSSEC.verify(new RRset(address("192.0.2.2", 30), address("192.0.2.1", 30)), first, key.dnskey(APEX, 1), now);

        now = now.plus(Duration.ofNanos(book.nextChange())).minusSeconds(1);
        book.begin(() -> true);
        assertSame(first, signer.sign(List.of(address("192.0.2.1", 30), address("192.0.2.2", 30))));
        now = now.plus(Duration.ofDays(2)).plusSeconds(2);
        book.begin(() -> true);
        RRSIGRecord second = signer.sign(List.of(address("192.0.2.1", 30), address("192.0.2.2", 30)));
        assertTrue(first.getExpire().isAfter(now.plus(Duration.ofDays(4))), "renewed long before it expires");
        assertTrue(second.getExpire().isAfter(first.getExpire()));
        assertTrue(second.getTimeSigned().isBefore(now.minus(Duration.ofHours(2))), "clocks may be behind");
        assertTrue(book.nextChange() > Duration.ofDays(6).toNanos());
    }

    @Test
    void withoutTimeAFewAreMadeAndTheRestIsMissed() {
        List<List<Record>> sets = IntStream.range(0, 50).mapToObj(i -> List.of(address("192.0.2." + i, 30))).toList();
        book.begin(() -> false);
        sets.forEach(signer::sign);
        assertTrue(book.size() > 0 && book.size() < 50, "made: " + book.size());
        assertEquals(50 - book.size(), book.missed());
        book.begin(() -> false);
        sets.forEach(signer::sign);
        assertEquals(0, book.missed(), "the next table goes on where this one stopped");

        now = now.plus(Duration.ofDays(10));
        book.begin(() -> false);
        sets.forEach(signer::sign);
        assertEquals(0, book.missed(), "what is due for renewal is good meanwhile");
        assertEquals(1, book.nextChange());
        now = now.plus(Duration.ofDays(20));
        book.begin(() -> false);
        sets.forEach(signer::sign);
        assertTrue(book.missed() > 0, "what has expired is not");
        int missed = book.missed();
        book.end();
        sets.forEach(signer::sign);
        assertEquals(missed, book.missed(), "afterwards there is time again");
    }

    @Test
    void whatIsLongUnusedIsForgotten() {
        book.begin(() -> true);
        signer.sign(List.of(address("192.0.2.1", 30)));
        for (int i = 0; i < 150; i++) {
            book.begin(() -> true);
            signer.sign(List.of(address("192.0.2.9", 30)));
        }
        assertEquals(1, book.size());
    }
}
