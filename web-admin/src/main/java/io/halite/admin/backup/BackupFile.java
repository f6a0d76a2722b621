package io.halite.admin.backup;

import io.halite.admin.backup.Backup.Secret;
import io.halite.admin.backup.Backup.Source;
import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.config.wire.Deflated;
import io.halite.config.wire.MalformedRecordException;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The file of a backup. Its layout is for ever in two points, so that every version can say what is wrong with the
 * files of any other: it begins with the magic word and the number of its format, and ends with the SHA-256 of all
 * before. In between, in format 1: a record that tells where it comes from and how it is sealed, readable by everybody,
 * and the content, deflated and sealed by AES-256-GCM with a key made from the passphrase by PBKDF2 (HMAC-SHA-256). The
 * seal covers the readable record too. Stateless.
 */
public final class BackupFile {
    /** No backup is larger, packed or unpacked: one entry of the log holds no more. */
    public static final int MAX_BYTES = 48 << 20;
    /** The shortest passphrase that seals. */
    public static final int MIN_PASSPHRASE = 8;

    private static final byte[] MAGIC = "HLTBACKUP".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int HEAD_BYTES = MAGIC.length + Short.BYTES + Integer.BYTES;
    private static final int DIGEST_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BITS = 256;
    private static final int ITERATIONS = 600_000;
    /** What a file may ask for; more would be an attack on the reader's time. */
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private BackupFile() {}

    /** What a file is before it is opened. */
    public sealed interface Inspected {}

    /** What a file is once it was opened. */
    public sealed interface Opened {}

    /**
     * It cannot be read.
     *
     * @param code stable, upper snake case
     */
    public record Refused(String code, String message, String hint) implements Inspected, Opened {}

    /** It is whole and was sealed with this passphrase. */
    public record Whole(Backup backup) implements Opened {}

    /** Seals a backup. */
    public static byte[] write(Backup backup, char[] passphrase) {
        byte[] salt = random(SALT_BYTES);
        byte[] nonce = random(NONCE_BYTES);
        Source source = backup.source();
        byte[] header = new RecordWriter().text(1, source.version()).text(2, source.clusterId())
                .text(3, source.clusterName()).number(4, source.revision()).number(5, source.time().toEpochMilli())
                .bytes(6, salt).number(7, ITERATIONS).bytes(8, nonce).toBytes();
        byte[] head = ByteBuffer.allocate(HEAD_BYTES + header.length)
                .put(MAGIC).putShort((short) FORMAT).putInt(header.length).put(header).array();
        byte[] content = Deflated.pack(content(backup));
        byte[] sealed;
        try {
            sealed = cipher(Cipher.ENCRYPT_MODE, key(passphrase, salt, ITERATIONS), nonce, head).doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM and PBKDF2", e);
        }
        byte[] body = ByteBuffer.allocate(head.length + sealed.length).put(head).put(sealed).array();
        return ByteBuffer.allocate(body.length + DIGEST_BYTES).put(body).put(sha256(body, body.length)).array();
    }

    private static byte[] content(Backup backup) {
        RecordWriter record = new RecordWriter().text(1, backup.document());
        backup.secrets().forEach(secret ->
                record.record(2, new RecordWriter().text(1, secret.name()).bytes(2, secret.value())));
        backup.adminStates().forEach((target, state) -> record.record(3, new RecordWriter()
                .text(1, target.pool()).text(2, target.target()).text(3, state.key())));
        return record.toBytes();
    }

    /** Looks at a file as far as that goes without its passphrase. */
    public static Inspected inspect(byte[] file) {
        if (file.length < MAGIC.length || !Arrays.equals(MAGIC, 0, MAGIC.length, file, 0, MAGIC.length)) {
            return new Refused("NO_BACKUP", "it is no backup of Halite", "'halite backup FILE' makes one");
        }
        byte[] digest = file.length < HEAD_BYTES + DIGEST_BYTES ? new byte[0]
                : Arrays.copyOfRange(file, file.length - DIGEST_BYTES, file.length);
        if (digest.length == 0 || !MessageDigest.isEqual(digest, sha256(file, file.length - DIGEST_BYTES))) {
            return new Refused("BACKUP_DAMAGED", "the backup is damaged or cut off: its checksum does not match",
                    "copy it again from where it was made, or take another one");
        }
        ByteBuffer in = ByteBuffer.wrap(file, MAGIC.length, file.length - MAGIC.length - DIGEST_BYTES);
        int format = in.getShort();
        if (format != FORMAT) {
            return new Refused("BACKUP_NEWER", "the backup has format " + format + ", this version reads up to " + FORMAT,
                    "restore it with the version of Halite that wrote it, or a newer one");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            return new Refused("BACKUP_DAMAGED", "the backup is damaged: its head has " + length + " bytes",
                    "take another one");
        }
        byte[] header = new byte[length];
        in.get(header);
        try {
            return sealed(RecordReader.of(header), Arrays.copyOf(file, HEAD_BYTES + length),
                    Arrays.copyOfRange(file, HEAD_BYTES + length, file.length - DIGEST_BYTES));
        } catch (MalformedRecordException e) {
            return new Refused("BACKUP_DAMAGED", "the backup is damaged: " + e.getMessage(), "take another one");
        }
    }

    private static Inspected sealed(RecordReader header, byte[] head, byte[] content) {
        long iterations = header.number(7);
        if (iterations < 1 || iterations > MAX_ITERATIONS || header.bytes(8).length != NONCE_BYTES) {
            return new Refused("BACKUP_DAMAGED", "the backup does not say how it is sealed", "take another one");
        }
        Source source = new Source(header.text(2), header.text(3), header.number(4),
                Instant.ofEpochMilli(header.number(5)), header.text(1));
        return new Sealed(source, head, header, content);
    }

    /** A whole file that is not opened yet. Immutable. */
    public static final class Sealed implements Inspected {
        private final Source source;
        private final byte[] head;
        private final RecordReader header;
        private final byte[] content;

        private Sealed(Source source, byte[] head, RecordReader header, byte[] content) {
            this.source = source;
            this.head = head;
            this.header = header;
            this.content = content;
        }

        /** Where it comes from; true for sure only once it was opened. */
        public Source source() {
            return source;
        }

        /** Opens it. */
        public Opened open(char[] passphrase) {
            try {
                SecretKey key = key(passphrase, header.bytes(6), (int) header.number(7));
                byte[] packed = cipher(Cipher.DECRYPT_MODE, key, header.bytes(8), head).doFinal(content);
                return new Whole(backup(source, RecordReader.of(Deflated.unpack(packed, MAX_BYTES))));
            } catch (AEADBadTagException e) {
                return new Refused("WRONG_PASSPHRASE", "the passphrase is not the one the backup was sealed with",
                        "one that was made by 'halite backup FILE' is in FILE.key");
            } catch (IllegalArgumentException e) {
                return new Refused("BACKUP_DAMAGED", "the backup's content makes no sense: " + e.getMessage(),
                        "take another one");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has AES-GCM and PBKDF2", e);
            }
        }
    }

    private static Backup backup(Source source, RecordReader record) {
        List<Secret> secrets = new ArrayList<>();
        record.records(2).forEach(secret -> secrets.add(new Secret(secret.text(1), secret.bytes(2))));
        TreeMap<TargetRef, AdminState> states = new TreeMap<>();
        record.records(3).forEach(state ->
                states.put(new TargetRef(state.text(1), state.text(2)), adminState(state.text(3))));
        return new Backup(source, record.text(1), secrets, states);
    }

    private static AdminState adminState(String key) {
        return Arrays.stream(AdminState.values()).filter(state -> state.key().equals(key)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("unknown admin state " + key));
    }

    private static SecretKey key(char[] passphrase, byte[] salt, int iterations) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, KEY_BITS);
        try {
            return new SecretKeySpec(
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded(), "AES");
        } finally {
            spec.clearPassword();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] head) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head);
        return cipher;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
