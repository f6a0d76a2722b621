package io.halite.config.document;

import io.halite.config.Cidr;
import io.halite.config.HostPort;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Type;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses and DNS names as a document spells them; looks nothing up. Stateless. */
public final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern LABEL = Pattern.compile("(?i)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?");
    private static final int MAX_DNS_NAME = 253;

    /** An address range. */
    static final Type<Cidr> CIDR = Scalars.spelled(Addresses::cidr, Cidr::toString, "INVALID_CIDR", "address range",
            "write 10.0.0.0/8 or 2001:db8::/32");

    private Addresses() {}

    /** An IPv4 or IPv6 address (without brackets or scope); null for anything else. */
    public static @Nullable InetAddress ip(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return Inet4Address.ofLiteral(text);
            }
            return IPV6.matcher(text).matches() ? Inet6Address.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}. */
    public static String text(InetSocketAddress address) {
        return new HostPort(text(address.getAddress()), address.getPort()).toString();
    }

    /**
     * The canonical text of an address: for IPv6 that of RFC 5952, section 4, such as {@code 2001:db8::1}. The one place
     * that spells addresses for people and other programs.
     */
    public static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        String plain = address.getHostAddress();
        if (bytes.length == 4) {
            return plain;
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int start = longestZeros(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                while (i + 1 < 8 && groups[i + 1] == 0) {
                    i++;
                }
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        int scope = plain.indexOf('%');
        return scope < 0 ? text.toString() : text + plain.substring(scope);
    }

    /** Where the first of the longest runs of two or more zeros begins; -1 when there is none. */
    private static int longestZeros(int[] groups) {
        int best = -1;
        int bestLength = 1;
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            length = groups[i] == 0 ? length + 1 : 0;
            if (length > bestLength) {
                best = i - length + 1;
                bestLength = length;
            }
        }
        return best;
    }

    /** Whether text is a DNS name of letters, digits, hyphens and underscores, without a final dot. */
    static boolean isDnsName(String text) {
        if (text.isEmpty() || text.length() > MAX_DNS_NAME || IPV4.matcher(text).matches()) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    /** {@code 10.0.0.1:80}, {@code [::1]:80} or {@code name:80}; null for anything else. */
    public static @Nullable HostPort hostPort(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return null;
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        InetAddress ip = ip(bracketed ? host.substring(1, host.length() - 1) : host);
        if (bracketed != (ip instanceof Inet6Address)) {
            return null;
        }
        int port = port(text.substring(colon + 1));
        if (port < 0 || (ip == null && !isDnsName(host))) {
            return null;
        }
        return new HostPort(ip == null ? host.toLowerCase(Locale.ROOT) : text(ip), port);
    }

    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? port : -1;
    }

    /** {@code 10.0.0.0/8}, or an address alone for exactly that one; null for anything else. */
    public static @Nullable Cidr cidr(String text) {
        int slash = text.indexOf('/');
        InetAddress ip = ip(slash < 0 ? text : text.substring(0, slash));
        if (ip == null) {
            return null;
        }
        int bits = ip.getAddress().length * 8;
        int prefix = slash < 0 ? bits : port(text.substring(slash + 1));
        return prefix < 0 || prefix > bits ? null : new Cidr(text(ip), prefix);
    }
}
