package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "2001:0DB8:0:0:0:0:0:1, 2001:db8::1", "::, ::", "::1, ::1", "1::, 1::",
            "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
            "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "::ffff:192.0.2.1, 192.0.2.1", "fe80::a%3, fe80::a%3"})
    void addressesAreSpelledAsRfc5952Does(String text, String canonical) {
        assertEquals(canonical, Addresses.text(InetAddress.ofLiteral(text)));
    }

    @Test
    void aPortFollowsAnAddressOfEitherKind() throws UnknownHostException {
        assertEquals("192.0.2.1:53", Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53)));
        assertEquals("[2001:db8::1]:53", Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 53)));
        InetAddress scoped = Inet6Address.getByAddress("", InetAddress.ofLiteral("fe80::1").getAddress(), 2);
        assertEquals("[fe80::1%2]:53", Addresses.text(new InetSocketAddress(scoped, 53)));
    }
}
