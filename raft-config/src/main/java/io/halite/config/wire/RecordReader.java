package io.halite.config.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one record that {@link RecordWriter} wrote; unknown ones are kept aside. Immutable. */
public final class RecordReader {
    private final Map<Integer, List<Object>> fields;

    private RecordReader(Map<Integer, List<Object>> fields) {
        this.fields = fields;
    }

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException when the bytes are no record
     */
    public static RecordReader of(byte[] bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.enableAliasing(false);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                Object value = value(in, tag);
                if (value != null) {
                    fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), n -> new ArrayList<>()).add(value);
                }
            }
        } catch (IOException e) {
            throw new MalformedRecordException("not a record: " + e.getMessage(), e);
        }
        return new RecordReader(fields);
    }

    private static @Nullable Object value(CodedInputStream in, int tag) throws IOException {
        return switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> in.readSInt64();
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.readByteArray();
            default -> {
                in.skipField(tag);
                yield null;
            }
        };
    }

    /** Whether the field is there. */
    public boolean has(int field) {
        return fields.containsKey(field);
    }

    /** A text; empty when absent. */
    public String text(int field) {
        byte[] bytes = last(field, byte[].class);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number; 0 when absent. */
    public long number(int field) {
        Long number = last(field, Long.class);
        return number == null ? 0 : number;
    }

    /** A flag; false when absent. */
    public boolean flag(int field) {
        return number(field) != 0;
    }

    /** Bytes; empty when absent. */
    public byte[] bytes(int field) {
        byte[] bytes = last(field, byte[].class);
        return bytes == null ? new byte[0] : bytes;
    }

    /** A record within this one; without fields when absent. */
    public RecordReader record(int field) {
        return of(bytes(field));
    }

    /** All records of a repeated field, in order. */
    public List<RecordReader> records(int field) {
        return allBytes(field).stream().map(RecordReader::of).toList();
    }

    /** All bytes of a repeated field, in order. */
    public List<byte[]> allBytes(int field) {
        List<byte[]> all = new ArrayList<>();
        for (Object value : fields.getOrDefault(field, Collections.emptyList())) {
            if (value instanceof byte[] bytes) {
                all.add(bytes);
            }
        }
        return all;
    }

    private <T> @Nullable T last(int field, Class<T> type) {
        List<Object> values = fields.get(field);
        Object value = values == null ? null : values.getLast();
        return type.isInstance(value) ? type.cast(value) : null;
    }
}
