package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an HTTP/2 request as the head of an HTTP/1.1 request. Strict, because here lies the way to smuggle one
 * request in another: what RFC 9113 §8.2 and §8.3 call malformed never becomes text. Used again from request to
 * request; confined to one connection.
 */
final class RequestText {
    private static final byte[] WEB_SOCKET = FieldNames.bytes("websocket");
    private static final byte[] GET = FieldNames.bytes("GET");
    private static final byte[] HEAD = FieldNames.bytes("HEAD");
    private static final byte[] CONNECT = FieldNames.bytes("CONNECT");
    private static final byte[] VERSION = FieldNames.bytes(" HTTP/1.1");
    private static final byte[] CONNECTION = FieldNames.bytes("connection");
    private static final byte[] UPGRADE = FieldNames.bytes("upgrade");
    private static final byte[] KEY = FieldNames.bytes("sec-websocket-key");
    private static final byte[] TRAILERS = FieldNames.bytes("trailers");
    private static final int KEY_SIZE = 16;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_IMPLEMENTED = 501;

    private final FieldLines lines = new FieldLines();
    private byte @Nullable [] method;
    private byte @Nullable [] path;
    private byte @Nullable [] authority;
    private boolean hasScheme;
    private byte @Nullable [] host;
    private byte @Nullable [] cookies;
    private byte @Nullable [] protocol;
    private boolean regular;

    /**
     * Turns the fields into text.
     *
     * @param hasBody whether a body follows, which comes in chunks unless its length is known
     */
    void read(List<Field> fields, boolean hasBody) throws Http2Problem {
        lines.restart();
        method = null;
        path = null;
        authority = null;
        hasScheme = false;
        host = null;
        cookies = null;
        protocol = null;
        regular = false;
        for (int at = 0; at < fields.size(); at++) {
            take(fields.get(at));
        }
        finish(hasBody);
    }

    /** The head as text; valid until the next one. */
    Octets text() {
        return lines.firstLine();
    }

    boolean isHead() {
        return Arrays.equals(method, HEAD);
    }

    private boolean isConnect() {
        return Arrays.equals(method, CONNECT);
    }

    /** Whether it asks for a WebSocket over its stream, RFC 8441: as text, it asks for one over its connection. */
    boolean isWebSocket() {
        return isConnect() && Arrays.equals(protocol, WEB_SOCKET);
    }

    /** The status that a request gets which makes no sense at a gateway; 0 for any other. */
    int refusal() {
        return !isConnect() || isWebSocket() ? 0 : protocol == null ? METHOD_NOT_ALLOWED : NOT_IMPLEMENTED;
    }

    /** Negative when it was not said. */
    long contentLength() {
        return lines.contentLength();
    }

    private void take(Field field) throws Http2Problem {
        String name = field.text();
        byte[] value = field.value();
        switch (name) {
            case ":method" -> method = once(method, value);
            case ":path" -> path = once(path, value);
            case ":authority" -> authority = once(authority, value);
            case ":scheme" -> {
                if (hasScheme) {
                    throw FieldLines.malformed("a pseudo-header field twice");
                }
                hasScheme = true;
            }
            case ":protocol" -> protocol = once(protocol, value);
            case "host" -> host = once(host, value);
            case "cookie" -> cookies = cookies == null ? value : joined(cookies, value);
            case "content-length" -> lines.length(value);
            case "te" -> {
                if (!Arrays.equals(value, TRAILERS)) {
                    throw FieldLines.malformed("te is something else than trailers");
                }
                lines.add(field);
            }
            default -> {
                if (name.startsWith(":") || FieldLines.isOfConnection(field) || name.equals("sec-websocket-key")) {
                    throw FieldLines.malformed("a field that a request must not have");
                }
                lines.add(field);
            }
        }
        if (name.startsWith(":") && regular) {
            throw FieldLines.malformed("a pseudo-header field behind others");
        }
        regular |= !name.startsWith(":");
    }

    private byte[] once(byte @Nullable [] before, byte[] value) throws Http2Problem {
        if (before != null) {
            throw FieldLines.malformed("a field twice that may be there once");
        }
        for (byte octet : value) {
            if (octet == ' ' || octet == '\t') {
                throw FieldLines.malformed("a space where a request line has none");
            }
        }
        return value;
    }

    /** RFC 9113 §8.2.3: the crumbs of a cookie are one field again. */
    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + 2 + second.length);
        joined[first.length] = ';';
        joined[first.length + 1] = ' ';
        System.arraycopy(second, 0, joined, first.length + 2, second.length);
        return joined;
    }

    private void finish(boolean hasBody) throws Http2Problem {
        byte[] verb = method;
        byte[] target = path;
        if (refusal() != 0) {
            return;
        }
        if (verb == null || verb.length == 0 || target == null || !hasScheme || target.length == 0
                || (target[0] != '/' && !(target.length == 1 && target[0] == '*'))) {
            throw FieldLines.malformed("a request without a method, a scheme or a path");
        }
        if (authority != null && host != null && !Arrays.equals(authority, host)) {
            throw FieldLines.malformed("two hosts");
        }
        if (protocol != null && !isConnect()) {
            throw FieldLines.malformed("a protocol without a tunnel");
        }
        if ((!hasBody || isWebSocket()) && lines.contentLength() > 0) {
            throw FieldLines.malformed("a length without a body");
        }
        byte[] named = authority != null ? authority : host;
        if (named != null) {
            lines.add(FieldNames.HOST, named);
        }
        if (cookies != null) {
            lines.add(FieldNames.COOKIE, cookies);
        }
        if (isWebSocket()) {
            upgrade();
            verb = GET;
        } else if (lines.contentLength() >= 0) {
            lines.addLength();
        } else if (hasBody) {
            lines.addChunked();
        }
        lines.firstLine().put(verb).put(' ').put(target).put(VERSION);
        lines.whole();
    }

    /** RFC 8441 §5.1: what HTTP/1.1 says instead, with a key that says nothing (RFC 6455 §4.1). */
    private void upgrade() {
        byte[] key = new byte[KEY_SIZE];
        ThreadLocalRandom.current().nextBytes(key);
        lines.add(CONNECTION, UPGRADE);
        lines.add(UPGRADE, WEB_SOCKET);
        lines.add(KEY, Base64.getEncoder().encode(key));
    }
}
