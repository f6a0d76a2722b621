package io.halite.proxy.http;

import io.halite.proxy.http2.StatusPhrase;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.HeaderRules;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.route.RequestHead;

/** Writes the answers that the proxy gives by itself: errors, redirects and fixed responses. */
final class OwnAnswer {
    /** What a gateway passes on, as Allow says it. */
    static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final byte[][] STATUS_LINES = statusLines();

    private static final byte[] TEXT = Ascii.bytes("Content-Type: text/plain; charset=utf-8\r\n");
    private static final byte[] JSON = Ascii.bytes("Content-Type: application/json\r\n");
    private static final byte[] NO_STORE = Ascii.bytes("Cache-Control: no-store\r\n");
    private static final byte[] ALLOW = Ascii.bytes("Allow: " + METHODS + "\r\n");
    private static final byte[] RETRY_AFTER = Ascii.bytes("Retry-After: 1\r\n");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] NO_CONTENT = Ascii.bytes("Content-Length: 0\r\n");
    private static final byte[] LOCATION = Ascii.bytes("Location: ");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final byte[] REQUEST_ID = Ascii.bytes("X-Request-Id: ");
    private static final byte[] END_LINE = Ascii.bytes("\r\n");
    private static final byte[] JSON_END = Ascii.bytes("\"}\n");
    private static final byte[] TEXT_END = Ascii.bytes("\n");

    private OwnAnswer() {}

    /**
     * Writes an error with its reason and the request's id.
     *
     * @param sentence for people, one line; usually the reason's own
     */
    static void error(HeadWriter out, Exchange exchange, Reason reason, String sentence, boolean keepAlive) {
        if (exchange.request.isGrpc && exchange.client().isHttp2Stream()) {
            call(out, exchange, reason, sentence);
            return;
        }
        boolean json = exchange.request.acceptsJson;
        byte[] body = json ? Ascii.bytes("{\"status\":" + reason.status() + ",\"code\":\"" + reason.name()
                        + "\",\"message\":\"" + sentence.replace("\\", "\\\\").replace("\"", "\\\"")
                        + "\",\"requestId\":\"")
                : Ascii.bytes(reason.status() + " " + StatusPhrase.of(reason.status()) + "\n" + sentence + "\ncode: "
                        + reason.name() + "\nrequest id: ");
        byte[] bodyEnd = json ? JSON_END : TEXT_END;
        statusLine(out, reason.status());
        out.put(exchange.http().date.line()).put(json ? JSON : TEXT).put(NO_STORE);
        if (reason == Reason.METHOD_NOT_ALLOWED) {
            out.put(ALLOW);
        } else if (reason == Reason.QUEUE_FULL || reason == Reason.QUEUE_TIMEOUT) {
            out.put(RETRY_AFTER);
        }
        out.put(CONTENT_LENGTH).decimal((long) body.length + exchange.idLength() + bodyEnd.length).put(END_LINE);
        connection(out, exchange, keepAlive);
        out.put(REQUEST_ID);
        exchange.writeId(out);
        end(out.put(END_LINE), exchange);
        if (!exchange.request.isHead) {
            out.put(body);
            exchange.writeId(out);
            out.put(bodyEnd);
        }
    }

    /** Writes an error as a gRPC call hears it. */
    private static void call(HeadWriter out, Exchange exchange, Reason reason, String sentence) {
        statusLine(out, 200);
        out.put(exchange.http().date.line());
        Grpc.failure(out, reason, sentence);
        out.put(REQUEST_ID);
        exchange.writeId(out);
        end(out.put(END_LINE), exchange);
    }

    /** Writes the head of an answer that a route has ready; the body follows from elsewhere. */
    static void head(HeadWriter out, Exchange exchange, ReadyAnswer answer, boolean keepAlive) {
        statusLine(out, answer.status());
        out.put(exchange.http().date.line());
        connection(out, exchange, keepAlive);
        end(out.put(answer.fields()), exchange);
    }

    /** Writes a redirect to what is partly taken from the request. */
    static void redirect(
            HeadWriter out, Exchange exchange, CompiledAction.RedirectTo redirect, boolean keepAlive) {
        RequestHead head = exchange.request.head;
        statusLine(out, redirect.status());
        out.put(exchange.http().date.line());
        connection(out, exchange, keepAlive);
        out.put(NO_CONTENT).put(LOCATION);
        out.moveTo(redirect.location().write(head, exchange.isSecure(), out.buffer().bytes(), out.length()));
        end(out.put(END_LINE), exchange);
    }

    /** The lines are written: what the route changes of them, and the empty line. */
    private static void end(HeadWriter out, Exchange exchange) {
        HeaderRules rules = exchange.effects().responseHeaders();
        if (!rules.isEmpty()) {
            HeaderEditor.apply(out, rules);
        }
        out.put(END_LINE);
    }

    private static void statusLine(HeadWriter out, int status) {
        out.restart().put(STATUS_LINES[status]);
    }

    private static void connection(HeadWriter out, Exchange exchange, boolean keepAlive) {
        if (!keepAlive) {
            out.put(CLOSE);
        } else if (exchange.request.minor == 0) {
            out.put(KEEP_ALIVE);
        }
    }

    private static byte[][] statusLines() {
        byte[][] lines = new byte[600][];
        for (int status = 0; status < lines.length; status++) {
            lines[status] = Ascii.bytes("HTTP/1.1 " + status + " " + StatusPhrase.of(status) + "\r\n");
        }
        return lines;
    }
}
