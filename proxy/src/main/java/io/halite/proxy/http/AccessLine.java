package io.halite.proxy.http;

import io.halite.proxy.accesslog.LogLine;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.RequestHead;
import java.util.Arrays;

/**
 * Makes the access log's line of an exchange that ends. Nothing of the query, of cookies or of credentials gets into it.
 * One per loop, confined to its thread; a line allocates nothing.
 */
final class AccessLine {
    private static final byte[] USER_AGENT = Ascii.bytes("user-agent");
    private static final byte[] TRACEPARENT = Ascii.bytes("traceparent");
    private static final int MAX_PATH = 1_024;
    private static final int MAX_AGENT = 256;

    private final LogLine line;

    AccessLine(LogLine line) {
        this.line = line;
    }

    /** Logs an exchange unless it went well and is not in the sample. */
    void log(Exchange exchange) {
        Account account = exchange.account();
        int status = account.status();
        long nanos = account.nanos();
        if (!account.hasFailed() && !line.isInSample(exchange.listener().rules().logged())) {
            return;
        }
        line.begin(nanos, exchange.listener().label());
        CompiledRoute route = exchange.dispatch().route();
        if (route != null) {
            line.text(",\"route\":\"").text(route.label()).text("\"");
        }
        TargetChoice choice = exchange.attempt().choice();
        line.target(choice.pool(), choice.target(), choice.retries());
        request(exchange);
        line.number(",\"status\":", status).traffic(exchange.bytesIn(), account.bytesOut(exchange.client()), nanos);
        if (account.upstreamNanos() >= 0) {
            line.millis(",\"upstreamMs\":", account.upstreamNanos());
        }
        headers(exchange.request.head);
        Reason reason = account.reason();
        line.end(reason == null ? null : reason.name(), account.end());
    }

    private void request(Exchange exchange) {
        Request request = exchange.request;
        RequestHead head = request.head;
        byte[] client = head.clientAddress();
        byte[] peer = exchange.client().wire().peerAddress();
        line.text(",\"client\":\"").address(client);
        if (!Arrays.equals(client, peer)) {
            line.text("\",\"proxy\":\"").address(peer);
        }
        if (head.methodEnd() > head.methodStart()) {
            line.text("\",\"method\":\"");
            escaped(head, head.methodStart(), head.methodEnd(), MAX_AGENT);
            line.text("\",\"host\":\"");
            escaped(head, head.hostStart(), head.hostEnd(), MAX_AGENT);
            line.text("\",\"path\":\"");
            escaped(head, head.pathStart(), head.pathEnd(), MAX_PATH);
            line.text("\",\"protocol\":\"").text(exchange.client().isHttp2Stream() ? "HTTP/2"
                    : request.minor == 0 ? "HTTP/1.0" : "HTTP/1.1");
        }
        line.text("\",\"requestId\":\"");
        line.moveTo(exchange.writeId(line.buffer(), line.length()));
        line.text("\"");
    }

    private void escaped(RequestHead head, int start, int end, int most) {
        line.escaped(head.bytes(), start, Math.min(end, start + most));
    }

    /** The first of each name: a client may send as many as there is room for. */
    private void headers(RequestHead head) {
        boolean hasAgent = false;
        boolean hasTrace = false;
        for (int header = 0; header < head.headerCount(); header++) {
            int nameStart = head.nameStart(header);
            int length = head.nameEnd(header) - nameStart;
            boolean isAgent = !hasAgent && length == USER_AGENT.length
                    && Ascii.isWord(head.bytes(), nameStart, nameStart + length, USER_AGENT);
            boolean isTrace = !hasTrace && length == TRACEPARENT.length
                    && Ascii.isWord(head.bytes(), nameStart, nameStart + length, TRACEPARENT);
            hasAgent |= isAgent;
            hasTrace |= isTrace;
            if (isAgent || isTrace) {
                line.text(isAgent ? ",\"userAgent\":\"" : ",\"traceparent\":\"");
                escaped(head, head.valueStart(header), head.valueEnd(header), MAX_AGENT);
                line.text("\"");
            }
        }
    }
}
