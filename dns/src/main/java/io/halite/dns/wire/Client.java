package io.halite.dns.wire;

import io.halite.config.document.Addresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The address of whoever asked, as numbers. Mutable; owned by the worker that serves it. IPv4 stands in {@link #high}
 * shifted to the top, so that prefixes of both families are compared alike.
 */
public final class Client {
    private boolean ipv6;
    private long high;
    private long low;

    /** An IPv4 address. */
    public void set4(int address) {
        ipv6 = false;
        high = (long) address << 32;
        low = 0;
    }

    /** An IPv6 address; one that maps IPv4 counts as IPv4. */
    public void set6(long upper, long lower) {
        if (upper == 0 && lower >>> 32 == 0xFFFFL) {
            set4((int) lower);
            return;
        }
        ipv6 = true;
        high = upper;
        low = lower;
    }

    /** Any address. */
    public void set(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (address instanceof Inet4Address) {
            set4(bytes.getInt());
        } else {
            set6(bytes.getLong(), bytes.getLong());
        }
    }

    /** The same as another. */
    public void copy(Client other) {
        ipv6 = other.ipv6;
        high = other.high;
        low = other.low;
    }

    /** The address in its usual spelling. */
    @Override
    public String toString() {
        byte[] bytes = ipv6 ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) (high >>> 32)).array();
        try {
            return Addresses.text(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** The upper 64 bits; of IPv4 the address and 32 zeros. */
    public long high() {
        return high;
    }

    /** The lower 64 bits of IPv6. */
    public long low() {
        return low;
    }

    /** Whether packets from it cannot have come from elsewhere. */
    public boolean isLoopback() {
        return ipv6 ? high == 0 && low == 1 : high >>> 56 == 127;
    }
}
