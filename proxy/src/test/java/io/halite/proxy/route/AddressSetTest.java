package io.halite.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Cidr;
import io.halite.proxy.testing.Allocations;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressSetTest {
    private static byte[] bytes(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }

    @Test
    void rangesMayOverlapAndTouch() {
        AddressSet set = new AddressSet(List.of(new Cidr("10.0.0.0", 8), new Cidr("10.1.0.0", 16),
                new Cidr("192.0.2.0", 25), new Cidr("192.0.2.128", 25), new Cidr("2001:db8::", 32)));
        assertTrue(set.contains(bytes("10.255.255.255")));
        assertTrue(set.contains(bytes("192.0.2.127")));
        assertTrue(set.contains(bytes("192.0.2.128")));
        assertTrue(set.contains(bytes("2001:db8:ffff::1")));
        assertFalse(set.contains(bytes("11.0.0.0")));
        assertFalse(set.contains(bytes("192.0.3.0")));
        assertFalse(set.contains(bytes("2001:db9::")));
    }

    @Test
    void hostBitsOfARangeDoNotCount() {
        assertTrue(new AddressSet(List.of(new Cidr("192.0.2.77", 24))).contains(bytes("192.0.2.1")));
    }

    @Test
    void everythingAndNothing() {
        assertTrue(new AddressSet(List.of(new Cidr("0.0.0.0", 0))).contains(bytes("255.255.255.255")));
        assertFalse(new AddressSet(List.of(new Cidr("0.0.0.0", 0))).contains(bytes("::2")));
        assertFalse(AddressSet.NONE.contains(bytes("127.0.0.1")));
        assertTrue(AddressSet.NONE.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new AddressSet(List.of(new Cidr("10.0.0.0", 33))));
    }

    /** An IPv4 address in IPv6 clothes; InetAddress would undress it, so it is made by hand. */
    @Test
    void aMappedAddressIsLookedUpAsIpv4() {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(bytes("192.0.2.7"), 0, mapped, 12, 4);
        assertTrue(new AddressSet(List.of(new Cidr("192.0.2.0", 24))).contains(mapped));
        assertFalse(new AddressSet(List.of(new Cidr("::", 0))).contains(mapped));
    }

    /** Against the definition: the bits before the prefix are the same. */
    @Test
    void agreesWithTheDefinition() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int length = round % 2 == 0 ? 4 : 16;
            List<Cidr> ranges = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ranges.add(new Cidr(text(address(random, length)), random.nextInt(8 * length + 1)));
            }
            AddressSet set = new AddressSet(ranges);
            for (int i = 0; i < 100; i++) {
                byte[] address = address(random, length);
                boolean expected = ranges.stream().anyMatch(range -> holds(range, address));
                assertEquals(expected, set.contains(address), () -> ranges + " " + text(address));
            }
        }
    }

    /** Few bits differ, so that ranges do meet addresses. */
    private static byte[] address(Random random, int length) {
        byte[] address = new byte[length];
        for (int at = 0; at < length; at++) {
            address[at] = (byte) (((1 << random.nextInt(8)) & 0x81) | 0x10);
        }
        return address;
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean holds(Cidr range, byte[] address) {
        int bits = 8 * address.length - range.prefix();
        return new BigInteger(1, address).shiftRight(bits)
                .equals(new BigInteger(1, bytes(range.address())).shiftRight(bits));
    }

    @Test
    void searchingAllocatesNothing() {
        List<Cidr> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(new Cidr("10." + (i >> 8) + "." + (i & 0xff) + ".0", 25));
        }
        AddressSet set = new AddressSet(many);
        byte[] inside = bytes("10.20.30.40");
        byte[] outside = bytes("10.20.30.140");
        assertTrue(set.contains(inside));
        assertFalse(set.contains(outside));
        Allocations.assertNone(() -> {
            set.contains(inside);
            set.contains(outside);
        });
    }
}
