package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 9018 appendix A, and what a cookie is worth. */
class CookiesTest {
    private static final CookieSecrets.Key KEY = key("e5e973e5a6b2a43f48e7dc849e37bfcf");
    private static final CookieSecrets SECRETS = new CookieSecrets(KEY, KEY);

    private final Cookies cookies = new Cookies();
    private final Client client = new Client();

    private static CookieSecrets.Key key(String hex) {
        return CookieSecrets.Key.of(HexFormat.of().parseHex(hex));
    }

    private boolean check(String cookie, String address, CookieSecrets secrets, int now) {
        byte[] option = HexFormat.of().parseHex(cookie);
        byte[] message = HexFormat.of().parseHex("00000100000000000000000100002904d0000000000000000a0000");
        byte[] whole = Arrays.copyOf(message, message.length + option.length);
        whole[22] = (byte) (4 + option.length);
        whole[26] = (byte) option.length;
        System.arraycopy(option, 0, whole, message.length, option.length);
        Query query = new Query();
        MemorySegment segment = Arena.ofAuto().allocate(whole.length + 8L);
        MemorySegment.copy(whole, 0, segment, ValueLayout.JAVA_BYTE, 0, whole.length);
        assertEquals(Query.ANSWER, query.read(segment, 0, whole.length, Query.nameEnd(segment, 0, whole.length)));
        client.set(InetAddress.ofLiteral(address));
        return cookies.check(query, client, secrets, now);
    }

    private String made() {
        return HexFormat.of().toHexDigits(cookies.high()) + HexFormat.of().toHexDigits(cookies.low());
    }

    @Test
    void makesTheCookieOfAppendixA1() {
        assertFalse(check("2464c4abcf10c957", "198.51.100.100", SECRETS, 1_559_731_985));
        assertEquals("010000005cf79f111f8130c3eee29480", made());
    }

    @Test
    void renewsAnOldCookieAsInAppendixA2() {
        assertTrue(check("2464c4abcf10c957010000005cf79f111f8130c3eee29480", "198.51.100.100", SECRETS,
                1_559_734_385));
        assertEquals("010000005cf7a871d4a564a1442aca77", made());
    }

    @Test
    void acceptsTheSecretBeforeAndMakesTheNextOneAsInAppendixA4() {
        CookieSecrets rolled = new CookieSecrets(key("445536bcd2513298075a5d379663c962"),
                key("dd3bdf9344b678b185a6f5cb60fca715"));
        assertTrue(check("22681ab97d52c298010000005cf7c57926556bd0934c72f8", "2001:db8:220:1:59de:d0f4:8769:82b8",
                rolled, 1_559_741_961));
        assertEquals("010000005cf7c609a6bb79d16625507a", made());
    }

    @Test
    void returnsAFreshCookieUnchanged() {
        assertTrue(check("2464c4abcf10c957010000005cf79f111f8130c3eee29480", "198.51.100.100", SECRETS,
                1_559_731_985 + 60));
        assertEquals("010000005cf79f111f8130c3eee29480", made());
    }

    @Test
    void acceptsNoCookieOfAnotherAddressTimeOrForm() {
        String good = "2464c4abcf10c957010000005cf79f111f8130c3eee29480";
        assertFalse(check(good, "198.51.100.101", SECRETS, 1_559_731_985));
        assertFalse(check(good, "198.51.100.100", SECRETS, 1_559_731_985 + 3_601));
        assertFalse(check(good, "198.51.100.100", SECRETS, 1_559_731_985 - 301));
        assertFalse(check(good.replace("5cf79f11", "5cf79f12"), "198.51.100.100", SECRETS, 1_559_731_985));
        assertFalse(check("2464c4abcf10c9570102030405060708", "198.51.100.100", SECRETS, 1_559_731_985));
        assertFalse(check(good + "00", "198.51.100.100", SECRETS, 1_559_731_985));
    }
}
