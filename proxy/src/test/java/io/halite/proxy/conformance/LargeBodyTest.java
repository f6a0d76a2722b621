package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies far larger than any buffer: they arrive unchanged, and a slow receiver holds the sender back. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class LargeBodyTest {
    private static final int PIECE = 100_000;
    /** Many times what the proxy may hold. */
    private static final int PIECES = 100;
    /** Several times what the system keeps for the four sockets on the way. */
    private static final int FLOOD = 500;

    @Parameter
    Engine engine;

    /** The proxy before a target. */
    Scene scene(ScriptedTarget target) throws IOException, InterruptedException {
        return Scene.before(target, engine);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Sends pieces of random bytes, framed or not, the last of them when it may; their digest. */
    private static byte[] send(Wire wire, boolean chunked, long seed, BooleanSupplier mayEnd) throws IOException {
        Random random = new Random(seed);
        MessageDigest digest = digest();
        byte[] piece = new byte[PIECE];
        for (int count = 1; count <= PIECES; count++) {
            if (count == PIECES) {
                await().until(mayEnd::getAsBoolean);
            }
            random.nextBytes(piece);
            digest.update(piece);
            if (chunked) {
                wire.send(Integer.toHexString(PIECE) + "\r\n").send(piece).send("\r\n");
            } else {
                wire.send(piece);
            }
        }
        if (chunked) {
            wire.send("0\r\n\r\n");
        }
        return digest.digest();
    }

    /** Reads what {@link #send} sent. */
    private static byte[] receive(Wire wire, boolean chunked, int pieces) throws IOException {
        InputStream in = wire.in();
        MessageDigest digest = digest();
        String size = Integer.toHexString(PIECE) + "\r\n";
        for (int count = 0; count < pieces; count++) {
            if (chunked) {
                assertEquals(size, wire.read(size.length()));
            }
            digest.update(in.readNBytes(PIECE));
            if (chunked) {
                assertEquals("\r\n", wire.read(2));
            }
        }
        if (chunked) {
            assertEquals("0\r\n\r\n", wire.read(5));
        }
        return digest.digest();
    }

    private static void skipHead(Wire wire) throws IOException {
        String tail = "";
        while (!tail.endsWith("\r\n\r\n")) {
            String octet = wire.read(1);
            if (octet.isEmpty()) {
                throw new IOException("ended in a head");
            }
            tail += octet;
        }
    }

    private static String framing(boolean chunked, int pieces) {
        return chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + (long) PIECE * pieces + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothWaysAtOnce(boolean chunked) throws Exception {
        AtomicReference<byte[]> received = new AtomicReference<>(new byte[0]);
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            skipHead(wire);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    wire.send("HTTP/1.1 200 OK\r\n" + framing(chunked, PIECES));
                    sent.set(send(wire, chunked, 1, () -> received.get().length > 0));
                } catch (IOException failed) {
                    self.note("target could not send");
                }
            });
            received.set(receive(wire, chunked, PIECES));
            try {
                sender.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            wire.readAll();
        });
        try (Scene scene = scene(target); Wire client = scene.client()) {
            AtomicReference<byte[]> uploaded = new AtomicReference<>(new byte[0]);
            Thread uploader = Thread.ofVirtual().start(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(chunked, PIECES));
                    uploaded.set(send(client, chunked, 2, () -> true));
                } catch (IOException failed) {
                    target.note("client could not send");
                }
            });
            skipHead(client);
            byte[] downloaded = receive(client, chunked, PIECES);
            uploader.join();
            await().until(() -> received.get().length > 0);
            assertArrayEquals(uploaded.get(), received.get());
            assertArrayEquals(awaitDigest(sent), downloaded);
        }
    }

    /** Nothing piles up in the proxy while the client sleeps: the target's sending stops, then goes on. */
    @Test
    void aSlowClientHoldsTheTargetBack() throws Exception {
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        int[] pieces = {0};
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\n" + framing(false, FLOOD));
            Random random = new Random(3);
            MessageDigest digest = digest();
            byte[] piece = new byte[PIECE];
            for (int count = 0; count < FLOOD; count++) {
                random.nextBytes(piece);
                digest.update(piece);
                wire.send(piece);
                pieces[0] = count;
            }
            sent.set(digest.digest());
            wire.readAll();
        });
        try (Scene scene = scene(target); Wire client = scene.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            int[] last = {-1};
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                boolean stalled = pieces[0] > 0 && pieces[0] == last[0];
                last[0] = pieces[0];
                return stalled;
            });
            assertTrue(pieces[0] < FLOOD / 2, "the proxy took " + pieces[0] + " pieces");
            long held = scene.plane().plane().traffic().loops().getFirst().bufferBytes();
            assertTrue(held < 1_000_000, "the proxy holds " + held);
            skipHead(client);
            assertArrayEquals(receive(client, false, FLOOD), sent.get().length > 0 ? sent.get() : awaitDigest(sent));
        }
    }

    private static byte[] awaitDigest(AtomicReference<byte[]> digest) {
        await().until(() -> digest.get().length > 0);
        return digest.get();
    }

    /** And the other way round. */
    @Test
    void aSlowTargetHoldsTheClientBack() throws Exception {
        AtomicReference<byte[]> received = new AtomicReference<>(new byte[0]);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            skipHead(wire);
            await().until(() -> self.noted("stalled"));
            received.set(receive(wire, false, FLOOD));
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            wire.readAll();
        });
        try (Scene scene = scene(target); Wire client = scene.client()) {
            int[] pieces = {0};
            AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
            Thread uploader = Thread.ofVirtual().start(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(false, FLOOD));
                    MessageDigest digest = digest();
                    byte[] piece = new byte[PIECE];
                    for (int count = 0; count < FLOOD; count++) {
                        digest.update(piece);
                        client.send(piece);
                        pieces[0] = count;
                    }
                    sent.set(digest.digest());
                } catch (IOException failed) {
                    target.note("client could not send");
                }
            });
            int[] last = {-1};
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                boolean stalled = pieces[0] > 0 && pieces[0] == last[0];
                last[0] = pieces[0];
                return stalled;
            });
            assertTrue(pieces[0] < FLOOD / 2, "the proxy took " + pieces[0] + " pieces");
            target.note("stalled");
            assertEquals(200, client.response().status());
            uploader.join();
            assertArrayEquals(sent.get(), received.get());
        }
    }
}
