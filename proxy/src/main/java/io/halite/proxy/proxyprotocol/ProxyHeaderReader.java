package io.halite.proxy.proxyprotocol;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that a trusted sender's connection begins with, and not a byte more: {@link #wants} says how many
 * bytes must at least still come, so that what follows stays in the socket for whoever reads it next. Strict: what the
 * specification does not allow is broken, and so is a header that is longer than any sensible sender's.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public final class ProxyHeaderReader {
    /** {@link #wants} of a header that is complete. */
    public static final int COMPLETE = 0;
    /** {@link #wants} of what is no header. */
    public static final int BROKEN = -1;

    /** The specification's bound of a version 1 header. */
    private static final int MAX_TEXT = 107;
    /** Addresses and extensions of version 2: room for a client certificate's names, no more. */
    private static final int MAX_EXTENT = 4 * 1024;
    /** {@code PROXY UNKNOWN} with its line end, the shortest of all. */
    private static final int SHORTEST = 15;
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final String UNKNOWN = "UNKNOWN";
    private static final int FIELDS = 6;
    private static final int CHECKSUM_TYPE = 0x03;
    private static final int CHECKSUM_SIZE = 4;
    private static final int EXTENSION_HEAD = 3;

    private byte[] bytes = new byte[MAX_TEXT];
    private int length;
    private int wants = SHORTEST;
    private @Nullable InetSocketAddress source;
    private @Nullable InetSocketAddress destination;

    /** How many more bytes are the header's for certain; {@link #COMPLETE} or {@link #BROKEN} when it is over. */
    public int wants() {
        return wants;
    }

    /** Takes bytes, no more than are wanted. */
    public void take(byte[] from, int start, int count) {
        if (count > wants) {
            throw new IllegalArgumentException("more bytes than are the header's: " + count + " of " + wants);
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, length + Math.max(count, wants));
        }
        System.arraycopy(from, start, bytes, length, count);
        length += count;
        wants = examine();
    }

    /** The client; null when the sender speaks for itself, or does not know. Both addresses are known, or none. */
    public @Nullable InetSocketAddress source() {
        return source;
    }

    /** Where the client connected to. */
    public @Nullable InetSocketAddress destination() {
        return destination;
    }

    private int examine() {
        boolean text = isPrefix(TEXT);
        if (!text && !isPrefix(ProxyHeader.SIGNATURE)) {
            return BROKEN;
        }
        if (length < SHORTEST) {
            return SHORTEST - length;
        }
        return text ? examineText() : examineBinary();
    }

    private boolean isPrefix(byte[] expected) {
        int compared = Math.min(length, expected.length);
        return Arrays.equals(bytes, 0, compared, expected, 0, compared);
    }

    // Version 1.

    private int examineText() {
        int spaces = 0;
        for (int at = 0; at < length; at++) {
            boolean last = at == length - 1;
            if (bytes[at] == ' ') {
                spaces++;
            } else if (bytes[at] == '\n') {
                return last && bytes[at - 1] == '\r' ? parseText() : BROKEN;
            } else if (bytes[at] == '\r' && !last && bytes[at + 1] != '\n') {
                return BROKEN;
            }
        }
        int least = leastText(spaces);
        return length + least > MAX_TEXT ? BROKEN : least;
    }

    /** What a version 1 header is short of at the least: a byte for each field, the spaces between, the line end. */
    private int leastText(int spaces) {
        byte last = bytes[length - 1];
        if (last == '\r') {
            return 1;
        }
        if (isUnknown() || spaces >= FIELDS - 1) {
            return last == ' ' && !isUnknown() ? 3 : 2;
        }
        return 2 * (FIELDS - 1 - spaces) + 2 + (last == ' ' ? 1 : 0);
    }

    private boolean isUnknown() {
        return bytes[TEXT.length] == 'U';
    }

    private int parseText() {
        String line = new String(bytes, 0, length - 2, StandardCharsets.ISO_8859_1);
        String[] fields = line.split(" ", -1);
        if (fields[1].equals(UNKNOWN)) {
            return COMPLETE;
        }
        boolean four = fields[1].equals("TCP4");
        if (fields.length != FIELDS || (!four && !fields[1].equals("TCP6"))) {
            return BROKEN;
        }
        byte @Nullable [] from = four ? four(fields[2]) : six(fields[2]);
        byte @Nullable [] to = four ? four(fields[3]) : six(fields[3]);
        int fromPort = decimal(fields[4], 65_535);
        int toPort = decimal(fields[5], 65_535);
        if (from == null || to == null || fromPort < 0 || toPort < 0) {
            return BROKEN;
        }
        source = ProxyHeader.socketAddress(from, fromPort);
        destination = ProxyHeader.socketAddress(to, toPort);
        return COMPLETE;
    }

    private static byte @Nullable [] four(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        if (parts.length != address.length) {
            return null;
        }
        for (int at = 0; at < address.length; at++) {
            int part = decimal(parts[at], 255);
            if (part < 0) {
                return null;
            }
            address[at] = (byte) part;
        }
        return address;
    }

    private static byte @Nullable [] six(String text) {
        if (text.indexOf(':') < 0 || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException wrong) {
            return null;
        }
    }

    /** The number in canonical form; negative when it is none. */
    private static int decimal(String text, int most) {
        boolean canonical = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        int value = canonical ? Integer.parseInt(text) : -1;
        return value <= most ? value : -1;
    }

    // Version 2.

    private int examineBinary() {
        if (length < ProxyHeader.FIXED) {
            return ProxyHeader.FIXED - length;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, 0, length);
        int command = header.get(ProxyHeader.SIGNATURE.length) & 0xFF;
        int family = header.get(ProxyHeader.SIGNATURE.length + 1) & 0xFF;
        int extent = header.getShort(ProxyHeader.SIGNATURE.length + 2) & 0xFFFF;
        boolean known = (command == ProxyHeader.COMMAND_PROXY || command == ProxyHeader.COMMAND_LOCAL)
                && family >> 4 <= 3 && (family & 0xF) <= 2;
        if (!known || extent > MAX_EXTENT || (command == ProxyHeader.COMMAND_PROXY && extent < addresses(family))) {
            return BROKEN;
        }
        int missing = ProxyHeader.FIXED + extent - length;
        return missing > 0 ? missing : parseBinary(header, command, family);
    }

    private static int addresses(int family) {
        return switch (family >> 4) {
            case 1 -> ProxyHeader.ADDRESSES_4;
            case 2 -> ProxyHeader.ADDRESSES_6;
            case 3 -> 216;
            default -> 0;
        };
    }

    private int parseBinary(ByteBuffer header, int command, int family) {
        if (command == ProxyHeader.COMMAND_LOCAL) {
            return COMPLETE;
        }
        header.position(ProxyHeader.FIXED + addresses(family));
        if (!extensionsHold(header)) {
            return BROKEN;
        }
        // Other families and transports say nothing about the client of a TCP connection.
        if (family == ProxyHeader.OVER_TCP4 || family == ProxyHeader.OVER_TCP6) {
            byte[] from = new byte[family == ProxyHeader.OVER_TCP4 ? 4 : 16];
            byte[] to = new byte[from.length];
            header.position(ProxyHeader.FIXED).get(from).get(to);
            source = ProxyHeader.socketAddress(from, header.getShort() & 0xFFFF);
            destination = ProxyHeader.socketAddress(to, header.getShort() & 0xFFFF);
        }
        return COMPLETE;
    }

    /** Whether the extensions fill their room exactly, and a checksum among them is right. */
    private boolean extensionsHold(ByteBuffer header) {
        while (header.hasRemaining()) {
            if (header.remaining() < EXTENSION_HEAD) {
                return false;
            }
            int type = header.get() & 0xFF;
            int size = header.getShort() & 0xFFFF;
            if (size > header.remaining()
                    || (type == CHECKSUM_TYPE && (size != CHECKSUM_SIZE || !isChecksum(header.position())))) {
                return false;
            }
            header.position(header.position() + size);
        }
        return true;
    }

    /** The checksum covers the header with zeros in its own place. */
    private boolean isChecksum(int at) {
        byte[] zeroed = Arrays.copyOf(bytes, length);
        Arrays.fill(zeroed, at, at + CHECKSUM_SIZE, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(zeroed);
        return (int) sum.getValue() == ByteBuffer.wrap(bytes).getInt(at);
    }
}
