package io.halite.config.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record of numbered fields in protobuf's wire format, without a schema compiler: a reader of another
 * version skips the fields it does not know. Absent and zero are the same, as in proto3. Confined to one thread.
 */
public final class RecordWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** Writes a text; an empty or null one takes no space. */
    public RecordWriter text(int field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return this;
        }
        return put(() -> out.writeString(field, value));
    }

    /** Writes a number; 0 takes no space. */
    public RecordWriter number(int field, long value) {
        return value == 0 ? this : put(() -> out.writeSInt64(field, value));
    }

    /** Writes a flag; false takes no space. */
    public RecordWriter flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    /** Writes bytes, also empty ones, so that presence itself can say something. */
    public RecordWriter bytes(int field, byte[] value) {
        return put(() -> out.writeBytes(field, ByteString.copyFrom(value)));
    }

    /** Writes a record within this one. */
    public RecordWriter record(int field, RecordWriter value) {
        return bytes(field, value.toBytes());
    }

    /** What was written so far. */
    public byte[] toBytes() {
        put(out::flush);
        return bytes.toByteArray();
    }

    private RecordWriter put(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }
}
