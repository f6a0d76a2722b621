package io.halite.health.probe.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSearchTest {

    @Test
    void findsExactlyWhatContainsFindsHoweverTheBytesArrive() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String needle = text(random, 1 + random.nextInt(6));
            String hay = text(random, random.nextInt(40));
            TextSearch search = new TextSearch(needle);
            ByteBuffer bytes = ByteBuffer.wrap(hay.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                search.feed(bytes, Math.min(bytes.remaining(), 1 + random.nextInt(7)));
            }
            assertEquals(hay.contains(needle), search.isFound(), "seed " + seed + ": " + needle + " in " + hay);
        }
    }

    @Test
    void anEmptyTextIsEverywhere() {
        assertTrue(new TextSearch("").feed(ByteBuffer.allocate(0), 0));
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
