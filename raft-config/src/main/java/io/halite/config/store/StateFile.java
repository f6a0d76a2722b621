package io.halite.config.store;

import io.halite.config.wire.MalformedRecordException;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A state as one flat file, whatever RocksDB's version: the Raft snapshot, the last known good and the heart of a
 * backup. Magic and format, then compressed rows and their count, then the SHA-256 of all before it. Stateless.
 */
public final class StateFile {
    private static final byte[] MAGIC = "HLTSTATE".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int MAX_ROW = 64 << 20;
    private static final int BATCH_BYTES = 1 << 20;

    private StateFile() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Starts a file. */
    static Writer create(Path file) throws IOException {
        return new Writer(file);
    }

    /** Writes rows; without {@link #finish} the file is worthless and says so when read. Confined to one thread. */
    static final class Writer implements AutoCloseable {
        private final FileOutputStream file;
        private final MessageDigest digest = sha256();
        private final OutputStream raw;
        private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        private final DeflaterOutputStream packed;
        private final DataOutputStream rows;
        private long count;

        private Writer(Path path) throws IOException {
            file = new FileOutputStream(path.toFile());
            raw = new DigestOutputStream(new BufferedOutputStream(file), digest);
            raw.write(MAGIC);
            raw.write(FORMAT);
            packed = new DeflaterOutputStream(raw, deflater, 8 << 10);
            rows = new DataOutputStream(packed);
        }

        void row(Table table, byte[] key, byte[] value) {
            record(new RecordWriter().number(1, table.number).bytes(2, key).bytes(3, value).toBytes());
            count++;
        }

        private void record(byte[] record) {
            try {
                rows.writeInt(record.length);
                rows.write(record);
            } catch (IOException e) {
                throw new UncheckedIOException("writing a state file failed", e);
            }
        }

        /** Ends the file and makes it survive a power cut. */
        void finish() throws IOException {
            record(new RecordWriter().number(4, count + 1).toBytes());
            rows.flush();
            packed.finish();
            raw.write(digest.digest());
            raw.flush();
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            deflater.end();
            file.close();
        }
    }

    /** Takes rows of a table; tables that this version does not know are left out. */
    @FunctionalInterface
    interface RowSink {
        void take(Table table, byte[] key, byte[] value);
    }

    /**
     * Checks a file as a whole, then reads its rows.
     *
     * @throws IOException when it is damaged, incomplete, or of a format that this version does not know
     */
    static void read(Path file, RowSink sink) throws IOException {
        verify(file);
        try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()))) {
            in.skipNBytes(MAGIC.length + 1);
            DataInputStream rows = new DataInputStream(new BufferedInputStream(new InflaterInputStream(in)));
            long count = 0;
            while (true) {
                int length = rows.readInt();
                if (length < 0 || length > MAX_ROW) {
                    throw new IOException(file + " is damaged: a row of " + length + " bytes");
                }
                RecordReader record = RecordReader.of(rows.readNBytes(length));
                if (record.has(4)) {
                    require(record.number(4) == count + 1, file, "rows are missing");
                    return;
                }
                count++;
                deliver(record, sink);
            }
        } catch (EOFException | MalformedRecordException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static void deliver(RecordReader record, RowSink sink) {
        for (Table table : Table.values()) {
            if (table.number == record.number(1)) {
                sink.take(table, record.bytes(2), record.bytes(3));
            }
        }
    }

    private static void verify(Path file) throws IOException {
        long length = Files.size(file);
        require(length > MAGIC.length + 1 + DIGEST_BYTES, file, "it ends too early");
        MessageDigest digest = sha256();
        try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()))) {
            DigestInputStream digested = new DigestInputStream(in, digest);
            byte[] magic = digested.readNBytes(MAGIC.length);
            require(Arrays.equals(magic, MAGIC), file, "it is no state file of Halite");
            int format = digested.read();
            require(format == FORMAT, file, "it has format " + format + ", this version reads format " + FORMAT);
            byte[] buffer = new byte[64 << 10];
            long left = length - MAGIC.length - 1 - DIGEST_BYTES;
            while (left > 0) {
                int read = digested.read(buffer, 0, (int) Math.min(buffer.length, left));
                require(read > 0, file, "it ends too early");
                left -= read;
            }
            byte[] expected = in.readNBytes(DIGEST_BYTES);
            require(MessageDigest.isEqual(expected, digest.digest()), file, "its checksum does not match");
        }
    }

    private static void require(boolean condition, Path file, String what) throws IOException {
        if (!condition) {
            throw new IOException(file + " cannot be used: " + what);
        }
    }

    /** Reads a file into empty tables. */
    static void load(Path file, StateDb db) throws IOException {
        StateDb.Batch[] batch = {db.batch()};
        try {
            read(file, (table, key, value) -> {
                batch[0].put(table, key, value);
                if (batch[0].bytes() > BATCH_BYTES) {
                    db.write(batch[0]);
                    batch[0].close();
                    batch[0] = db.batch();
                }
            });
            db.write(batch[0]);
        } finally {
            batch[0].close();
        }
    }
}
