package io.halite.proxy.http;

import io.halite.proxy.route.PathRewrite;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.route.RouteEffects;
import org.jspecify.annotations.Nullable;

/** Writes the head of a request as a target gets it: RFC 9110 §7.6 and the headers that tell of the client. */
final class RequestWriter {
    private static final byte[] VERSION = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] HOST = Ascii.bytes("Host: ");
    private static final byte[] HOST_NAME = Ascii.bytes("host");
    private static final byte[] UPGRADE = Ascii.bytes("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] TRAILERS = Ascii.bytes("Connection: TE\r\nTE: trailers\r\n");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] MAX_FORWARDS = Ascii.bytes("Max-Forwards: ");
    static final byte[] FORWARDED_HOST = Ascii.bytes("X-Forwarded-Host: ");
    private static final byte[] REQUEST_ID = Ascii.bytes("X-Request-Id: ");
    private static final byte[] END_LINE = Ascii.bytes("\r\n");

    private RequestWriter() {}

    /** Writes the head of the exchange's request. */
    static void write(HeadWriter out, Exchange exchange) {
        Request request = exchange.request;
        byte[] bytes = request.head.bytes();
        out.restart();
        RouteEffects effects = exchange.effects();
        out.put(bytes, request.head.methodStart(), request.head.methodEnd()).put(' ');
        target(out, exchange, effects.path());
        out.put(VERSION);
        byte[] host = effects.host();
        if (host != null) {
            out.put(HOST).put(host).put(END_LINE);
        } else if (request.authorityStart == Request.ABSENT) {
            out.put(HOST).put(Ascii.bytes(exchange.targetAddress())).put(END_LINE);
        } else if (request.isAbsolute) {
            out.put(HOST).put(bytes, request.authorityStart, request.authorityEnd).put(END_LINE);
        }
        int hostLine = host == null ? -1 : request.head.header(HOST_NAME, 0);
        if (hostLine >= 0) {
            request.lines.cut(hostLine);
        }
        byte[] identity = exchange.client().known().identityLine();
        if (identity.length > 0) {
            cutAll(request, ClientIdentity.NAME);
        }
        request.lines.copyTo(bytes, out);
        if (request.upgrade) {
            out.put(UPGRADE).put(bytes, request.upgradeStart, request.upgradeEnd).put(END_LINE);
        } else if (request.acceptsTrailers) {
            out.put(TRAILERS);
        }
        if (request.chunked) {
            out.put(CHUNKED);
        } else if (request.contentLength != Request.NO_LENGTH) {
            out.put(CONTENT_LENGTH).decimal(request.contentLength).put(END_LINE);
        }
        if (request.maxForwards != Request.ABSENT) {
            out.put(MAX_FORWARDS).decimal(request.maxForwards - 1).put(END_LINE);
        }
        if (request.fromProxy && request.isForwarded) {
            Forwarding.write(out, exchange);
        } else {
            out.put(exchange.client().known().forwardedLines());
            if (request.authorityEnd > request.authorityStart) {
                out.put(FORWARDED_HOST).put(bytes, request.authorityStart, request.authorityEnd).put(END_LINE);
            }
        }
        out.put(identity).put(REQUEST_ID);
        exchange.writeId(out);
        out.put(END_LINE);
        if (!effects.requestHeaders().isEmpty()) {
            HeaderEditor.apply(out, effects.requestHeaders());
        }
        out.put(END_LINE);
    }

    private static void cutAll(Request request, byte[] name) {
        for (int line = request.head.header(name, 0); line >= 0; line = request.head.header(name, line + 1)) {
            request.lines.cut(line);
        }
    }

    private static void target(HeadWriter out, Exchange exchange, @Nullable PathRewrite rewrite) {
        RequestHead head = exchange.request.head;
        byte[] beginning = exchange.dispatch().rewrittenPath();
        if (rewrite == null || beginning == null) {
            out.put(head.bytes(), head.pathStart(), head.queryEnd());
        } else {
            out.put(beginning).put(head.bytes(), rewrite.kept(head), head.queryEnd());
        }
    }
}
