package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.http2.HpackDecoder.Fields;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Header compression by the examples of RFC 7541, appendix C, and by what it forbids. */
class HpackTest {
    private final HpackDecoder decoder = new HpackDecoder();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private List<String> decode(String hex) throws Http2Problem {
        return lines(decoder.decode(hex(hex), 0, hex(hex).length, 1 << 20, 1000));
    }

    private static List<String> lines(Fields fields) {
        return fields.list().stream().map(field -> new String(field.name(), StandardCharsets.ISO_8859_1) + "="
                + new String(field.value(), StandardCharsets.ISO_8859_1)).toList();
    }

    /** C.4: three requests on one connection, with Huffman codes. */
    @Test
    void requestsWithHuffmanCodes() throws Exception {
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/", ":authority=www.example.com"),
                decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/", ":authority=www.example.com",
                "cache-control=no-cache"), decode("8286 84be 5886 a8eb 1064 9cbf"));
        assertEquals(List.of(":method=GET", ":scheme=https", ":path=/index.html", ":authority=www.example.com",
                "custom-key=custom-value"), decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
    }

    /** C.2: the four ways to write a field. */
    @Test
    void fieldsAndWhetherTheyAreKept() throws Exception {
        assertEquals(List.of("custom-key=custom-header"),
                decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
        assertEquals(List.of("custom-key=custom-header"), decode("be"));
        assertEquals(List.of(":path=/sample/path"), decode("040c 2f73 616d 706c 652f 7061 7468"));
        assertEquals(List.of("password=secret"), decode("1008 7061 7373 776f 7264 0673 6563 7265 74"));
        assertThrows(Http2Problem.class, () -> decode("bf"));
        // A table of no size keeps nothing.
        assertEquals(List.of(), decode("20"));
        assertThrows(Http2Problem.class, () -> decode("be"));
    }

    @Test
    void whatIsForbidden() {
        for (String block : new String[] {
            // Field zero, a table larger than granted, a size change behind a field, a number without end.
            "80", "3fe2 1f", "8220", "ff ff ff ff ff ff ff", "7f", "41",
            // A string longer than the block, bad padding, the end as a character, eight bits of padding.
            "040c 2f", "0481 00", "0484 ffff ffff", "0482 1fff"}) {
            Http2Problem problem = assertThrows(Http2Problem.class, () -> new HpackDecoder().decode(
                    hex(block), 0, hex(block).length, 1000, 10), block);
            assertEquals(Http2Problem.COMPRESSION_ERROR, problem.code());
        }
    }

    @Test
    void longListsAreReadButNotKept() throws Exception {
        byte[] block = FrameClient.block("a: " + "x".repeat(500), "b: y", "c: z");
        Fields fields = decoder.decode(block, 0, block.length, 100, 10);
        assertTrue(fields.tooLarge());
        assertTrue(decoder.decode(block, 0, block.length, 10_000, 2).tooLarge());
        assertEquals(3, decoder.decode(block, 0, block.length, 10_000, 3).list().size());
    }

    /** What we write, our reader and so any other reads. */
    @Test
    void writtenBlocksAreRead() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        HpackWriter writer = new HpackWriter();
        for (int round = 0; round < 2_000; round++) {
            int status = 100 + random.nextInt(500);
            String value = "v".repeat(random.nextInt(1 + random.nextInt(20_000)));
            byte[] line = ("Content-Type: " + value).getBytes(StandardCharsets.ISO_8859_1);
            writer.restart().status(status).field(line, 0, 12, 14, line.length).field(line, 0, 7, 14, line.length);
            assertEquals(List.of(":status=" + status, "content-type=" + value, "content=" + value),
                    lines(decoder.decode(writer.bytes(), 0, writer.size(), 1 << 20, 10)));
        }
    }

    /** Garbage is refused or read, and nothing else happens. */
    @Test
    void garbage() {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 100_000; round++) {
            byte[] block = new byte[random.nextInt(40)];
            random.nextBytes(block);
            try {
                decoder.decode(block, 0, block.length, 4096, 100);
            } catch (Http2Problem refused) {
                assertEquals(Http2Problem.COMPRESSION_ERROR, refused.code());
            }
        }
    }
}
