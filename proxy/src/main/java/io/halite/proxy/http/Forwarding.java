package io.halite.proxy.http;

import io.halite.config.document.Addresses;
import io.halite.proxy.route.AddressSet;
import io.halite.proxy.route.RequestHead;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The headers by which proxies tell of clients: X-Forwarded-For, -Proto and -Host, and Forwarded (RFC 7239). Of a
 * trusted proxy they are believed and carried on with what is known here added; those of anybody else are replaced. One
 * per loop, confined to its thread; nothing allocates per request.
 */
final class Forwarding {
    private static final byte[] FOR = Ascii.bytes("x-forwarded-for");
    private static final byte[] PROTO = Ascii.bytes("x-forwarded-proto");
    private static final byte[] HOST = Ascii.bytes("x-forwarded-host");
    private static final byte[] FORWARDED = Ascii.bytes("forwarded");
    private static final byte[] FOR_PARAMETER = Ascii.bytes("for=");
    private static final byte[] HTTP = Ascii.bytes("http");
    private static final byte[] HTTPS = Ascii.bytes("https");

    private static final byte[] FOR_LINE = Ascii.bytes("X-Forwarded-For: ");
    private static final byte[] PROTO_HTTP = Ascii.bytes("X-Forwarded-Proto: http\r\n");
    private static final byte[] PROTO_HTTPS = Ascii.bytes("X-Forwarded-Proto: https\r\n");
    private static final byte[] VIA = Ascii.bytes("Via: 1.1 halite\r\n");
    private static final byte[] FORWARDED_LINE = Ascii.bytes("Forwarded: ");
    private static final byte[] SEPARATOR = Ascii.bytes(", ");
    private static final byte[] END_LINE = Ascii.bytes("\r\n");
    private static final byte[] NOTHING = {};
    private static final byte[] OPEN_SIX = Ascii.bytes("\"[");
    private static final byte[] CLOSE_SIX = Ascii.bytes("]\"");
    private static final byte[] BY_HTTP = Ascii.bytes(";proto=http\r\n");
    private static final byte[] BY_HTTPS = Ascii.bytes(";proto=https\r\n");

    private final AddressText text = new AddressText();
    /** The outermost address so far that a trusted proxy named. */
    private final byte[] four = new byte[4];
    private final byte[] six = new byte[16];

    /** The lines that tell a target of a peer that is the client itself. */
    static byte[] lines(byte[] peer, boolean secure) {
        return Ascii.bytes("X-Forwarded-For: " + literal(peer) + "\r\nX-Forwarded-Proto: "
                + (secure ? "https" : "http") + "\r\nVia: 1.1 halite\r\n");
    }

    /** Whether a header of this name is written here, so that it is not passed on as it came. */
    static boolean isWritten(byte[] bytes, int start, int end) {
        return Ascii.isWord(bytes, start, end, FOR) || Ascii.isWord(bytes, start, end, PROTO)
                || Ascii.isWord(bytes, start, end, HOST) || Ascii.isWord(bytes, start, end, FORWARDED);
    }

    /**
     * Learns from the headers of a trusted proxy who the client is: from the last address back to the first, the first
     * that is no trusted proxy itself. What is no address ends the search.
     */
    void resolve(Request request, AddressSet trusted) {
        RequestHead head = request.head;
        boolean found = head.header(FOR, 0) >= 0;
        for (int line = head.headerCount() - 1; line >= 0; line--) {
            byte[] bytes = head.bytes();
            boolean isList = Ascii.isWord(bytes, head.nameStart(line), head.nameEnd(line), found ? FOR : FORWARDED);
            if (isList && !resolve(head, head.valueStart(line), head.valueEnd(line), trusted, !found)) {
                break;
            }
        }
        int proto = head.header(PROTO, 0);
        if (proto >= 0) {
            int start = head.valueStart(proto);
            int end = head.valueEnd(proto);
            request.forwardedSecure = Ascii.isWord(head.bytes(), start, end, HTTPS);
            request.saysForwardedProto =
                    request.forwardedSecure || Ascii.isWord(head.bytes(), start, end, HTTP);
        }
    }

    /** Goes through one list from its end; false when the client is found or nothing more can be believed. */
    private boolean resolve(RequestHead head, int start, int end, AddressSet trusted, boolean parameters) {
        byte[] bytes = head.bytes();
        int elementEnd = end;
        while (elementEnd > start) {
            int comma = elementEnd;
            while (comma > start && bytes[comma - 1] != ',') {
                comma--;
            }
            int from = parameters ? parameter(bytes, comma, elementEnd) : comma;
            int to = parameters ? parameterEnd(bytes, Math.max(comma, from), elementEnd) : elementEnd;
            int length = from < 0 ? 0 : text.read(bytes, from, to);
            if (length == 0) {
                return false;
            }
            byte[] address = length == 4 ? four : six;
            System.arraycopy(text.address(), 0, address, 0, length);
            head.client(address);
            if (!trusted.contains(address)) {
                return false;
            }
            elementEnd = comma - 1;
        }
        return true;
    }

    /** Where the value of the {@code for} parameter of an element begins; -1 when it has none. */
    private static int parameter(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            boolean first = at == start || bytes[at - 1] == ';' || Ascii.isSpace(bytes[at - 1]);
            if (first && Ascii.startsWith(bytes, at, end, FOR_PARAMETER)) {
                return at + FOR_PARAMETER.length;
            }
        }
        return -1;
    }

    private static int parameterEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    /** Writes the lines for a target: what a trusted proxy said, and the proxy itself. */
    static void write(HeadWriter out, Exchange exchange) {
        Request request = exchange.request;
        ClientConnection client = exchange.client();
        RequestHead head = request.head;
        byte[] own = client.known().forwardedLines();
        int ownEnd = FOR_LINE.length;
        while (own[ownEnd] != '\r') {
            ownEnd++;
        }
        out.put(FOR_LINE);
        list(out, head, FOR);
        out.put(own, FOR_LINE.length, ownEnd).put(END_LINE);
        out.put(exchange.isSecure() ? PROTO_HTTPS : PROTO_HTTP).put(VIA);
        int host = head.header(HOST, 0);
        if (host >= 0) {
            out.put(RequestWriter.FORWARDED_HOST).put(head.bytes(), head.valueStart(host), head.valueEnd(host))
                    .put(END_LINE);
        } else if (request.authorityEnd > request.authorityStart) {
            out.put(RequestWriter.FORWARDED_HOST).put(head.bytes(), request.authorityStart, request.authorityEnd)
                    .put(END_LINE);
        }
        if (head.header(FORWARDED, 0) >= 0) {
            out.put(FORWARDED_LINE);
            list(out, head, FORWARDED);
            boolean six = client.wire().peerAddress().length > 4;
            out.put(FOR_PARAMETER).put(six ? OPEN_SIX : NOTHING).put(own, FOR_LINE.length, ownEnd)
                    .put(six ? CLOSE_SIX : NOTHING).put(client.listener().isSecure() ? BY_HTTPS : BY_HTTP);
        }
    }

    /** The values of all lines of a name, each followed by a comma. */
    private static void list(HeadWriter out, RequestHead head, byte[] name) {
        for (int line = head.header(name, 0); line >= 0; line = head.header(name, line + 1)) {
            if (head.valueEnd(line) > head.valueStart(line)) {
                out.put(head.bytes(), head.valueStart(line), head.valueEnd(line)).put(SEPARATOR);
            }
        }
    }

    private static String literal(byte[] address) {
        try {
            return Addresses.text(InetAddress.getByAddress(address));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of neither 4 nor 16 bytes", impossible);
        }
    }
}
