package io.halite.proxy.proxyprotocol;

import io.halite.config.Upstream.ProxyVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the header that a connection to a target begins with. Stateless.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public final class ProxyHeader {
    /** For a connection that begins with no header. */
    public static final byte[] NONE = new byte[0];

    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    static final int FIXED = SIGNATURE.length + 4;
    static final int COMMAND_PROXY = 0x21;
    static final int COMMAND_LOCAL = 0x20;
    static final int OVER_TCP4 = 0x11;
    static final int OVER_TCP6 = 0x21;
    static final int ADDRESSES_4 = 2 * (4 + 2);
    static final int ADDRESSES_6 = 2 * (16 + 2);

    private ProxyHeader() {}

    /**
     * The header for a client.
     *
     * @param source its address, 4 or 16 bytes
     * @param to where it connected to
     */
    public static byte[] of(ProxyVersion version, byte[] source, int sourcePort, InetSocketAddress to) {
        byte[] destination = to.getAddress().getAddress();
        boolean four = source.length == 4 && destination.length == 4;
        byte[] mappedSource = four ? source : mapped(source);
        byte[] mappedDestination = four ? destination : mapped(destination);
        return switch (version) {
            case V1 -> text(four, mappedSource, sourcePort, mappedDestination, to.getPort());
            case V2 -> binary(four, mappedSource, sourcePort, mappedDestination, to.getPort());
        };
    }

    /** The header of a connection that speaks for nobody, such as a probe. */
    public static byte[] ofOurOwn(ProxyVersion version) {
        return switch (version) {
            case V1 -> "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
            case V2 -> ByteBuffer.allocate(FIXED).put(SIGNATURE).put((byte) COMMAND_LOCAL).array();
        };
    }

    private static byte[] text(boolean four, byte[] source, int sourcePort, byte[] destination, int destinationPort) {
        return ("PROXY " + (four ? "TCP4 " : "TCP6 ") + text(four, source) + " " + text(four, destination) + " "
                + sourcePort + " " + destinationPort + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(boolean four, byte[] address) {
        if (four) {
            return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF) + "."
                    + (address[3] & 0xFF);
        }
        // Not InetAddress, which would make IPv4 of a mapped address.
        StringBuilder groups = new StringBuilder();
        for (int at = 0; at < address.length; at += 2) {
            groups.append(at == 0 ? "" : ":")
                    .append(Integer.toHexString((address[at] & 0xFF) << 8 | (address[at + 1] & 0xFF)));
        }
        return groups.toString();
    }

    private static byte[] binary(
            boolean four, byte[] source, int sourcePort, byte[] destination, int destinationPort) {
        int length = four ? ADDRESSES_4 : ADDRESSES_6;
        return ByteBuffer.allocate(FIXED + length).put(SIGNATURE).put((byte) COMMAND_PROXY)
                .put((byte) (four ? OVER_TCP4 : OVER_TCP6)).putShort((short) length)
                .put(source).put(destination).putShort((short) sourcePort).putShort((short) destinationPort).array();
    }

    /** An IPv4 address in IPv6 clothes; an IPv6 address as it is. */
    private static byte[] mapped(byte[] address) {
        if (address.length == 16) {
            return address;
        }
        return ByteBuffer.allocate(16).putShort(10, (short) -1).put(12, address).array();
    }

    /** The socket address of address bytes and a port. */
    static InetSocketAddress socketAddress(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException("an address of neither 4 nor 16 bytes", impossible);
        }
    }
}
