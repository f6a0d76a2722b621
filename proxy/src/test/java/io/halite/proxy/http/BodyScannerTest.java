package io.halite.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyScannerTest {
    private final BodyScanner scanner = new BodyScanner();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aBodyOfKnownLengthEndsThere() {
        scanner.length(5);
        assertEquals(3, scanner.scan(bytes("abc"), 0, 3));
        assertFalse(scanner.isDone());
        assertEquals(2, scanner.scan(bytes("defg"), 0, 4));
        assertTrue(scanner.isDone());
        assertEquals(0, scanner.scan(bytes("x"), 0, 1));
        scanner.length(0);
        assertTrue(scanner.isDone());
        scanner.none();
        assertTrue(scanner.isDone());
    }

    @Test
    void aBodyUntilCloseEndsByCloseAlone() {
        scanner.untilClose();
        assertEquals(3, scanner.scan(bytes("abc"), 0, 3));
        assertFalse(scanner.isDone());
        assertTrue(scanner.endsByClose());
        scanner.length(4);
        assertFalse(scanner.endsByClose());
    }

    @Test
    void surplusIsNotTaken() {
        byte[] body = bytes("1\r\nx\r\n0\r\n\r\nGET /");
        scanner.chunked();
        assertEquals(body.length - 5, scanner.scan(body, 0, body.length));
        assertTrue(scanner.isDone());
        assertEquals(1, scanner.contentBytes());
    }

    /** However the octets come, position, content and verdict are the same. */
    @Test
    void piecesMakeNoDifference() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] body = randomBody(random);
            scanner.chunked();
            int whole = scanner.scan(body, 0, body.length);
            boolean done = scanner.isDone();
            boolean failed = scanner.hasFailed();
            long content = scanner.contentBytes();
            BodyScanner other = new BodyScanner();
            other.chunked();
            int at = 0;
            while (at < body.length && !other.isDone() && !other.hasFailed()) {
                int end = Math.min(body.length, at + 1 + random.nextInt(4));
                at = other.scan(body, at, end);
            }
            assertEquals(whole, at, "seed " + seed);
            assertEquals(done, other.isDone(), "seed " + seed);
            assertEquals(failed, other.hasFailed(), "seed " + seed);
            assertEquals(content, other.contentBytes(), "seed " + seed);
        }
    }

    /** A chunked body, valid or with one octet changed. */
    private static byte[] randomBody(Random random) {
        StringBuilder text = new StringBuilder();
        for (int chunk = random.nextInt(4); chunk > 0; chunk--) {
            int size = 1 + random.nextInt(20);
            text.append(Integer.toHexString(size)).append(random.nextInt(3) == 0 ? ";a=\"b\"" : "").append("\r\n");
            text.append("d".repeat(size)).append("\r\n");
        }
        text.append("0\r\n").append(random.nextBoolean() ? "X-T: v\r\n" : "").append("\r\nNEXT");
        byte[] body = bytes(text.toString());
        if (random.nextBoolean()) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }
}
