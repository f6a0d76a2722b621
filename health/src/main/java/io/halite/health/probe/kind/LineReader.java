package io.halite.health.probe.kind;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts lines out of bytes that come in pieces, within bounds. One use, one thread. */
final class LineReader {
    private static final int MAX_LINE = 8 << 10;
    /** Of a head and of the lines between chunks: a body of one-byte chunks is no use either. */
    private static final int MAX_TOTAL = 96 << 10;
    private static final int FIRST = 128;

    private byte[] line = new byte[FIRST];
    private int length;
    private int total;

    /** The next line without its end, or null when its end has not come yet. */
    @Nullable String next(ByteBuffer bytes) throws ProtocolException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            total++;
            if (next == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                length = 0;
                return new String(line, 0, end, StandardCharsets.ISO_8859_1);
            }
            if (length == MAX_LINE || total > MAX_TOTAL) {
                throw new ProtocolException("the head of the answer is too large");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = next;
        }
        return null;
    }
}
