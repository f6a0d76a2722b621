package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.testing.Bench;
import io.halite.dns.testing.ManualTicker;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A flood from one network is answered so often a second and no more, and a real client gets through. */
class RateLimitTest {
    private static final InetAddress VICTIM = InetAddress.ofLiteral("198.51.100.7");
    private static final int RATE = 50;

    private final ManualTicker ticker = new ManualTicker();
    private final Bench bench = new Bench(SampleZones.state(), SampleZones.nodes(), RATE, ticker);

    private int sent;
    private int truncated;

    private void flood(int queries, InetAddress from, String name, int type) {
        sent = 0;
        truncated = 0;
        byte[] query = Responders.query(name, type).toWire();
        for (int i = 0; i < queries; i++) {
            byte[] response = bench.answer(query, from, false);
            if (response.length > 0) {
                boolean isTruncated = (response[2] & 2) != 0;
                truncated += isTruncated ? 1 : 0;
                sent += isTruncated ? 0 : 1;
                assertTrue(!isTruncated || response.length == query.length, "a truncated response amplifies nothing");
            }
        }
    }

    private void pass(Duration time) {
        ticker.advance(time);
        bench.nextBatch();
    }

    @Test
    void eachNetworkGetsItsRateAndEverySecondRefusalIsTruncated() {
        flood(1_000, VICTIM, "shop.lb.example.net.", Type.A);
        assertEquals(RATE + 1, sent);
        assertEquals((1_000 - sent) / 2, truncated);
        flood(1_000, InetAddress.ofLiteral("198.51.100.250"), "shop.lb.example.net.", Type.A);
        assertEquals(0, sent, "the same /24");
        flood(10, InetAddress.ofLiteral("198.51.101.7"), "shop.lb.example.net.", Type.A);
        assertEquals(10, sent, "another /24");
        pass(Duration.ofMillis(500));
        flood(1_000, VICTIM, "shop.lb.example.net.", Type.A);
        assertEquals(RATE / 2, sent);
        pass(Duration.ofSeconds(10));
        flood(1_000, VICTIM, "shop.lb.example.net.", Type.A);
        assertEquals(RATE + 1, sent);
    }

    @Test
    void namesThatDoNotExistShareOneAllowance() {
        int answered = 0;
        for (int i = 0; i < 500; i++) {
            flood(1, VICTIM, "random" + i + ".lb.example.net.", Type.A);
            answered += sent;
        }
        assertEquals(RATE + 1, answered);
        flood(5, VICTIM, "shop.lb.example.net.", Type.A);
        assertEquals(5, sent, "another kind of answer is not held up");
    }

    @Test
    void ipv6IsCountedBySlash56() {
        flood(1_000, InetAddress.ofLiteral("2001:db8:1:1::1"), "shop.lb.example.net.", Type.A);
        assertEquals(RATE + 1, sent);
        flood(1_000, InetAddress.ofLiteral("2001:db8:1:2::1"), "shop.lb.example.net.", Type.A);
        assertEquals(0, sent);
        flood(10, InetAddress.ofLiteral("2001:db8:1:100::1"), "shop.lb.example.net.", Type.A);
        assertEquals(10, sent);
    }

    @Test
    void tcpAndLoopbackHaveNoLimit() {
        byte[] query = Responders.query("shop.lb.example.net.", Type.A).toWire();
        for (int i = 0; i < 500; i++) {
            assertTrue(bench.answer(query, VICTIM, true).length > query.length);
            assertTrue(bench.answer(query, InetAddress.getLoopbackAddress(), false).length > query.length);
        }
    }

    @Test
    void aValidCookieLiftsTheLimit() throws Exception {
        Message query = Responders.query("shop.lb.example.net.", Type.A);
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(new CookieOption(new byte[8]))),
                Section.ADDITIONAL);
        Message first = new Message(bench.answer(query.toWire(), VICTIM, false));
        CookieOption cookie = (CookieOption) first.getOPT().getOptions().getFirst();
        flood(1_000, VICTIM, "shop.lb.example.net.", Type.A);
        Message again = Responders.query("shop.lb.example.net.", Type.A);
        again.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(cookie)), Section.ADDITIONAL);
        for (int i = 0; i < 200; i++) {
            assertEquals(1, new Message(bench.answer(again.toWire(), VICTIM, false)).getSection(Section.ANSWER).size());
        }
    }
}
