package io.halite.config.store;

import java.nio.charset.StandardCharsets;

/** Texts as keys and values of tables. Stateless. */
final class Keys {
    private Keys() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
