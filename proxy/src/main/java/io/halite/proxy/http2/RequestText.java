package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an HTTP/2 request as the head of an HTTP/1.1 request. Strict, because here lies the way to smuggle one
 * request in another: what RFC 9113 §8.2 and §8.3 call malformed never becomes text. Stateless but for one request.
 */
final class RequestText {
    /** RFC 9113 §8.2.2: what is of one connection has no place in HTTP/2. */
    private static final Set<String> OF_A_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    /** RFC 9110 §6.5.1: what says where a message goes or ends comes too late there. */
    private static final Set<String> NOT_IN_TRAILERS = Set.of("content-length", "host", "te");
    private static final byte[] END_LINE = {'\r', '\n'};

    private final ByteArrayOutputStream text = new ByteArrayOutputStream(512);
    private byte @Nullable [] method;
    private byte @Nullable [] path;
    private byte @Nullable [] authority;
    private boolean hasScheme;
    private byte @Nullable [] host;
    private byte @Nullable [] cookies;
    private long contentLength = -1;
    private boolean regular;

    private RequestText() {}

    /**
     * Turns the fields into text.
     *
     * @param hasBody whether a body follows, which comes in chunks unless its length is known
     */
    static RequestText of(List<Field> fields, boolean hasBody) throws Http2Problem {
        RequestText request = new RequestText();
        for (Field field : fields) {
            request.take(field);
        }
        request.finish(hasBody);
        return request;
    }

    /** The fields behind a body as trailer lines. */
    static byte[] trailers(List<Field> fields) throws Http2Problem {
        RequestText request = new RequestText();
        for (Field field : fields) {
            String name = request.name(field);
            if (name.startsWith(":") || OF_A_CONNECTION.contains(name) || NOT_IN_TRAILERS.contains(name)) {
                throw malformed("a field that has no place among the trailers");
            }
            request.line(name, field.value());
        }
        return request.text.toByteArray();
    }

    byte[] bytes() {
        return text.toByteArray();
    }

    boolean isHead() {
        return Arrays.equals(method, "HEAD".getBytes(StandardCharsets.US_ASCII));
    }

    boolean isConnect() {
        return Arrays.equals(method, "CONNECT".getBytes(StandardCharsets.US_ASCII));
    }

    /** Negative when it was not said. */
    long contentLength() {
        return contentLength;
    }

    private void take(Field field) throws Http2Problem {
        String name = name(field);
        byte[] value = field.value();
        switch (name) {
            case ":method" -> method = once(method, value);
            case ":path" -> path = once(path, value);
            case ":authority" -> authority = once(authority, value);
            case ":scheme" -> {
                if (hasScheme) {
                    throw malformed("a pseudo-header field twice");
                }
                hasScheme = true;
            }
            case "host" -> host = once(host, value);
            case "cookie" -> cookies = cookies == null ? value : joined(cookies, value);
            case "content-length" -> contentLength = length(value);
            case "te" -> {
                if (!new String(value, StandardCharsets.ISO_8859_1).equals("trailers")) {
                    throw malformed("te is something else than trailers");
                }
                line(name, value);
            }
            default -> {
                if (name.startsWith(":") || OF_A_CONNECTION.contains(name)) {
                    throw malformed("a field that a request must not have");
                }
                line(name, value);
            }
        }
        if (name.startsWith(":") && regular) {
            throw malformed("a pseudo-header field behind others");
        }
        regular |= !name.startsWith(":");
    }

    /** The name, once it and the value are such as may stand in text. */
    private String name(Field field) throws Http2Problem {
        byte[] name = field.name();
        for (int at = 0; at < name.length; at++) {
            int octet = name[at];
            boolean token = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0;
            if (!token && !(at == 0 && octet == ':' && name.length > 1)) {
                throw malformed("a character that a field's name must not have");
            }
        }
        byte[] value = field.value();
        for (byte octet : value) {
            if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7F) {
                throw malformed("a character that a field's value must not have");
            }
        }
        boolean padded = value.length > 0 && (isSpace(value[0]) || isSpace(value[value.length - 1]));
        if (name.length == 0 || padded) {
            throw malformed("a field without a name, or a value between spaces");
        }
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private byte[] once(byte @Nullable [] before, byte[] value) throws Http2Problem {
        if (before != null) {
            throw malformed("a field twice that may be there once");
        }
        for (byte octet : value) {
            if (octet == ' ' || octet == '\t') {
                throw malformed("a space where a request line has none");
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

    private long length(byte[] value) throws Http2Problem {
        long length = 0;
        for (byte octet : value) {
            if (octet < '0' || octet > '9' || length > Long.MAX_VALUE / 100) {
                throw malformed("a length that is no number");
            }
            length = 10 * length + octet - '0';
        }
        if (value.length == 0 || (contentLength >= 0 && contentLength != length)) {
            throw malformed("no length, or two");
        }
        return length;
    }

    private void line(String name, byte[] value) {
        text.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        text.write(':');
        text.write(' ');
        text.writeBytes(value);
        text.writeBytes(END_LINE);
    }

    private void finish(boolean hasBody) throws Http2Problem {
        byte[] verb = method;
        byte[] target = path;
        if (isConnect()) {
            return;
        }
        if (verb == null || verb.length == 0 || target == null || !hasScheme || target.length == 0
                || (target[0] != '/' && !(target.length == 1 && target[0] == '*'))) {
            throw malformed("a request without a method, a scheme or a path");
        }
        if (authority != null && host != null && !Arrays.equals(authority, host)) {
            throw malformed("two hosts");
        }
        if (!hasBody && contentLength > 0) {
            throw malformed("a length without a body");
        }
        byte[] lines = text.toByteArray();
        text.reset();
        text.writeBytes(verb);
        text.write(' ');
        text.writeBytes(target);
        text.writeBytes(" HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] named = authority != null ? authority : host;
        if (named != null) {
            line("host", named);
        }
        text.writeBytes(lines);
        if (cookies != null) {
            line("cookie", cookies);
        }
        if (contentLength >= 0) {
            line("content-length", Long.toString(contentLength).getBytes(StandardCharsets.US_ASCII));
        } else if (hasBody) {
            line("transfer-encoding", "chunked".getBytes(StandardCharsets.US_ASCII));
        }
        text.writeBytes(END_LINE);
    }

    private static Http2Problem malformed(String what) {
        return new Http2Problem(Http2Problem.PROTOCOL_ERROR, what);
    }
}
