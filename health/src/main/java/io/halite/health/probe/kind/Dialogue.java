package io.halite.health.probe.kind;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one probe says over its connection, and what it makes of the answer, a piece at a time. It never waits, so that
 * many can be held by one thread ({@link DialogueLoop}). One use, one thread.
 */
interface Dialogue {
    int BUFFER = 4 << 10;

    /** What is said first, in full before anything is heard; empty for nothing. Not to be changed. */
    byte[] opening();

    /** All of the opening has been sent: the result, or null when it depends on the answer. */
    @Nullable ProbeResult opened();

    /** More of the answer has come: the result, or null while it needs more. May leave bytes of no interest. */
    @Nullable ProbeResult heard(ByteBuffer bytes) throws IOException;

    /** The target said its last word. An exception is what is wrong with ending here. */
    ProbeResult ended() throws IOException;

    /** Holds the dialogue over blocking streams. */
    default ProbeResult over(InputStream in, OutputStream out) throws IOException {
        out.write(opening());
        ProbeResult result = opened();
        byte[] buffer = new byte[BUFFER];
        while (result == null) {
            int count = in.read(buffer);
            result = count < 0 ? ended() : heard(ByteBuffer.wrap(buffer, 0, count));
        }
        return result;
    }
}
