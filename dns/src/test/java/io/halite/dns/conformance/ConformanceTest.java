package io.halite.dns.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Queries as bytes and what must come back, each case named by the RFC and section it is from (or ISC's EDNS compliance
 * set); over a real socket.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
    /** payments.lb.example.net, as it stands in a question. */
    private static final String NAME = "087061796d656e7473026c62076578616d706c65036e657400";
    private static final String A_IN = "00010001";
    private static final String QUESTION = NAME + A_IN;

    private final DnsResponder responder = Responders.start(
            Responders.settings(Engine.AUTO, 2).withStreams(Duration.ofSeconds(5), 50, 5), SampleZones.state(),
            SampleZones.nodes(), new FakeHealth());
    private InetSocketAddress address = new InetSocketAddress(0);

    @BeforeAll
    void open() {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), responder.address().orElseThrow().getPort());
    }

    @AfterAll
    void close() {
        responder.close();
    }

    private Message ask(String hex) throws IOException {
        return new Message(Responders.exchange(responder, HexFormat.of().parseHex(hex)));
    }

    private static String header(String flags, int questions, int additional) {
        return "abcd" + flags + "%04x00000000%04x".formatted(questions, additional);
    }

    private static String opt(int size, int version, int flags, String options) {
        return "000029%04x00%02x%04x%04x%s".formatted(size, version, flags, options.length() / 2, options);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "RFC 9619: two questions,                      0000, 2, 0, QQ, FORMERR",
        "RFC 1035 4.1.1: opcode STATUS,                1000, 1, 0, Q,  NOTIMP",
        "RFC 8906 3.1.2: opcode 15,                    7800, 1, 0, Q,  NOTIMP",
        "RFC 2136: UPDATE,                             2800, 1, 0, Q,  NOTIMP",
        "RFC 1035: no question,                        0000, 0, 0, '', FORMERR",
        "RFC 1035: question cut off,                   0000, 1, 0, T,  FORMERR",
        "RFC 1035 4.1.4: pointer in the question,      0000, 1, 0, P,  FORMERR",
        "RFC 1035 2.3.4: label above 63,               0000, 1, 0, L,  FORMERR",
        "RFC 1035: bytes after the last record,        0000, 1, 0, QZ, FORMERR",
        "RFC 6891 6.1.1: two OPT,                      0000, 1, 2, QOO, FORMERR",
        "RFC 6891 6.1.2: OPT not owned by the root,    0000, 1, 1, QN, FORMERR",
        "RFC 6891 6.1.3: version 1,                    0000, 1, 1, QV, BADVERS",
        "ISC ednsopt1: version 1 with an option,       0000, 1, 1, QW, BADVERS",
        "RFC 6891 6.1.2: option longer than the OPT,   0000, 1, 1, QX, FORMERR",
        "RFC 7873 5.2.2: cookie of 7 bytes,            0000, 1, 1, QC7, FORMERR",
        "RFC 7873 5.2.2: cookie of 12 bytes,           0000, 1, 1, QC12, FORMERR",
        "RFC 7873 5.2.2: cookie of 41 bytes,           0000, 1, 1, QC41, FORMERR",
        "RFC 7871 7.1.2: scope not 0,                  0000, 1, 1, QE1, FORMERR",
        "RFC 7871 7.1.1: bits beyond the prefix,       0000, 1, 1, QE2, FORMERR",
        "RFC 7871 7.1.2: unknown family,               0000, 1, 1, QE3, FORMERR",
        "RFC 7871 6: more bytes than the prefix needs, 0000, 1, 1, QE4, FORMERR",
        "RFC 7871 6: prefix of 33,                     0000, 1, 1, QE5, FORMERR",
        "RFC 6895 3.1: question of type OPT,           0000, 1, 0, M41, FORMERR",
        "RFC 1035 3.2.3: question of type MAILA,       0000, 1, 0, M254, NOTIMP",
        "RFC 5936 2: AXFR over UDP,                    0000, 1, 0, M252, FORMERR",
        "RFC 1035: class CHAOS,                        0000, 1, 0, CH, REFUSED",
        "RFC 8906 3.2.1: EDNS,                         0000, 1, 1, QO, NOERROR",
        "RFC 8906 3.2.2: unknown option,               0000, 1, 1, QU, NOERROR",
        "RFC 8906 3.1.3: Z flag,                       0040, 1, 0, Q,  NOERROR",
        "RFC 8906: TC in a query,                      0200, 1, 0, Q,  NOERROR",
        "RFC 8906 3.1.1: unknown type,                 0000, 1, 0, M1000, NOERROR",
        "RFC 7873 5.4: cookie without a question,      0000, 0, 1, C8, NOERROR",
        "RFC 7873: client cookie,                      0000, 1, 1, QC8, NOERROR",
        "RFC 7828 3.2.1: keepalive over UDP,           0000, 1, 1, QK, NOERROR",
    })
    void codes(String rule, String flags, int questions, int additional, String body, String expected)
            throws IOException {
        Message answer = ask(header(flags, questions, additional) + body(body));
        assertEquals(expected, Rcode.string(answer.getRcode()), rule);
        assertEquals(0xABCD, answer.getHeader().getID());
        assertTrue(answer.getHeader().getFlag(Flags.QR));
        for (int flag : new int[] {Flags.TC, Flags.RA, Flags.AD, Flags.CD}) {
            assertFalse(answer.getHeader().getFlag(flag), rule);
        }
        // An OPT in the wrong place is none.
        boolean edns = additional > 0 && !body.equals("QN");
        assertEquals(edns, answer.getOPT() != null, "RFC 6891 6.1.1: OPT is answered with OPT");
        if (edns) {
            assertEquals(0, answer.getOPT().getVersion());
            assertEquals(0, answer.getOPT().getFlags());
        }
    }

    private static String body(String name) {
        return switch (name) {
            case "" -> "";
            case "Q" -> QUESTION;
            case "QQ" -> QUESTION + QUESTION;
            case "T" -> NAME + "0001";
            case "P" -> "c00c" + A_IN;
            case "L" -> "40" + "61".repeat(64) + "00" + A_IN;
            case "QZ" -> QUESTION + "00";
            case "QO" -> QUESTION + opt(4096, 0, 0, "");
            case "QOO" -> QUESTION + opt(4096, 0, 0, "") + opt(4096, 0, 0, "");
            case "QN" -> QUESTION + "0161" + opt(4096, 0, 0, "");
            case "QV" -> QUESTION + opt(4096, 1, 0, "");
            case "QW" -> QUESTION + opt(4096, 1, 0, "00640000");
            case "QX" -> QUESTION + opt(4096, 0, 0, "00640005");
            case "QU" -> QUESTION + opt(4096, 0, 0, "006400021234");
            case "QK" -> QUESTION + opt(4096, 0, 0, "000b0000");
            case "QE1" -> QUESTION + opt(4096, 0, 0, "0008000700011818c00002");
            case "QE2" -> QUESTION + opt(4096, 0, 0, "0008000700011700c00003");
            case "QE3" -> QUESTION + opt(4096, 0, 0, "0008000700031800c00002");
            case "QE4" -> QUESTION + opt(4096, 0, 0, "0008000800011800c0000200");
            case "QE5" -> QUESTION + opt(4096, 0, 0, "0008000900012100c000020100");
            case "CH" -> NAME + "00010003";
            case "C8" -> opt(4096, 0, 0, "000a00080102030405060708");
            default -> name.startsWith("M")
                    ? NAME + "%04x0001".formatted(Integer.parseInt(name.substring(1)))
                    : QUESTION + opt(4096, 0, 0, cookie(Integer.parseInt(name.substring(2))));
        };
    }

    private static String cookie(int length) {
        return "000a%04x%s".formatted(length, "42".repeat(length));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"response, abcd8000000100000000000", "too short, abcd00000001000000", "empty, ''"})
    void whatMayNotBeAnsweredIsNot(String rule, String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(300);
            socket.send(new DatagramPacket(bytes, bytes.length, address));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            assertThrows(SocketTimeoutException.class, () -> socket.receive(answer),
                    rule);
        }
    }

    @Test
    void rfc2308NegativeAnswersCarryTheSoaWithTheTimeToRemember() throws IOException {
        Message missing = Responders.ask(responder, "nothing.lb.example.net.", "A");
        assertEquals(Rcode.NXDOMAIN, missing.getRcode());
        assertEquals(30, missing.getSection(Section.AUTHORITY).getFirst().getTTL());
        Message noData = Responders.ask(responder, "payments.lb.example.net.", "MX");
        assertEquals(Rcode.NOERROR, noData.getRcode());
        assertEquals(Type.SOA, noData.getSection(Section.AUTHORITY).getFirst().getType());
        assertTrue(noData.getHeader().getFlag(Flags.AA));
    }

    @Test
    void rfc8482AnyGetsOneSmallRecord() throws IOException {
        Message any = Responders.ask(responder, "payments.lb.example.net.", "ANY");
        assertEquals(Type.HINFO, any.getSection(Section.ANSWER).getFirst().getType());
        assertEquals(1, any.getSection(Section.ANSWER).size());
    }

    @Test
    void outsideEveryZoneIsRefusedWithoutAuthority() throws IOException {
        Message refused = Responders.ask(responder, "www.example.com.", "A");
        assertEquals(Rcode.REFUSED, refused.getRcode());
        assertFalse(refused.getHeader().getFlag(Flags.AA));
    }

    @Test
    void rfc2181WhatDoesNotFitIsTruncatedAndWholeOverTcp() throws IOException {
        Message small = Responders.ask(responder, Responders.query("big.lb.example.net.", Type.TXT), false);
        assertTrue(small.getHeader().getFlag(Flags.TC));
        assertEquals(0, small.getSection(Section.ANSWER).size());
        Message edns = Responders.ask(responder, Responders.ednsQuery("big.lb.example.net.", Type.TXT), false);
        assertTrue(edns.getHeader().getFlag(Flags.TC));
        assertTrue(edns.getOPT() != null, "the OPT stays");
        Message whole = Responders.ask(responder, Responders.query("big.lb.example.net.", Type.TXT), true);
        assertEquals(3, whole.getSection(Section.ANSWER).size());
    }

    @Test
    void rfc7766ManyQueriesOnOneConnectionAreAllAnsweredHoweverTheyAreCut() throws IOException {
        byte[] query = HexFormat.of().parseHex(header("0000", 1, 0) + QUESTION);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(120_000);
            OutputStream out = socket.getOutputStream();
            byte[] frames = new byte[50 * (query.length + 2)];
            for (int i = 0; i < 50; i++) {
                frames[i * (query.length + 2) + 1] = (byte) query.length;
                System.arraycopy(query, 0, frames, i * (query.length + 2) + 2, query.length);
            }
            out.write(frames, 0, 1001);
            for (int at = 1001; at < 1101; at++) {
                out.write(frames, at, 1);
            }
            out.write(frames, 1101, frames.length - 1101);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 50; i++) {
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                assertEquals(3, new Message(answer).getSection(Section.ANSWER).size());
            }
            assertEquals(-1, in.read(), "RFC 7766 6.2.3: an idle connection is closed in the end");
        }
    }

    @Test
    void rfc7828AKeepaliveIsToldOverTcpOnly() throws IOException {
        byte[] query = HexFormat.of().parseHex(header("0000", 1, 1) + body("QK"));
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(new byte[] {0, (byte) query.length});
            socket.getOutputStream().write(query);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            assertEquals("000b00020032", HexFormat.of().formatHex(answer, answer.length - 6, answer.length));
        }
    }

    @Test
    void dns0x20TheQuestionComesBackAsItWasSpelled() throws IOException {
        byte[] query = HexFormat.of().parseHex(header("0100", 1, 0) + "08504159" + QUESTION.substring(8));
        byte[] answer = Responders.exchange(responder, query);
        assertEquals(HexFormat.of().formatHex(query, 12, query.length),
                HexFormat.of().formatHex(answer, 12, query.length));
        assertTrue(new Message(answer).getHeader().getFlag(Flags.RD));
    }

    @Test
    void rfc4592AWildcardAnswersUnderTheNameAskedFor() throws IOException {
        Message answer = Responders.ask(responder, "any.wild.lb.example.net.", "A");
        assertEquals("any.wild.lb.example.net.", answer.getSection(Section.ANSWER).getFirst().getName().toString());
        assertEquals(Rcode.NXDOMAIN, Responders.ask(responder, "x.b.c.lb.example.net.", "A").getRcode());
        assertEquals(Rcode.NOERROR, Responders.ask(responder, "b.c.lb.example.net.", "A").getRcode());
    }

    @Test
    void rfc1034ACnameIsFollowedWithinTheServer() throws IOException {
        List<String> types = Responders.ask(responder, "deep.lb.example.net.", "A").getSection(Section.ANSWER).stream()
                .map(record -> Type.string(record.getType())).collect(Collectors.toList());
        assertEquals(List.of("CNAME", "CNAME", "A"), types);
    }

    @Test
    void aStormOfMalformedPacketsIsSurvived() throws IOException {
        Random random = new Random(99);
        byte[] good = HexFormat.of().parseHex(header("0000", 1, 1) + body("QC8"));
        long sent = 0;
        long received = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1);
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            for (int i = 0; i < 20_000; i++) {
                byte[] packet = random.nextBoolean() ? good.clone() : new byte[random.nextInt(600)];
                for (int n = random.nextInt(10); n >= 0 && packet.length > 0; n--) {
                    packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
                }
                byte[] cut = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
                socket.send(new DatagramPacket(cut, cut.length, address));
                sent += cut.length;
                if (i % 50 == 0) {
                    received += drain(socket, answer);
                }
            }
        }
        assertTrue(received < sent, "no amplifier: " + received + " of " + sent);
        assertEquals(3, ask(header("0000", 1, 0) + QUESTION).getSection(Section.ANSWER).size());
    }

    private static long drain(DatagramSocket socket, DatagramPacket answer) throws IOException {
        long bytes = 0;
        try {
            for (int i = 0; i < 200; i++) {
                answer.setLength(4096);
                socket.receive(answer);
                bytes += answer.getLength();
            }
        } catch (SocketTimeoutException empty) {
            return bytes;
        }
        return bytes;
    }
}
