package io.halite.proxy.route;

import io.halite.config.Cidr;
import java.net.InetAddress;

/** A range of client addresses. An IPv4 address that arrived in its IPv6 form is compared as IPv4. */
final class SourceMatcher {
    private static final int MAPPED_PREFIX = 12;

    private final byte[] network;
    private final int prefix;

    /** A range; throws {@link IllegalArgumentException} when the address is none. */
    SourceMatcher(Cidr cidr) {
        network = InetAddress.ofLiteral(cidr.address()).getAddress();
        prefix = cidr.prefix();
        if (prefix < 0 || prefix > 8 * network.length) {
            throw new IllegalArgumentException("not a prefix length: " + cidr);
        }
    }

    boolean matches(byte[] address) {
        int skipped = isMapped(address) ? MAPPED_PREFIX : 0;
        if (address.length - skipped != network.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (address[skipped + i] != network[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0
                || ((address[skipped + whole] ^ network[whole]) & 0xFF) >> (8 - rest) == 0;
    }

    private static boolean isMapped(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
