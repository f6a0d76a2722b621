package io.halite.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.tcp.ClientHello.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ClientHelloTest {

    /** What the JDK's TLS sends first; one record. */
    private static byte[] real(String name) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        if (!name.isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
        }
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** A hello with one extension. */
    private static byte[] made(int type, byte[] extension) {
        ByteBuffer body = ByteBuffer.allocate(20_000);
        body.putShort((short) 0x303).put(new byte[32]).put((byte) 0).putShort((short) 2).putShort((short) 0x1301)
                .put((byte) 1).put((byte) 0);
        body.putShort((short) (extension.length + 4)).putShort((short) type).putShort((short) extension.length)
                .put(extension);
        return framed(body.flip());
    }

    private static byte[] framed(ByteBuffer body) {
        return ByteBuffer.allocate(body.remaining() + 9).put((byte) 22).putShort((short) 0x301)
                .putShort((short) (body.remaining() + 4)).put((byte) 1).put((byte) 0)
                .putShort((short) body.remaining()).put(body).array();
    }

    private static byte[] name(int type, String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(text.length + 5).putShort((short) (text.length + 3)).put((byte) type)
                .putShort((short) text.length).put(text).array();
    }

    /** The same message in records of other sizes. */
    private static byte[] inRecords(byte[] hello, SplittableRandom random, int most) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 5; at < hello.length; ) {
            int size = Math.min(hello.length - at, random.nextInt(most) + 1);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (size >> 8), (byte) size});
            out.write(hello, at, size);
            at += size;
        }
        return out.toByteArray();
    }

    private static Progress all(ClientHello hello, byte[] bytes) {
        return hello.take(bytes, 0, bytes.length);
    }

    private static Progress of(byte[] bytes) {
        return all(new ClientHello(), bytes);
    }

    @Test
    void theNameOfARealHello() throws Exception {
        ClientHello hello = new ClientHello();
        assertEquals(Progress.COMPLETE, all(hello, real("Shop.Example.com")));
        assertEquals("shop.example.com", hello.serverName());
        ClientHello nameless = new ClientHello();
        assertEquals(Progress.COMPLETE, all(nameless, real("")));
        assertNull(nameless.serverName());
    }

    /** However it is cut into records and pieces; what follows is nobody's business here. */
    @Test
    void fragments() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        byte[] whole = real("shop.example.com");
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = inRecords(whole, random, random.nextBoolean() ? 3 : 400);
            ClientHello hello = new ClientHello();
            Progress progress = Progress.MORE;
            int at = 0;
            while (at < bytes.length) {
                assertEquals(Progress.MORE, progress);
                int piece = Math.min(bytes.length - at, random.nextInt(random.nextBoolean() ? 2 : 600) + 1);
                progress = hello.take(bytes, at, at + piece);
                at += piece;
            }
            assertEquals(Progress.COMPLETE, progress);
            assertEquals("shop.example.com", hello.serverName());
            assertEquals(Progress.COMPLETE, hello.take(bytes, 0, bytes.length));
        }
    }

    @Test
    void namesAsTheyMayBeWritten() {
        ClientHello dotted = new ClientHello();
        assertEquals(Progress.COMPLETE, all(dotted, made(0, name(0, "a.example."))));
        assertEquals("a.example", dotted.serverName());
        // Another type of name, none of them a host's.
        ClientHello other = new ClientHello();
        assertEquals(Progress.COMPLETE, all(other, made(0, name(7, "x"))));
        assertNull(other.serverName());
        assertEquals(Progress.COMPLETE, of(made(0, name(0, "a".repeat(255)))));
        assertEquals(Progress.BROKEN, of(made(0, name(0, "a".repeat(256)))));
        assertEquals(Progress.BROKEN, of(made(0, name(0, ""))));
        assertEquals(Progress.BROKEN, of(made(0, new byte[] {0, 0})));
        assertEquals(Progress.BROKEN, of(made(0, new byte[0])));
        byte[] twice = ByteBuffer.allocate(10).putShort((short) 8).put((byte) 0).putShort((short) 1).put((byte) 'a')
                .put((byte) 0).putShort((short) 1).put((byte) 'b').array();
        assertEquals(Progress.BROKEN, of(made(0, twice)));
    }

    @Test
    void whatIsNoHello() {
        assertEquals(Progress.NOT_TLS, of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(Progress.NOT_TLS, of(new byte[] {22, 2}));
        assertEquals(Progress.MORE, of(new byte[] {22, 3}));
        // An alert, a record without content, one that is too long, another message.
        assertEquals(Progress.NOT_TLS, of(new byte[] {21, 3, 1, 0, 2, 2, 40}));
        assertEquals(Progress.BROKEN, of(new byte[] {22, 3, 1, 0, 0}));
        assertEquals(Progress.BROKEN, of(new byte[] {22, 3, 1, 0x40, 1}));
        assertEquals(Progress.BROKEN, of(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0}));
        // Something else in the middle of the message.
        assertEquals(Progress.BROKEN, of(new byte[] {22, 3, 1, 0, 1, 1, 23}));
        assertEquals(Progress.TOO_LARGE, of(new byte[] {22, 3, 1, 0, 4, 1, 0, 0x40, 1}));
        assertEquals(Progress.TOO_LARGE, of(new byte[] {22, 3, 1, 0, 4, 1, 1, 0, 0}));
    }

    @Test
    void anOldClientsHelloHasNoExtensions() {
        ByteBuffer body = ByteBuffer.allocate(200);
        body.putShort((short) 0x303).put(new byte[32]).put((byte) 0).putShort((short) 2).putShort((short) 0x2f)
                .put((byte) 1).put((byte) 0);
        ClientHello hello = new ClientHello();
        assertEquals(Progress.COMPLETE, all(hello, framed(body.flip())));
        assertNull(hello.serverName());
    }

    /** Garbage and near misses never throw, and never read a name that is too long. */
    @Test
    void garbage() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] seeds = {real("shop.example.com"), made(0, name(0, "a.example")), real("")};
        int complete = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ClientHello hello = new ClientHello();
            Progress progress = hello.take(bytes, 0, random.nextInt(bytes.length) + 1);
            String name = hello.serverName();
            assertTrue(name == null || name.length() <= 255);
            complete += progress == Progress.COMPLETE ? 1 : 0;
        }
        assertNotEquals(0, complete);
    }

    @Test
    void poolsByName() {
        ServerNames names = new ServerNames(java.util.Map.of("a.example", "exact", "*.example", "wide",
                "*.deep.example", "deep"));
        assertEquals("exact", names.pool("a.example"));
        assertEquals("wide", names.pool("b.example"));
        assertEquals("wide", names.pool("b.a.example"));
        assertEquals("deep", names.pool("x.deep.example"));
        assertEquals("wide", names.pool("deep.example"));
        assertNull(names.pool("example"));
        assertNull(names.pool(".example"));
        assertNull(names.pool("other"));
    }
}
