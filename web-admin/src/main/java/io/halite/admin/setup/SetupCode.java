package io.halite.admin.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The code that proves that someone sees the node's console: twelve characters of Crockford's base 32, 60 bits. It is
 * kept in a file for its owner alone, so that it survives a restart, and replaced after ten wrong ones. Safe for use by
 * many threads.
 */
public final class SetupCode {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 12;
    private static final int GROUP = 4;
    private static final int MAX_WRONG = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Writer writer;
    private final Consumer<String> announce;
    // guarded by this
    private String code;
    private int wrong;

    /** Writes a file that only its owner may read. */
    @FunctionalInterface
    public interface Writer {
        void write(Path file, byte[] content) throws IOException;
    }

    private SetupCode(Path file, Writer writer, Consumer<String> announce, String code) {
        this.file = file;
        this.writer = writer;
        this.announce = announce;
        this.code = code;
    }

    /**
     * The code of a file, or a new one.
     *
     * @param announce shows a code to whoever is at the console, this one at once
     */
    public static SetupCode open(Path file, Writer writer, Consumer<String> announce) throws IOException {
        String kept = Files.exists(file) ? normal(Files.readString(file)) : "";
        SetupCode code = new SetupCode(file, writer, announce, kept);
        if (kept.length() == LENGTH) {
            announce.accept(shown(kept));
        } else {
            code.replace();
        }
        return code;
    }

    private void replace() throws IOException {
        StringBuilder made = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            made.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        writer.write(file, (shown(made.toString()) + "\n").getBytes(StandardCharsets.US_ASCII));
        code = made.toString();
        wrong = 0;
        announce.accept(shown(code));
    }

    private static String shown(String code) {
        return code.substring(0, GROUP) + "-" + code.substring(GROUP, 2 * GROUP) + "-" + code.substring(2 * GROUP);
    }

    /** As people type it: small letters, other separators, and what looks alike. */
    private static String normal(String typed) {
        return typed.toUpperCase(Locale.ROOT).replaceAll("[^0-9A-Z]", "").replace('O', '0').replace('I', '1')
                .replace('L', '1');
    }

    /** Whether this is the code. */
    synchronized boolean matches(String typed) throws IOException {
        boolean right = MessageDigest.isEqual(normal(typed).getBytes(StandardCharsets.US_ASCII),
                code.getBytes(StandardCharsets.US_ASCII));
        wrong = right ? 0 : wrong + 1;
        if (wrong >= MAX_WRONG) {
            replace();
        }
        return right;
    }
}
