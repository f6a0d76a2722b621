package io.halite.proxy.route;

import io.halite.config.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of IP addresses, merged and sorted, so that a long list is searched as fast as a short one. An IPv4 address that
 * arrived in its IPv6 form is looked up as IPv4. Immutable; a search allocates nothing.
 */
public final class AddressSet {
    public static final AddressSet NONE = new AddressSet(List.of());
    private static final int MAPPED_PREFIX = 12;

    /** Start and end of each range, ascending and apart from each other. */
    private final byte[][] fours;
    private final byte[][] sixes;

    /** The union of these ranges; throws {@link IllegalArgumentException} when one of them is none. */
    public AddressSet(List<Cidr> ranges) {
        fours = merged(ranges, 4);
        sixes = merged(ranges, 16);
    }

    private static byte[][] merged(List<Cidr> ranges, int length) {
        List<byte[][]> sorted = new ArrayList<>();
        for (Cidr cidr : ranges) {
            byte[] address = InetAddress.ofLiteral(cidr.address()).getAddress();
            if (cidr.prefix() < 0 || cidr.prefix() > 8 * address.length) {
                throw new IllegalArgumentException("not a prefix length: " + cidr);
            }
            if (address.length == length) {
                sorted.add(new byte[][] {bound(address, cidr.prefix(), 0), bound(address, cidr.prefix(), 0xff)});
            }
        }
        sorted.sort(Comparator.comparing(range -> range[0], Arrays::compareUnsigned));
        List<byte[]> bounds = new ArrayList<>();
        for (byte[][] range : sorted) {
            if (bounds.isEmpty() || Arrays.compareUnsigned(bounds.getLast(), range[0]) < 0) {
                bounds.add(range[0]);
                bounds.add(range[1]);
            } else if (Arrays.compareUnsigned(bounds.getLast(), range[1]) < 0) {
                bounds.set(bounds.size() - 1, range[1]);
            }
        }
        return bounds.toArray(byte[][]::new);
    }

    /** The address with all bits behind the prefix taken from a fill byte. */
    private static byte[] bound(byte[] address, int prefix, int fill) {
        byte[] bound = address.clone();
        for (int at = 0; at < bound.length; at++) {
            int kept = Math.clamp(prefix - 8L * at, 0, 8);
            int mask = 0xff << (8 - kept);
            bound[at] = (byte) ((bound[at] & mask) | (fill & ~mask));
        }
        return bound;
    }

    public boolean isEmpty() {
        return fours.length == 0 && sixes.length == 0;
    }

    /** Whether some range holds the address, given by its 4 or 16 bytes. */
    public boolean contains(byte[] address) {
        if (address.length == 4) {
            return contains(fours, address, 0);
        }
        return isMapped(address) ? contains(fours, address, MAPPED_PREFIX) : contains(sixes, address, 0);
    }

    private static boolean contains(byte[][] bounds, byte[] address, int from) {
        int low = 0;
        int high = bounds.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compare(address, from, bounds[2 * middle]) < 0) {
                high = middle - 1;
            } else if (compare(address, from, bounds[2 * middle + 1]) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private static int compare(byte[] address, int from, byte[] bound) {
        return Arrays.compareUnsigned(address, from, from + bound.length, bound, 0, bound.length);
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
