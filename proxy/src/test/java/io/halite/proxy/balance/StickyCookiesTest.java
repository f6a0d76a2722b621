package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.health.Health;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyCookiesTest {
    private final TestPool pool = TestPool.of(1, 1, 1).sticky("hlt");
    private final Balancer balancer = pool.balancer(0);

    @Test
    void aClientWithoutACookieGetsOneAndStays() {
        String target = pool.pick(balancer);
        assertTrue(balancer.needsCookie());
        String cookie = cookie(balancer, String.valueOf(target));

        for (int i = 0; i < 10; i++) {
            assertEquals(target, pool.pick(balancer, with(cookie)));
            assertFalse(balancer.needsCookie());
        }
    }

    @Test
    void theLineIsWhatABrowserNeeds() {
        byte[] out = new byte[balancer.cookieRoom() + 3];
        int end = balancer.writeCookie(pool.target("b"), false, out, 3);
        String line = new String(out, 3, end - 3, StandardCharsets.US_ASCII);
        assertTrue(line.matches("Set-Cookie: hlt=[A-Za-z0-9_-]{24}; Path=/; HttpOnly; SameSite=Lax\r\n"), line);

        end = balancer.writeCookie(pool.target("b"), true, out, 0);

        assertTrue(new String(out, 0, end, StandardCharsets.US_ASCII).endsWith("; SameSite=Lax; Secure\r\n"));
        assertTrue(end <= balancer.cookieRoom());
    }

    @Test
    void anotherNodeWithTheSameKeyUnderstandsIt() {
        TestPool other = new TestPool().add("c", 5).add("b", 5).add("x", 5).sticky("hlt");

        assertEquals("b", other.pick(other.balancer(1), with(cookie(balancer, "b"))));
    }

    @Test
    void anotherKeyOrPoolDoesNot() {
        TestPool other = TestPool.of(1, 1, 1).sticky("hlt").key((byte) 1, (byte) 2);
        Balancer strange = other.balancer(0);

        assertEquals("a", other.pick(strange, with(cookie(balancer, "b"))));
        assertTrue(strange.needsCookie());
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void aForgedCookieIsIgnored(long seed) {
        Random random = new Random(seed);
        byte[] genuine = cookie(balancer, "c").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2_000; i++) {
            byte[] forged = genuine.clone();
            int at = 4 + random.nextInt(forged.length - 4);
            forged[at] = (byte) (random.nextBoolean() ? 'A' + random.nextInt(26) : random.nextInt(33, 127));
            String text = new String(forged, StandardCharsets.US_ASCII);
            pool.pick(balancer, with(text));
            assertEquals(!text.equals(new String(genuine, StandardCharsets.US_ASCII)), balancer.needsCookie(), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hlt=", "hlt", "hlt=short", "hlt=AAAAAAAAAAAAAAAAAAAAAAAA", "xhlt=AAAAAAAAAAAAAAAAAAAAAAAA",
        "hlt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "hlt=\u00e4AAAAAAAAAAAAAAAAAAAAAA"})
    void nonsenseIsIgnored(String cookie) {
        assertNotEquals(null, pool.pick(balancer, with(cookie)));
        assertTrue(balancer.needsCookie());
    }

    @Test
    void aDrainingTargetKeepsItsSessionsAndGetsNoNewOnes() {
        String cookie = cookie(balancer, "b");
        pool.admin("b", AdminState.DRAIN).table();

        assertEquals("b", pool.pick(balancer, with(cookie)));
        assertEquals(Map.of("a", 5, "b", 0, "c", 5), pool.picks(balancer, 10));
    }

    @Test
    void aSessionMovesWhenItsTargetIsGoneAndTheClientIsTold() {
        String cookie = cookie(balancer, "b");
        pool.health("b", Health.UNHEALTHY).table();
        assertNotEquals("b", pool.pick(balancer, with(cookie)));
        assertTrue(balancer.needsCookie());
        pool.health("b", Health.HEALTHY).admin("b", AdminState.MAINT).table();
        assertNotEquals("b", pool.pick(balancer, with(cookie)));
        pool.remove("b").table();
        assertNotEquals("b", pool.pick(balancer, with(cookie)));
        assertTrue(balancer.needsCookie());
    }

    @Test
    void aRetryLeavesTheTargetOfTheCookie() {
        TriedTargets tried = new TriedTargets();
        tried.add(pool.target("b"));

        TargetEntry target = balancer.pick(pool.latest(), with(cookie(balancer, "b")), tried);

        assertNotEquals(pool.target("b"), target);
        assertTrue(balancer.needsCookie());
    }

    @Test
    void anEjectedTargetLosesItsSessionsUntilItIsBack() {
        String cookie = cookie(balancer, "b");
        for (int i = 0; i < 5; i++) {
            balancer.started(pool.target("b"));
            balancer.finished(pool.target("b"), Outcome.SERVER_ERROR, -1);
        }
        assertNotEquals("b", pool.pick(balancer, with(cookie)));
        pool.ticker.advance(Duration.ofSeconds(30));
        assertEquals("b", pool.pick(balancer, with(cookie)));
    }

    @Test
    void aCookieIsRenewedAfterHalfADayAndVoidAfterADay() {
        String cookie = cookie(balancer, "b");
        pool.time = pool.time.plus(Duration.ofHours(11));
        assertEquals("b", pool.pick(balancer, with(cookie)));
        assertFalse(balancer.needsCookie());

        pool.time = pool.time.plus(Duration.ofHours(1));
        assertEquals("b", pool.pick(balancer, with(cookie)));
        assertTrue(balancer.needsCookie());
        String renewed = cookie(balancer, "b");

        pool.time = pool.time.plus(Duration.ofHours(12));
        assertEquals("a", pool.pick(balancer, with(cookie)));
        assertEquals("b", pool.pick(balancer, with(renewed)));
    }

    @Test
    void aCookieFromAClockThatRunsAheadALittleIsGood() {
        pool.time = pool.time.plus(Duration.ofHours(1));
        String ahead = cookie(balancer, "b");
        pool.time = pool.time.minus(Duration.ofHours(1));
        assertEquals("b", pool.pick(balancer, with(ahead)));

        pool.time = pool.time.minus(Duration.ofHours(1));
        assertNotEquals("b", pool.pick(balancer, with(ahead)));
    }

    @Test
    void aPoolThatIsNotStickyWritesNone() {
        TestPool plain = TestPool.of(1);
        Balancer other = plain.balancer(0);
        plain.pick(other);

        assertFalse(other.needsCookie());
        assertEquals(0, other.cookieRoom());
        assertEquals(7, other.writeCookie(plain.target("a"), false, new byte[10], 7));
    }

    /** SipHash-2-4 of the bytes 0, 1, 2 … under the key 0, 1, … 15, from the appendix of the paper. */
    @Test
    void sipHashGivesThePublishedValues() {
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] text = new byte[64];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) i;
        }
        assertEquals(0x726fdb47dd0e0e31L, hash.hash(text, 0, 0));
        assertEquals(0x74f839c593dc67fdL, hash.hash(text, 0, 1));
        assertEquals(0x93f5f5799a932462L, hash.hash(text, 0, 8));
        assertEquals(0xa129ca6149be45e5L, hash.hash(text, 0, 15));
    }

    private static RequestHead with(String cookie) {
        return new DescribedRequest("GET", "h", "/", List.of(Map.entry("Cookie", "a=b; " + cookie)),
                InetAddress.getLoopbackAddress()).head();
    }

    private String cookie(Balancer some, String target) {
        byte[] out = new byte[some.cookieRoom()];
        int end = some.writeCookie(pool.target(target), false, out, 0);
        return new String(out, 0, end, StandardCharsets.US_ASCII).replaceAll("Set-Cookie: ([^;]*);.*\r\n", "$1");
    }
}
