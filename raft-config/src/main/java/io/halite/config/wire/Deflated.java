package io.halite.config.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes that are compressed where it pays: one leading byte says which. Stateless. */
public final class Deflated {
    private static final byte PLAIN = 1;
    private static final byte DEFLATED = 2;
    private static final int WORTHWHILE = 1024;

    private Deflated() {}

    /** Packs bytes. */
    public static byte[] pack(byte[] bytes) {
        if (bytes.length < WORTHWHILE) {
            return plain(bytes);
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
            out.write(DEFLATED);
            byte[] buffer = new byte[16 << 10];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.size() <= bytes.length ? out.toByteArray() : plain(bytes);
        } finally {
            deflater.end();
        }
    }

    private static byte[] plain(byte[] bytes) {
        byte[] packed = new byte[bytes.length + 1];
        packed[0] = PLAIN;
        System.arraycopy(bytes, 0, packed, 1, bytes.length);
        return packed;
    }

    /**
     * Unpacks bytes.
     *
     * @throws MalformedRecordException when they are not packed, or would be larger than the limit
     */
    public static byte[] unpack(byte[] packed, int limit) {
        if (packed.length == 0) {
            throw new MalformedRecordException("no bytes");
        }
        return switch (packed[0]) {
            case PLAIN -> Arrays.copyOfRange(packed, 1, packed.length);
            case DEFLATED -> inflate(packed, limit);
            default -> throw new MalformedRecordException("unknown packing " + packed[0]);
        };
    }

    private static byte[] inflate(byte[] packed, int limit) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed, 1, packed.length - 1);
            ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 4);
            byte[] buffer = new byte[16 << 10];
            while (!inflater.finished()) {
                int read = inflater.inflate(buffer);
                if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new MalformedRecordException("the compressed bytes end too early");
                }
                out.write(buffer, 0, read);
                if (out.size() > limit) {
                    throw new MalformedRecordException("larger than " + limit + " bytes when unpacked");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new MalformedRecordException("damaged compressed bytes", e);
        } finally {
            inflater.end();
        }
    }
}
