package io.halite.dns.xdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Client;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Frames that come and go, built and taken apart here by the plain words of the RFCs. */
class FrameTest {
    private static final int ROOM = 2048;
    /** Frames begin anywhere. */
    private static final int START = 256;
    private static final byte[] NODE = {2, 0, 0, 0, 0, 1};
    private static final byte[] SENDER = {2, 0, 0, 0, 0, 2};
    private static final int NODE_PORT = 53;

    private final MemorySegment memory = Arena.ofAuto().allocate(ROOM + Bytes.PADDING, 8);
    private final Frame frame = new Frame(memory);

    /** A frame in the making; sums are right unless something is changed after {@link #sums}. */
    record Datagram(ByteBuffer bytes, boolean ipv6) {

        static Datagram of(InetAddress from, InetAddress to, int port, byte[] message) {
            byte[] source = from.getAddress();
            boolean ipv6 = source.length == 16;
            ByteBuffer frame = ByteBuffer.allocate(14 + (ipv6 ? 40 : 20) + 8 + message.length);
            frame.put(NODE).put(SENDER).putShort((short) (ipv6 ? 0x86DD : 0x0800));
            int datagram = 8 + message.length;
            if (ipv6) {
                frame.putInt(0x6012_3456).putShort((short) datagram).put((byte) 17).put((byte) 57);
            } else {
                frame.putShort((short) 0x4502).putShort((short) (20 + datagram)).putInt(0x1234_0000)
                        .put((byte) 57).put((byte) 17).putShort((short) 0);
            }
            frame.put(source).put(to.getAddress());
            frame.putShort((short) port).putShort((short) NODE_PORT).putShort((short) datagram).putShort((short) 0);
            frame.put(message);
            return new Datagram(frame, ipv6).sums();
        }

        Datagram sums() {
            if (!ipv6) {
                bytes.putShort(24, (short) 0);
                bytes.putShort(24, (short) ~sum(0, 14, 34));
            }
            bytes.putShort(udp() + 6, (short) 0);
            int sum = ~sum(pseudo(), udp(), bytes.capacity()) & 0xFFFF;
            bytes.putShort(udp() + 6, (short) (sum == 0 ? 0xFFFF : sum));
            return this;
        }

        int udp() {
            return ipv6 ? 54 : 34;
        }

        int pseudo() {
            int datagram = bytes.capacity() - udp();
            return sum(17 + datagram, ipv6 ? 22 : 26, udp());
        }

        private int sum(int first, int from, int to) {
            long sum = first;
            for (int i = from; i < to; i += 2) {
                sum += (bytes.get(i) & 0xFF) << 8 | (i + 1 < to ? bytes.get(i + 1) & 0xFF : 0);
            }
            while (sum > 0xFFFF) {
                sum = (sum & 0xFFFF) + (sum >>> 16);
            }
            return (int) sum;
        }

        byte[] part(int from, int to) {
            byte[] part = new byte[to - from];
            bytes.get(from, part);
            return part;
        }

        boolean hasGoodSums() {
            return (ipv6 || sum(0, 14, 34) == 0xFFFF) && sum(pseudo(), udp(), bytes.capacity()) == 0xFFFF;
        }
    }

    private boolean takes(Datagram datagram) {
        return takes(datagram, datagram.bytes.capacity());
    }

    private boolean takes(Datagram datagram, int length) {
        memory.asSlice(START).copyFrom(MemorySegment.ofBuffer(datagram.bytes.clear()));
        frame.point(START);
        return frame.isSound(length);
    }

    private static byte[] message(RandomGenerator random, int length) {
        byte[] message = new byte[length];
        random.nextBytes(message);
        return message;
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static InetAddress sender(RandomGenerator random, boolean ipv6) {
        return address(ipv6 ? "2001:db8::" + Integer.toHexString(random.nextInt(1, 0xFFFF))
                : "192.0.2." + random.nextInt(1, 255));
    }

    @Test
    void anyQueryIsTurnedAroundAndItsSumsAreRight() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4711);
        for (int i = 0; i < 20_000; i++) {
            boolean ipv6 = random.nextBoolean();
            InetAddress from = sender(random, ipv6);
            InetAddress to = address(ipv6 ? "2001:db8:1::53" : "198.51.100.53");
            int port = random.nextInt(1, 65_536);
            byte[] query = message(random, random.nextInt(0, 600));
            assertTrue(takes(Datagram.of(from, to, port, query)));
            assertEquals(query.length, frame.size());
            assertArrayEquals(query,
                    memory.asSlice(frame.payload(), frame.size()).toArray(ValueLayout.JAVA_BYTE));
            Client client = new Client();
            frame.readClient(client);
            assertEquals(from.getHostAddress().replace(":0:0:0:0:0:", "::"), client.toString());
            assertEquals(from, frame.sender());

            byte[] answer = message(random, random.nextInt(12, 1233));
            MemorySegment.copy(answer, 0, memory, ValueLayout.JAVA_BYTE, frame.payload(), answer.length);
            int length = frame.turnAround(answer.length);
            Datagram sent = new Datagram(
                    ByteBuffer.wrap(memory.asSlice(START, length).toArray(ValueLayout.JAVA_BYTE)), ipv6);
            assertTrue(sent.hasGoodSums());
            assertArrayEquals(SENDER, sent.part(0, 6));
            assertArrayEquals(NODE, sent.part(6, 12));
            // What is not of the addresses, the ports and the sums is the same as of a query the other way.
            Datagram like = Datagram.of(to, from, NODE_PORT, answer);
            assertEquals(port, sent.bytes.getShort(sent.udp() + 2) & 0xFFFF);
            assertArrayEquals(like.part(ipv6 ? 22 : 26, like.udp() + 2),
                    sent.part(ipv6 ? 22 : 26, sent.udp() + 2));
            assertArrayEquals(answer, sent.part(sent.udp() + 8, length));
        }
    }

    @Test
    void aBitThatFlippedIsNoticed() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4711);
        for (int i = 0; i < 20_000; i++) {
            boolean ipv6 = random.nextBoolean();
            Datagram datagram = Datagram.of(sender(random, ipv6), address(ipv6 ? "2001:db8::53" : "198.51.100.53"),
                    random.nextInt(1, 65_536), message(random, random.nextInt(1, 100)));
            // The hop limit and flow label of IPv6 are in no sum.
            int at = random.nextInt(ipv6 ? 22 : 14, datagram.bytes.capacity());
            int bit = 1 << random.nextInt(8);
            datagram.bytes.put(at, (byte) (datagram.bytes.get(at) ^ bit));
            // One sum in 65,536 becomes one that tells nothing.
            int told = datagram.bytes.getShort(datagram.udp() + 6) & 0xFFFF;
            boolean tells = told != datagram.pseudo() && (ipv6 || told != 0);
            assertFalse(tells && takes(datagram), "byte " + at + " bit " + bit);
        }
    }

    @Test
    void aSumThatHardwareWasToFinishAndNoSumAreTaken() {
        InetAddress from4 = address("192.0.2.9");
        InetAddress to4 = address("198.51.100.53");
        InetAddress from6 = address("2001:db8::9");
        InetAddress to6 = address("2001:db8::53");
        byte[] message = new byte[40];
        message[3] = 77;
        for (Datagram datagram : List.of(Datagram.of(from4, to4, 4711, message), Datagram.of(from6, to6, 4711, message))) {
            datagram.bytes.putShort(datagram.udp() + 6, (short) datagram.pseudo());
            assertTrue(takes(datagram));
            datagram.bytes.putShort(datagram.udp() + 6, (short) 0);
            assertEquals(!datagram.ipv6, takes(datagram), "RFC 8200 section 8.1: IPv6 needs a sum");
        }
    }

    @Test
    void whoCannotBeAnsweredIsNot() {
        byte[] message = new byte[30];
        for (String martian : List.of("0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255")) {
            assertFalse(takes(Datagram.of(address(martian), address("198.51.100.53"), 4711, message)), martian);
        }
        for (String martian : List.of("::", "::1", "ff02::1", "ff0e::1")) {
            assertFalse(takes(Datagram.of(address(martian), address("2001:db8::53"), 4711, message)), martian);
        }
        assertFalse(takes(Datagram.of(address("192.0.2.9"), address("198.51.100.53"), 0, message)));
        assertTrue(takes(Datagram.of(address("fe80::9"), address("fe80::53"), 4711, message)));
        for (String own : List.of("198.51.100.53", "fe80::53")) {
            assertFalse(takes(Datagram.of(address(own), address(own), 53, message)), own);
        }
        Datagram group = Datagram.of(address("192.0.2.9"), address("198.51.100.53"), 4711, message);
        group.bytes.put(6, (byte) 0x33);
        assertFalse(takes(group), "its Ethernet address is of many");
    }

    @Test
    void lengthsThatDoNotFitAreRefusedAndEthernetMayPad() {
        Datagram datagram = Datagram.of(address("192.0.2.9"), address("198.51.100.53"), 4711, new byte[17]);
        int whole = datagram.bytes.capacity();
        assertTrue(takes(datagram, whole + 20));
        assertEquals(17, frame.size());
        assertFalse(takes(datagram, whole - 1));
        datagram.bytes.putShort(datagram.udp() + 4, (short) (8 + 18));
        assertFalse(takes(datagram, whole + 20));
        datagram.bytes.putShort(datagram.udp() + 4, (short) 7);
        assertFalse(takes(datagram, whole + 20));
    }
}
