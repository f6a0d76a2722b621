package io.halite.proxy.http2;

import java.nio.charset.StandardCharsets;

/** Names of fields that mean something between two messages. Stateless. */
final class FieldNames {
    static final byte[] CONTENT_LENGTH = bytes("content-length");
    static final byte[] TRANSFER_ENCODING = bytes("transfer-encoding");
    static final byte[] HOST = bytes("host");
    static final byte[] COOKIE = bytes("cookie");
    static final byte[] ACCEPTED_KEY = bytes("sec-websocket-accept");
    private static final byte[] CONNECTION = bytes("connection");
    private static final byte[] KEEP_ALIVE = bytes("keep-alive");
    private static final byte[] PROXY_CONNECTION = bytes("proxy-connection");
    private static final byte[] UPGRADE = bytes("upgrade");

    private FieldNames() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether these octets are the name, in upper or lower case. */
    static boolean is(byte[] name, byte[] text, int start, int end) {
        if (end - start != name.length) {
            return false;
        }
        for (int at = 0; at < name.length; at++) {
            if (lower(text[start + at]) != name[at]) {
                return false;
            }
        }
        return true;
    }

    /** An octet in lower case. */
    static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /** RFC 9113 §8.2.2: whether a field is of one connection, not of a message, and has no place in HTTP/2. */
    static boolean isOfConnection(byte[] text, int start, int end) {
        return switch (end - start) {
            case 7 -> is(UPGRADE, text, start, end);
            case 10 -> is(CONNECTION, text, start, end) || is(KEEP_ALIVE, text, start, end);
            case 16 -> is(PROXY_CONNECTION, text, start, end);
            case 17 -> is(TRANSFER_ENCODING, text, start, end);
            default -> false;
        };
    }
}
