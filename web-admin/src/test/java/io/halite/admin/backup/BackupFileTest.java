package io.halite.admin.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.backup.BackupFile.Refused;
import io.halite.admin.backup.BackupFile.Sealed;
import io.halite.admin.backup.BackupFile.Whole;
import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A backup comes back as it went, and everything that can be wrong with one is told by name. */
class BackupFileTest {
    private static final char[] PASSPHRASE = "salt of the earth".toCharArray();
    private static final String CANARY = "a-key-that-nobody-may-read";
    private static final byte[] FILE = BackupFile.write(backup(), PASSPHRASE);

    private static Backup backup() {
        TreeMap<TargetRef, AdminState> states = new TreeMap<>();
        states.put(new TargetRef("app", "one"), AdminState.DRAIN);
        return new Backup(new Backup.Source("c-1", "demo", 42, Instant.ofEpochMilli(1_700_000_000_123L), "9.9"),
                "{\"apiVersion\":\"halite/v1\"}",
                List.of(new Backup.Secret("shop-key", CANARY.getBytes(StandardCharsets.UTF_8))), states);
    }

    @Test
    void itComesBackAsItWent() {
        Sealed sealed = assertInstanceOf(Sealed.class, BackupFile.inspect(FILE));
        assertEquals(backup().source(), sealed.source());
        Backup back = assertInstanceOf(Whole.class, sealed.open(PASSPHRASE)).backup();
        assertEquals(backup().document(), back.document());
        assertEquals(backup().adminStates(), back.adminStates());
        assertEquals("shop-key", back.secrets().getFirst().name());
        assertArrayEquals(CANARY.getBytes(StandardCharsets.UTF_8), back.secrets().getFirst().value());
        assertFalse(back.secrets().toString().contains(CANARY));
    }

    @Test
    void nothingOfTheContentCanBeRead() {
        String bytes = new String(FILE, StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(CANARY));
        assertFalse(bytes.contains("shop-key"));
        assertFalse(bytes.contains("halite/v1"));
        assertFalse(Arrays.equals(FILE, BackupFile.write(backup(), PASSPHRASE)), "a new salt and nonce each time");
    }

    @Test
    void anotherPassphraseDoesNotOpenIt() {
        Sealed sealed = assertInstanceOf(Sealed.class, BackupFile.inspect(FILE));
        assertEquals("WRONG_PASSPHRASE",
                assertInstanceOf(Refused.class, sealed.open("salt of the sea".toCharArray())).code());
    }

    @Test
    void everyFlippedByteAndEveryCutIsNoticed() {
        for (int i = 0; i < FILE.length; i++) {
            byte[] flipped = FILE.clone();
            flipped[i] ^= 0x10;
            assertTrue(List.of("BACKUP_DAMAGED", "NO_BACKUP").contains(code(flipped)), "byte " + i);
            assertTrue(List.of("BACKUP_DAMAGED", "NO_BACKUP").contains(code(Arrays.copyOf(FILE, i))), "cut at " + i);
        }
        assertEquals("NO_BACKUP", code("hello".getBytes(StandardCharsets.UTF_8)));
        assertEquals("NO_BACKUP", code(new byte[0]));
    }

    private static String code(byte[] file) {
        return assertInstanceOf(Refused.class, BackupFile.inspect(file)).code();
    }

    @Test
    void aNewerFormatIsNamedAsSuch() {
        byte[] newer = FILE.clone();
        newer["HLTBACKUP".length() + 1] = 2;
        Refused refused = assertInstanceOf(Refused.class, BackupFile.inspect(withRightDigest(newer)));
        assertEquals("BACKUP_NEWER", refused.code());
        assertTrue(refused.message().contains("format 2"), refused.message());
    }

    @Test
    void theReadableHeadIsSealedToo() {
        byte[] other = FILE.clone();
        String text = new String(FILE, StandardCharsets.ISO_8859_1);
        other[text.indexOf("demo")] = 'D';
        Sealed sealed = assertInstanceOf(Sealed.class, BackupFile.inspect(withRightDigest(other)));
        assertEquals("Demo", sealed.source().clusterName());
        assertEquals("WRONG_PASSPHRASE", assertInstanceOf(Refused.class, sealed.open(PASSPHRASE)).code());
    }

    private static byte[] withRightDigest(byte[] file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file, 0, file.length - 32);
            byte[] right = file.clone();
            System.arraycopy(digest.digest(), 0, right, file.length - 32, 32);
            return right;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Written by version 0.1.0; every later version must read it. */
    @Test
    void theFilesOfTheFirstVersionAreReadForEver() {
        if ("write".equals(System.getenv("HALITE_GOLDEN"))) {
            write(Path.of("src/test/resources/io/halite/admin/backup/backup-format-1.bin"));
        }
        try (InputStream in = BackupFileTest.class.getResourceAsStream("backup-format-1.bin")) {
            Sealed sealed = assertInstanceOf(Sealed.class, BackupFile.inspect(in.readAllBytes()));
            Backup back = assertInstanceOf(Whole.class, sealed.open(PASSPHRASE)).backup();
            assertEquals(backup().source(), back.source());
            assertEquals(backup().document(), back.document());
            assertEquals(backup().adminStates(), back.adminStates());
            assertArrayEquals(CANARY.getBytes(StandardCharsets.UTF_8), back.secrets().getFirst().value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path golden) {
        try {
            Files.createDirectories(golden.getParent());
            if (!Files.exists(golden)) {
                Files.write(golden, FILE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
