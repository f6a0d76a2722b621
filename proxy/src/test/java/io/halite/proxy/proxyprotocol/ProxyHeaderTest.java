package io.halite.proxy.proxyprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Upstream.ProxyVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final int SIGNATURE = 12;

    /** Feeds a header and what is behind it, a few bytes at a time; the position that the reader came to, or -1. */
    private static int feed(ProxyHeaderReader reader, byte[] stream, SplittableRandom random) {
        int at = 0;
        while (reader.wants() > 0) {
            if (at == stream.length) {
                return -1;
            }
            int most = Math.min(reader.wants(), stream.length - at);
            int piece = random.nextBoolean() ? most : random.nextInt(most) + 1;
            reader.take(stream, at, piece);
            at += piece;
        }
        return reader.wants() == ProxyHeaderReader.COMPLETE ? at : -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] followed(byte[] header) {
        return ByteBuffer.allocate(header.length + 300).put(header).array();
    }

    private static byte[] binary(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length).put(ProxyHeader.SIGNATURE).put((byte) command).put((byte) family)
                .putShort((short) rest.length).put(rest).array();
    }

    private static ProxyHeaderReader read(byte[] header) {
        ProxyHeaderReader reader = new ProxyHeaderReader();
        assertEquals(header.length, feed(reader, followed(header), new SplittableRandom(1)));
        return reader;
    }

    private static void assertBroken(byte[] header) {
        for (int seed = 0; seed < 5; seed++) {
            ProxyHeaderReader reader = new ProxyHeaderReader();
            feed(reader, followed(header), new SplittableRandom(seed));
            assertEquals(ProxyHeaderReader.BROKEN, reader.wants(), () -> new String(header, StandardCharsets.ISO_8859_1));
        }
    }

    /** Whatever the addresses: what was written is read, and not one byte of what follows. */
    @Test
    void whatIsWrittenIsReadAndNothingBehindIt() throws Exception {
        SplittableRandom random = new SplittableRandom(20_261_125);
        for (int round = 0; round < 5_000; round++) {
            byte[] source = address(random);
            byte[] target = address(random);
            int port = random.nextInt(65_536);
            InetSocketAddress to = new InetSocketAddress(InetAddress.getByAddress(target), random.nextInt(65_536));
            for (ProxyVersion version : ProxyVersion.values()) {
                byte[] header = ProxyHeader.of(version, source, port, to);
                ProxyHeaderReader reader = new ProxyHeaderReader();
                assertEquals(header.length, feed(reader, followed(header), random));
                assertEquals(new InetSocketAddress(InetAddress.getByAddress(source), port), reader.source());
                assertEquals(to, reader.destination());
            }
        }
    }

    private static byte[] address(SplittableRandom random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        if (random.nextInt(8) > 0) {
            random.nextBytes(address);
        }
        return address;
    }

    @Test
    void theTextOfVersionOne() throws Exception {
        InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 443);
        assertEquals("PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\r\n", new String(
                ProxyHeader.of(ProxyVersion.V1, new byte[] {(byte) 192, 0, 2, 7}, 51_234, to), StandardCharsets.US_ASCII));
        // One family for both: an IPv4 address is mapped when the other is IPv6.
        String mixed = new String(ProxyHeader.of(ProxyVersion.V1,
                InetAddress.ofLiteral("2001:db8::1").getAddress(), 1, to), StandardCharsets.US_ASCII);
        assertEquals("PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:ffff:a00:1 1 443\r\n", mixed);
    }

    @Test
    void senderThatSpeaksForItself() {
        for (ProxyVersion version : ProxyVersion.values()) {
            ProxyHeaderReader reader = read(ProxyHeader.ofOurOwn(version));
            assertNull(reader.source());
            assertNull(reader.destination());
        }
        assertNull(read(bytes("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n")).source());
        // Addresses behind a LOCAL command, and those of a Unix socket, say nothing.
        assertNull(read(binary(0x20, 0x11, new byte[12])).source());
        assertNull(read(binary(0x21, 0x00, new byte[0])).source());
        assertNull(read(binary(0x21, 0x31, new byte[216])).source());
        assertNull(read(binary(0x21, 0x12, new byte[12])).source());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443 1\r\n",
        "PROXY  TCP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2.07 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2.256 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 051 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 65536\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n",
        "PROXY TCP4 ::1 ::2 51234 443\r\n",
        "PROXY TCP6 ::1 192.0.2.7 51234 443\r\n",
        "PROXY TCP6 ::1%lo ::2 51234 443\r\n",
        "PROXY TCP6 ::g ::2 51234 443\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY UNKNOWX\r\n  ",
        "proxy TCP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 44\r3\r\n",
        "PROXY UNKNOWN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"})
    void brokenTexts(String header) {
        assertBroken(bytes(header));
    }

    @Test
    void brokenBinaries() {
        assertBroken(binary(0x11, 0x11, new byte[12]));
        assertBroken(binary(0x22, 0x11, new byte[12]));
        assertBroken(binary(0x21, 0x41, new byte[12]));
        assertBroken(binary(0x21, 0x13, new byte[12]));
        assertBroken(binary(0x21, 0x11, new byte[11]));
        assertBroken(binary(0x21, 0x21, new byte[35]));
        assertBroken(binary(0x21, 0x11, new byte[5_000]));
        // An extension that is longer than its room, and one that has no room for its head.
        assertBroken(binary(0x21, 0x11, ByteBuffer.allocate(16).put(12, (byte) 2).putShort(13, (short) 9).array()));
        assertBroken(binary(0x21, 0x11, new byte[14]));
    }

    @Test
    void checksumsAreVerified() {
        byte[] header = binary(0x21, 0x11, ByteBuffer.allocate(19).put(12, (byte) 3).putShort(13, (short) 4).array());
        header[SIGNATURE + 4] = 9;
        CRC32C sum = new CRC32C();
        sum.update(header);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) sum.getValue());
        assertEquals("/9.0.0.0:0", String.valueOf(read(header).source()));
        header[SIGNATURE + 5] = 1;
        assertBroken(header);
    }

    @Test
    void extensionsAreSkipped() {
        byte[] rest = ByteBuffer.allocate(12 + 3 + 200 + 3).put(12, (byte) 2).putShort(13, (short) 200)
                .put(12 + 3 + 200, (byte) 4).array();
        rest[0] = 1;
        assertEquals("/1.0.0.0:0", String.valueOf(read(binary(0x21, 0x11, rest)).source()));
    }

    /** Garbage never does more than break: no exception, no more than the bound read. */
    @Test
    void garbage() {
        SplittableRandom random = new SplittableRandom(7);
        byte[][] seeds = {bytes("PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\r\n"), bytes("PROXY UNKNOWN\r\n"),
            bytes("PROXY TCP6 2001:db8::1 ::1 51234 443\r\n"), binary(0x21, 0x21, new byte[60]),
            binary(0x20, 0, new byte[3])};
        for (int round = 0; round < 50_000; round++) {
            byte[] stream = followed(seeds[random.nextInt(seeds.length)]);
            for (int change = random.nextInt(4); change >= 0; change--) {
                stream[random.nextInt(stream.length - 280)] = (byte) random.nextInt(256);
            }
            ProxyHeaderReader reader = new ProxyHeaderReader();
            int at = feed(reader, stream, random);
            assertTrue(at <= stream.length && reader.wants() <= 4 * 1024 + 16, () -> Arrays.toString(stream));
            assertEquals(reader.source() == null, reader.destination() == null);
        }
    }
}
